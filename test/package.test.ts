import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = dirname(import.meta.dirname);
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
  exports: unknown;
  bin: unknown;
};

/** Every path in a tree of export conditions. */
function paths(tree: unknown): string[] {
  if (typeof tree === "string") return [tree.replace(/^\.\//, "")];
  return typeof tree === "object" && tree !== null ? Object.values(tree).flatMap(paths) : [];
}

/** The package as npm would publish it, built by `npm run build` before. */
describe("the published package", () => {
  let folder = "";
  let files: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mixlaw-pack-"));
    const said = execFileSync(
      "npm",
      ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
      {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    const [packed] = JSON.parse(said) as { filename: string; files: { path: string }[] }[];
    files = packed?.files.map(({ path }) => path) ?? [];
    execFileSync("tar", ["-xzf", packed?.filename ?? "", "-C", folder], { cwd: folder });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has every file that package.json points to", () => {
    const wanted = [
      ...paths(manifest.exports),
      ...paths(manifest.bin),
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
    ];
    expect([...new Set(wanted)].filter((path) => !files.includes(path))).toEqual([]);
  });

  test("has nothing else than the build and the papers", () => {
    expect(
      files.filter(
        (path) => !/^(dist\/.*|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
      ),
    ).toEqual([]);
  });

  test("runs by itself: the command", () => {
    const said = execFileSync(
      process.execPath,
      [join(folder, "package/dist/cli.js"), "--version"],
      { cwd: folder, encoding: "utf8" },
    );
    expect(said.trim()).toBe(manifest.version);
  });

  test("runs by itself: the library", () => {
    const script = `console.log(Object.keys(await import("./package/dist/node.js")).join(" "))`;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(said.split(" ")).toEqual(
      expect.arrayContaining(["openEngine", "readRuns", "laws", "predict", "optimize"]),
    );
  });
});
