import { expect, test } from "vitest";
import { parseConstraints, parseLawFile } from "../../src/node.ts";
import { checkLimit } from "../../src/options/limits.ts";
import { parseJson } from "../../src/options/parse-file.ts";

test("a limit says its name, what was asked, and what to do", () => {
  const asked = { what: "the fit", remedy: "lower it", where: { option: "restarts" } };
  expect(() => checkLimit("starts", 2 ** 27, asked)).not.toThrow();
  expect(() => checkLimit("starts", 2 ** 28, asked)).toThrow(
    'the fit has 268435456 random starts of all laws and targets together, and at most 134217728 are taken (limit "starts"): lower it',
  );
});

const nested = (levels: number): string => `${"[".repeat(levels)}1${"]".repeat(levels)}`;

test.each([
  ["brackets", nested(101)],
  ["brackets without an end", "[".repeat(50_000)],
  ["items of items", `${"- ".repeat(50_000)}a`],
  ["keys by tabs", `${"?\t".repeat(5000)}a`],
  ["indentation", Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
])("YAML that is nested by %s is refused before its parser sees it", (_, text) => {
  expect(() => parseConstraints(text, "c.yaml")).toThrow(
    /^c.yaml is nested deeper than 100 levels \(limit "nesting"\)/,
  );
});

test("JSON is nested a hundred levels deep, and no deeper", () => {
  const words = { source: "x.json", remedy: "write it again" };
  expect(parseJson(nested(100), words)).toBeDefined();
  expect(() => parseJson(nested(101), words)).toThrow(
    'x.json is nested deeper than 100 levels (limit "nesting"): write it again',
  );
});

test("a YAML file is small, and its aliases do not grow", () => {
  expect(() => parseConstraints(`# ${"x".repeat(2 ** 17)}`, "c.yaml")).toThrow(/limit "yamlSize"/);
  const laughs = "bcdefghij".replace(/./g, (key) => `\n${key}: &${key} [${Array(9).fill(`*${String.fromCharCode(key.charCodeAt(0) - 1)}`).join()}]`); // prettier-ignore
  expect(() => parseConstraints(`a: &a [x, x]${laughs}`, "c.yaml")).toThrow(/alias count/);
});

test("sums inside sums are counted before they are written out", () => {
  const sums = (levels: number): string => `${"sum(h[i]*".repeat(levels)}C[i]${")".repeat(levels)}`;
  const law = parseLawFile(`name: deep\nformula: L = ${sums(3)}`, "deep.yaml");
  expect(law.name).toBe("deep");
  expect(() => parseLawFile(`name: deep\nformula: L = ${sums(30)}`, "deep.yaml")).toThrow(/limit "formulaNodes"/); // prettier-ignore
});
