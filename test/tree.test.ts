import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";

const root = dirname(import.meta.dirname);

/**
 * The rooms of src/, from the bottom of the import graph to the top: a file imports only from its
 * own room and from earlier ones. A folder of rooms is itself a room, for what its rooms share or
 * put together: it stands before them (laws) or after them (fit). "." is the library's entries.
 */
const order = [
  "base",
  "trace",
  "records",
  "stats",
  "wasm",
  "wasm/math",
  "expr/intervals",
  "expr",
  "expr/curvature",
  "expr/changes",
  "wasm/program",
  "wasm/linear",
  "options",
  "syntax",
  "laws/parameters",
  "laws",
  "laws/terms",
  "laws/formula",
  "laws/catalog/scale",
  "laws/catalog/mixture",
  "laws/catalog/supply",
  "laws/catalog",
  "random",
  "data/bytes",
  "data/table",
  "data/combine",
  "data/filter",
  "data/runs",
  "data/write",
  "simulate",
  "solve/penalty",
  "solve",
  "solve/joint",
  "convex",
  "gpu",
  "gpu/trace",
  "gpu/search",
  "gpu/montecarlo",
  "fit/starts",
  "fit/checks",
  "fit/search",
  "fit/search/gpu",
  "fit/ridge",
  "fit/common",
  "fit/large",
  "fit/result",
  "fit/file",
  "fit/inference",
  "fit/inference/common",
  "fit/backtest",
  "fit/profile",
  "fit/examine",
  "fit/workers",
  "fit/records",
  "fit",
  "fit/tables",
  "formula-tables",
  "mixture/space",
  "mixture/constraints/kinds",
  "mixture/constraints",
  "mixture/request",
  "mixture/formats",
  "mixture/goal",
  "mixture/problem",
  "mixture/solver",
  "mixture/bound",
  "mixture/lattice",
  "mixture/sampling",
  "mixture/certainty",
  "mixture/threads",
  "mixture/scaling",
  "mixture",
  "mixture/sizes",
  "design",
  "validate",
  "verify",
  "register",
  "words",
  "views/kit",
  "views/decision",
  "views/quality",
  "views/laws",
  "views/words",
  "views",
  "report/what-if",
  "report/facts",
  "report/facts/quality",
  "report/facts/decision",
  "report/facts/laws",
  "report/facts/words",
  "report",
  "report/app",
  "node",
  "browser",
  ".",
  "cli/text",
  "cli/io",
  "cli/print/fit",
  "cli/print/optimum",
  "cli/print",
  "cli/flags",
  "cli/flags/optimize",
  "cli/slurm",
  "cli/completion",
  "cli/commands",
  "cli/job",
  "cli",
  "page/protocol",
  "page/worker",
  "page/controls",
  "page/steps",
  "page",
];

/** Which room a file of src/ is in: its folder. */
const roomOf = (file: string): string => posix.dirname(file);

/** The faces of the library: the command line and the page. */
const faceOf = (file: string): string | undefined =>
  ["cli", "page"].find((face) => file.startsWith(`${face}/`));

function filesIn(folder: string, ...endings: string[]): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
    name.replaceAll("\\", "/"),
  );
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
  const pattern =
    /\b(?:import|export)\s(?:[\w\s{},*$]*?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...code(file).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? "");
}

const sources = filesIn("src", ".ts", ".tsx").filter((file) => file !== "wgsl.d.ts");
const graph = new Map(
  sources.map((file) => {
    const inner = specifiers(file).filter(
      (specifier) => specifier.startsWith(".") && /\.tsx?$/.test(specifier),
    );
    return [file, inner.map((specifier) => posix.join(posix.dirname(file), specifier))];
  }),
);

describe("the import graph", () => {
  test("is read", () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((file) => !order.includes(roomOf(file)))).toEqual([]);
  });

  test("respects the order of the rooms", () => {
    const rank = (file: string): number => order.indexOf(roomOf(file));
    const links = [...graph].flatMap(([file, imports]) =>
      imports.map((other) => ({ file, other })),
    );
    const wrong = links.filter(({ file, other }) => rank(other) > rank(file));
    // The command line and the page are two faces of one library: neither knows the other.
    const crossed = links.filter(({ file, other }) => {
      const face = faceOf(file);
      return face !== undefined && (faceOf(other) ?? face) !== face;
    });
    expect([...wrong, ...crossed].map(({ file, other }) => `${file} imports ${other}`)).toEqual([]);
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
    expect(importers.filter((file) => file !== "node/dawn.ts")).toEqual([]);
    expect(touchers.filter((file) => file !== "browser.ts" && !file.startsWith("page/"))).toEqual(
      [],
    );
  });
});

describe("every file", () => {
  const all = ["src", "shaders", "scripts", "bench", "test"].flatMap((folder) =>
    filesIn(folder, ".ts", ".tsx", ".mjs", ".wgsl").map((file) => `${folder}/${file}`),
  );

  test("has at most 400 lines", () => {
    const long = all
      .filter((file) => !file.startsWith("test/golden/"))
      .map((file) => ({ file, lines: read(file).trimEnd().split("\n").length }));
    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  test("has comments of at most 100 columns", () => {
    const isLong = (line: string): boolean =>
      line.length > 100 && /^\s*(\*|\/\/|\/\*\*) (?! {4}|oxlint-)/.test(line);
    const long = all.flatMap((file) =>
      read(file)
        .split("\n")
        .flatMap((line, at) => (isLong(line) ? [`${file}:${at + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  test("of the source and the shaders has a lower-case name, words joined by hyphens", () => {
    const named = all.filter((file) => /^(src|shaders)\//.test(file) && file !== "src/wgsl.d.ts");
    const name = /^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*\.(tsx?|wgsl)$/;
    expect(named.filter((file) => !name.test(file))).toEqual([]);
  });

  test("of the source stands in a folder of at most sixteen", () => {
    const rooms = new Map(
      order.map((room) => [room, sources.filter((file) => roomOf(file) === room)]),
    );
    expect([...rooms].filter(([, files]) => files.length > 16).map(([room]) => room)).toEqual([]);
  });
});
