import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";

const root = dirname(import.meta.dirname);

/** The rooms of src/, from the bottom of the import graph to the top: a file imports only from its own room and from earlier ones. */
const order = ["base", "expr", "laws", "data", "solve", "stats", "gpu", "fit", "mixture", "validate", "api", "faces"];

/** Which room a file of src/ is in; `undefined`: in none that is known. */
function roomOf(file: string): string | undefined {
  const [first = "", second] = file.split("/");
  if (second !== undefined) return first === "cli" || first === "page" ? "faces" : order.slice(1, -2).find((room) => room === first);
  if (["errors.ts", "names.ts", "options.ts", "version.ts"].includes(first)) return "base";
  return ["api.ts", "index.ts", "node.ts", "browser.ts"].includes(first) ? "api" : undefined;
}

function filesIn(folder: string, ...endings: string[]): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  return names.filter((name) => endings.some((ending) => name.endsWith(ending))).toSorted();
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The code without its comments (and, roughly, without what looks like one inside a string). */
const code = (file: string): string =>
  read(`src/${file}`)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1");

/** What a file imports or re-exports, types included, as written. */
function specifiers(file: string): string[] {
  const pattern = /\b(?:import|export)\s(?:[\w\s{},*$]*?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...code(file).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? "");
}

const sources = filesIn("src", ".ts").filter((file) => file !== "wgsl.d.ts");
const graph = new Map(
  sources.map((file) => {
    const inner = specifiers(file).filter((specifier) => specifier.startsWith(".") && specifier.endsWith(".ts"));
    return [file, inner.map((specifier) => posix.join(posix.dirname(file), specifier))];
  }),
);

describe("the import graph", () => {
  test("is read", () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test("respects the order of the rooms", () => {
    const rank = (file: string): number => order.indexOf(roomOf(file) ?? "");
    const wrong = [...graph].flatMap(([file, imports]) =>
      imports.filter((other) => rank(other) > rank(file)).map((other) => `${file} imports ${other}`),
    );
    // The command line and the page are two faces of one library: neither knows the other.
    const crossed = [...graph].flatMap(([file, imports]) =>
      imports
        .filter((other) => roomOf(file) === "faces" && roomOf(other) === "faces" && file.split("/")[0] !== other.split("/")[0])
        .map((other) => `${file} imports ${other}`),
    );
    expect([...wrong, ...crossed]).toEqual([]);
  });

  test("has no cycles", () => {
    const cycles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      const seen = path.indexOf(file);
      if (seen >= 0) cycles.push([...path.slice(seen), file].join(" -> "));
      if (seen >= 0 || done.has(file)) return;
      for (const other of graph.get(file) ?? []) walk(other, [...path, file]);
      done.add(file);
    };
    for (const file of sources) walk(file, []);
    expect(cycles).toEqual([]);
  });

  test("leaves the GPU to the two providers", () => {
    const importers = sources.filter((file) => specifiers(file).includes("webgpu"));
    const touchers = sources.filter((file) => /\bnavigator\b/.test(code(file)));
    expect(importers.filter((file) => file !== "node.ts")).toEqual([]);
    expect(touchers.filter((file) => file !== "browser.ts" && !file.startsWith("page/"))).toEqual([]);
  });
});

describe("every file", () => {
  const all = ["src", "shaders", "scripts", "bench", "test"].flatMap((folder) =>
    filesIn(folder, ".ts", ".mjs", ".wgsl").map((file) => `${folder}/${file}`),
  );

  test("has at most 400 lines", () => {
    const long = all
      .filter((file) => !file.startsWith("test/golden/"))
      .map((file) => ({ file, lines: read(file).trimEnd().split("\n").length }));
    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  test("of the source and the shaders is named by one lower-case word", () => {
    const named = all.filter((file) => /^(src|shaders)\//.test(file) && file !== "src/wgsl.d.ts");
    expect(named.filter((file) => !/^[a-z][a-z0-9]*(\/[a-z][a-z0-9]*)+\.(ts|wgsl)$/.test(file))).toEqual([]);
  });
});
