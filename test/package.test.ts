import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { linksForNpm, linksHere, rewriteReadme } from "../scripts/readme-links.mjs";
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

/** What TypeScript says of files, declarations of packages included. */
async function typeErrors(folder: string): Promise<string> {
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    lib: ["es2023"], // no DOM, which older compilers have without WebGPU
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const config = join(folder, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ["*.ts", "*.cts"] }));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  return promisify(execFile)(process.execPath, [compiler, "-p", config, "--singleThreaded"]).then(
    ({ stdout }) => stdout,
    (error: unknown) => String((error as { readonly stdout?: string }).stdout),
  );
}

/** A program of a user of the library; `from` is the entry. */
const program = (from: string): string => `
import { type FitFile, laws, openEngine, parseTable, toRuns } from "${from}";
const engine = await openEngine({ threads: 2 });
const runs = toRuns(await parseTable(new Uint8Array(), "csv", "runs.csv"), {});
const file: FitFile = await engine.fit(laws.additive, runs, { restarts: 8 });
console.log(file.fits[0]?.objective.toFixed(3));
`;

/** The same in CommonJS, as TypeScript writes it. */
const inFunction = (text: string): string => {
  const [first = "", ...rest] = text.trim().split("\n");
  return [first, "export async function main(): Promise<void> {", ...rest, "}"].join("\n");
};

/** The package as npm would publish it, built by `npm run build` before. */
describe("the published package", () => {
  let folder = "";
  let files: string[] = [];
  let size = Infinity;

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
    const [packed] = JSON.parse(said) as {
      filename: string;
      size: number;
      files: { path: string }[];
    }[];
    size = packed?.size ?? Infinity;
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

  test("has nothing else than the build, the pages and the examples, in 3.6 MB", () => {
    const known =
      /^(dist\/.*|package\.json|[A-Z]+(\.md)?|docs\/[a-z-]+\.(md|png|svg)|examples\/.*|bench\/README\.md|bench\/results\/[\w-]+\.md|(python|shaders)\/README\.md)$/;
    expect(files.filter((path) => !known.test(path))).toEqual([]);
    expect(size).toBeLessThan(3.6e6);
  });

  test("has every page and picture that its pages link to", () => {
    const dead = files
      .filter((path) => path.endsWith(".md"))
      .flatMap((path) => {
        const text = readFileSync(join(folder, "package", path), "utf8").replace(
          /```[^]*?```/g,
          "",
        );
        const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, link = ""]) => link);
        return links
          .map((link) => posix.join(posix.dirname(path), link).replace(/\/$/, ""))
          .filter((to) => !files.some((file) => file === to || file.startsWith(`${to}/`)))
          .map((to) => `${path}: ${to}`);
      });
    expect(dead).toEqual([]);
  });

  test("has a README whose links work on npm's page: to files of the published version", () => {
    const here = readFileSync(join(root, "README.md"), "utf8");
    const published = linksForNpm(here, manifest.version);
    expect(linksHere(published)).toBe(here);
    expect(linksForNpm(published, "9.9.9")).toBe(published);
    const links = [...published.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const prefix =
      /^https:\/\/(?:unpkg\.com\/mixlaw@([^/]+)|app\.unpkg\.com\/mixlaw@([^/]+)\/files)\//;
    for (const link of links.filter((each) => /mixlaw@/.test(each) || !/^\w+:/.test(each))) {
      const [start = "", ...versions] = prefix.exec(link) ?? [];
      expect(versions).toContain(manifest.version);
      expect(files).toContain(link.slice(start.length).replace(/#.*/, ""));
    }
    expect(links.length).toBeGreaterThan(30);
  });

  test("has links of its own version, also where a packing that failed has left those of another", () => {
    const place = mkdtempSync(join(tmpdir(), "mixlaw-readme-"));
    const path = join(place, "README.md");
    const here = "[Guide](docs/guide.md#start) and ![shares](docs/shares.svg)\n";
    writeFileSync(join(place, "package.json"), JSON.stringify({ version: "2.0.0" }));
    writeFileSync(path, linksForNpm(here, "1.0.0"));
    rewriteReadme(place, "npm");
    expect(readFileSync(path, "utf8")).toBe(linksForNpm(here, "2.0.0"));
    rewriteReadme(place, "here");
    expect(readFileSync(path, "utf8")).toBe(here);
    rmSync(place, { recursive: true });
  });

  test("has the notices of the packages whose code is in it, and no source maps", () => {
    const notices = readFileSync(join(folder, "package/dist/THIRD-PARTY-NOTICES"), "utf8");
    expect(notices).toMatch(/^commander \d.*\n {2}Copyright /m);
    expect(readFileSync(join(folder, "package/dist/page/report-app.js"), "utf8")).toMatch(
      /@observablehq\/plot \d.*\n {2}Copyright [^]* granted/,
    );
    expect(files.filter((path) => path.endsWith(".map"))).toEqual([]);
  });

  describe("for a project that uses it", () => {
    let project = "";
    beforeAll(() => {
      project = join(folder, "project");
      mkdirSync(join(project, "node_modules"), { recursive: true });
      symlinkSync(join(folder, "package"), join(project, "node_modules/mixlaw"), "junction");
      writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
      writeFileSync(join(project, "node.ts"), program("mixlaw"));
      writeFileSync(join(project, "node.cts"), inFunction(program("mixlaw")));
      writeFileSync(join(project, "browser.ts"), program("mixlaw/browser"));
    });

    // Under the others too: `npm run supply`.
    test("has types under nodenext", async () => {
      expect(await typeErrors(project)).toBe("");
    });

    test("is bundled for browsers, with a worker that bundlers find", async () => {
      const { outputFiles, warnings } = await build({
        absWorkingDir: project,
        entryPoints: ["node.ts"],
        bundle: true,
        platform: "browser",
        format: "esm",
        write: false,
      });
      expect(warnings).toEqual([]);
      expect(outputFiles[0]?.text).toContain(
        'new Worker(new URL("./browser-worker.js", import.meta.url), { type: "module" })',
      );
      const worker = createRequire(join(project, "package.json")).resolve("mixlaw/browser-worker");
      expect(readFileSync(worker, "utf8")).toContain("addEventListener(");
    });
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

  test("runs by itself: the library, required and imported by one process", () => {
    const script = `import("./package/dist/node.js").then(({ InputError }) => console.log(require("./package/dist/node.cjs").InputError === InputError))`;
    const said = execFileSync(process.execPath, ["--input-type=commonjs", "-e", script], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(said.trim()).toBe("true");
  });
});
