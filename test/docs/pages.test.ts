/** That the pages do not rot: what they link to, name and show is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { CATALOG } from "../../src/laws/catalog/catalog.ts";
import { root } from "../cli/command.ts";
import { mixlaw } from "../cli/run-here.ts";

interface Page {
  /** Its path in the repository. */
  readonly path: string;
  readonly lines: readonly string[];
  /** Whether each line is inside a fenced block. */
  readonly fenced: readonly boolean[];
}

function pageAt(path: string): Page {
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  let inside = false;
  const fenced = lines.map((line) => {
    const fence = line.trimStart().startsWith("```");
    if (fence) inside = !inside;
    return inside || fence;
  });
  return { path, lines, fenced };
}

const inFolder = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => (folder === "." ? name : `${folder}/${name}`));

/** The change log speaks of what was: its paths and flags need not be there today. */
const pages = [".", "docs", "bench", "examples", "shaders"]
  .flatMap(inFolder)
  .filter((path) => path !== "CHANGELOG.md")
  .map(pageAt);
const named = pages.map((page) => [page.path, page] as const);

/** A page's text without its fenced blocks. */
const prose = ({ lines, fenced }: Page): string => lines.filter((_, i) => !fenced[i]).join("\n");

/** All code of a page: lines of fenced and indented blocks, continued lines joined, and spans. */
function codeOf({ lines, fenced }: Page): string[] {
  const blocks = lines
    .filter((line, i) => fenced[i] || line.startsWith("    "))
    .join("\n")
    .replace(/ \\\n\s*/g, " ")
    .split("\n");
  const spans = [...prose({ path: "", lines, fenced }).matchAll(/`([^`]+)`/g)].map(
    (match) => match[1],
  );
  return [...blocks, ...spans.map((span) => span.replace(/\s+/g, " "))];
}

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

const anchors = (path: string): string[] => {
  const { lines, fenced } = pageAt(path);
  return lines
    .filter((line, i) => !fenced[i] && /^#+ /.test(line))
    .map((line) => anchorOf(line.replace(/^#+ /, "")));
};

/** Relative links of a page that lead nowhere. */
function brokenLinks(page: Page): string[] {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file, anchor] = link.split("#");
      const target = file === "" ? page.path : relative(root, join(root, dirname(page.path), file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchors(target).includes(anchor);
    });
}

/** Paths of the repository that a page names in code; those with a placeholder are no paths. */
function missingPaths(page: Page): string[] {
  const pattern = /(?<![\w./-])(?:src|test|shaders|bench|scripts|examples|docs)\/[\w./<>*-]*/g;
  return codeOf(page)
    .flatMap((code) => code.match(pattern) ?? [])
    .map((path) => path.replace(/[./]+$/, ""))
    .filter((path) => !/[<>*]|NAME/.test(path) && !existsSync(join(root, path)));
}

/** Lines of prose that are too long: tables and code cannot be broken. */
const longLines = ({ lines, fenced }: Page): string[] =>
  lines.filter(
    (line, i) =>
      !fenced[i] && !/^\s*\|/.test(line) && !line.startsWith("    ") && line.length > 100,
  );

const COMMANDS = [
  "fit",
  "predict",
  "optimize",
  "validate",
  "design",
  "laws",
  "doctor",
  "simulate",
  "slurm",
  "export",
  "report",
  "page",
  "verify",
  "check",
  "run",
  "schema",
  "completion",
  "help",
];
const help = new Map(
  await Promise.all(
    COMMANDS.map(async (command) => {
      const { stdout } = await mixlaw([command, "--help"]);
      const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]);
      return [command, new Set(flags)] as const;
    }),
  ),
);
const anyFlag = new Set([...help.values()].flatMap((flags) => [...flags]));

/** Programs beside mixlaw whose flags pages name. */
const OTHERS: ReadonlySet<string> = new Set(["docker", "munged", "parallel", "sbatch"]);

/** A line of `mixlaw slurm` without options of sbatch, and the command that it divides. */
function divided(code: string): readonly string[] {
  const [own = "", inner] = code.replace(/\\\n/g, " ").split(/ --\s+(?=[a-z])/);
  const slurm = own.replace(/--sbatch --\S+/g, "--sbatch");
  return inner === undefined ? [slurm] : [slurm, `mixlaw ${inner}`];
}

/** `mixlaw COMMAND … --flag` with a command or a flag that is not in its help. */
function unknownFlags(page: Page): string[] {
  const codes = codeOf(page).flatMap((code) =>
    /\bmixlaw slurm\b|^--sbatch/.test(code) ? divided(code) : [code],
  );
  return codes.flatMap((code) => {
    const flags = [...code.matchAll(/(?<=^|\s)--[a-z][a-z-]*/g)].map((match) => match[0]);
    const [, command] =
      /\bmixlaw ([a-z]+)\b/.exec(code) ?? /^(?!mixlaw)([a-z]+) --/.exec(code) ?? [];
    if (command === undefined)
      return code.startsWith("--") ? flags.filter((flag) => !anyFlag.has(flag)) : [];
    const known = help.get(command);
    if (known === undefined) return OTHERS.has(command) ? [] : [`no command ${command}`];
    return flags.filter((flag) => !known.has(flag)).map((flag) => `no ${flag} of ${command}`);
  });
}

describe("pages", () => {
  test("are read", () => {
    expect(pages.length).toBeGreaterThan(10);
    expect(anyFlag.size).toBeGreaterThan(50);
  });

  test.each(named)("%s: relative links resolve", (_, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test.each(named)("%s: paths exist", (_, page) => {
    expect(missingPaths(page)).toEqual([]);
  });

  // Benchmarks have flags of their own.
  test.each(named.filter(([path]) => path !== "bench/README.md"))(
    "%s: commands and flags exist",
    (_, page) => {
      expect(unknownFlags(page)).toEqual([]);
    },
  );

  test.each(named)("%s: lines have at most 100 columns", (_, page) => {
    expect(longLines(page)).toEqual([]);
  });

  test("the README has fewer than 200 lines", () => {
    expect(pageAt("README.md").lines.length).toBeLessThan(200);
  });

  test("the architecture page has every room of src, from the bottom up", () => {
    const tree = readFileSync(join(root, "test/tree.test.ts"), "utf8");
    const [, list = ""] = /const order = \[([^\]]+)\]/.exec(tree) ?? [];
    const rooms = [...list.matchAll(/"([^"]+)"/g)]
      .map((match) => match[1])
      .filter((room) => room !== "." && existsSync(join(root, "src", room)));
    const { lines, fenced } = pageAt("docs/architecture.md");
    const listed = lines
      .filter((_, i) => fenced[i])
      .flatMap((line) => /^([a-z-]+(?:\/[a-z-]+)*)\/ {2,}\S/.exec(line)?.[1] ?? []);
    expect(listed).toEqual(rooms);
  });

  test("CONTRIBUTING names every suite", () => {
    const text = prose(pageAt("CONTRIBUTING.md"));
    const suites = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => `test/${file.replaceAll("\\", "/").split("/")[0]}`);
    expect([...new Set(suites)].filter((suite) => !text.includes(`\`${suite}\``))).toEqual([]);
  });

  test("the table of laws has the whole catalog", () => {
    const text = prose(pageAt("docs/fitting.md"));
    expect([...CATALOG.keys()].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
