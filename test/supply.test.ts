/** What is installed, built and published; `npm run supply` checks the rest, in .ci/run. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  bundledInDist,
  installedPackages,
  lockedPackages,
  shippedPackages,
} from "../scripts/supply/shipped-packages.mjs";

const root = dirname(import.meta.dirname);
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
};
const locked = Object.entries(lockedPackages(root)).filter(([path]) => path !== "");

/** Licences that a package of Apache-2.0 may carry with it. */
const LICENCES = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"];

describe("package-lock.json", () => {
  test("has a checksum for every package, and all come from the registry", () => {
    expect(locked.length).toBeGreaterThan(100);
    const loose = locked.filter(
      ([, { integrity, resolved, link }]) =>
        !/^sha512-[\w+/]+=*$/.test(integrity ?? "") ||
        link === true ||
        !(resolved ?? "https://registry.npmjs.org/").startsWith("https://registry.npmjs.org/"),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  test("knows two install scripts, and neither is needed", () => {
    // esbuild's only makes its start faster; webgpu's takes a mark off a file on macOS, which
    // npm does not set.
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripted.map(([path]) => path)).toEqual(["node_modules/esbuild", "node_modules/webgpu"]);
    const own = ["preinstall", "install", "postinstall", "prepare"];
    expect(own.filter((name) => manifest.scripts[name] !== undefined)).toEqual([]);
  });
});

describe("dependencies", () => {
  test("are versions of the registry, and work from Node 20.19 on", () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(all).filter(([, range]) => !/^[\^]?\d+\.\d+\.\d+$/.test(range))).toEqual(
      [],
    );
    expect(manifest.engines).toEqual({ node: ">=20.19" });
  });

  test("that reach a user have licences that allow it", () => {
    const shipped = shippedPackages(root);
    expect(shipped.map(({ name }) => name)).toEqual(
      expect.arrayContaining(Object.keys(manifest.dependencies)),
    );
    expect(shipped.filter(({ license }) => !LICENCES.includes(license))).toEqual([]);
  });

  test("that are installed are few", () => {
    expect(installedPackages(root).length).toBeLessThanOrEqual(20);
  });
});

test("wheels for Python have in them what the command imports at run time", () => {
  const wheels = readFileSync(join(root, "python/building/wheels.py"), "utf8");
  const listed: readonly string[] =
    /^MODULES = \(([^)]*)\)/m.exec(wheels)?.[1]?.match(/[\w@/-]+/g) ?? [];
  const known = new Set(installedPackages(root).map(({ name }) => name));
  const files = ["dist/cli.js", "dist/worker.js", ...listed.map((name) => `node_modules/${name}`)];
  const imported = files.flatMap((file) => importsOf(join(root, file)));
  expect(imported).toEqual(expect.arrayContaining(["webgpu", "fzstd", "hysnappy"]));
  const missing = imported.filter((name) => known.has(name) && !listed.includes(name));
  expect([...new Set(missing)]).toEqual([]);
});

/** The packages that the code of a file imports, or that of a package, but for its build. */
function importsOf(path: string): string[] {
  const texts = path.endsWith(".js")
    ? [readFileSync(path, "utf8")]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile() && /\.m?js$/.test(each.name))
        .filter((each) => !/\/(build|umd|lib)$/.test(each.parentPath))
        .map((each) => readFileSync(join(each.parentPath, each.name), "utf8"));
  const pattern = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["']([@\w][\w@/-]*)["']/g;
  const code = texts.map((text) => text.replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, ""));
  return code.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
}

test("the notices of what is bundled have each package's terms to their end", () => {
  const words = (text: string): string => text.replace(/[\s*]+/g, " ");
  const notices = words(readFileSync(join(root, "dist/THIRD-PARTY-NOTICES"), "utf8"));
  const bundled = bundledInDist(root);
  // Of each kind of bundle: the library's, the command's, the report's, the page's.
  expect(bundled.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["hyparquet", "commander", "@observablehq/plot", "preact"]),
  );
  for (const { name } of bundled) {
    const folder = join(root, "node_modules", name);
    const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)\b/i.test(each)) ?? "";
    const text = words(readFileSync(join(folder, file), "utf8")).trim();
    expect(notices, name).toContain(text.slice(-400));
  }
});
