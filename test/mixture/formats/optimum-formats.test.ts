import { byNames } from "../../../src/base/objects.ts";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkPhaseFor, formatOptimum } from "../../../src/mixture/formats/optimum-formats.ts";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { optimum } from "../sample-optimum.ts";

/** An optimum over other domains. */
function over(weights: Readonly<Record<string, number>>): Optimum {
  const { reference, uniform, sharpness } = optimum();
  return optimum({
    weights,
    reference: { ...reference, weights },
    uniform: { ...uniform, weights },
    sharpness: { ...sharpness, epsilon: 0, ranges: {} },
    allocation: null,
  });
}

describe("formatOptimum", () => {
  test("json and yaml hold all of it", () => {
    expect(JSON.parse(formatOptimum(optimum(), "json"))).toEqual(optimum());
    expect(parse(formatOptimum(optimum(), "yaml"))).toEqual(optimum());
  });

  test("csv has a line a domain, with tokens and epochs where they are known", () => {
    expect(formatOptimum(optimum(), "csv")).toBe(
      "domain,weight,tokens,epochs\nweb,0.75,105000000000,5\ncode,0.25,35000000000,\n",
    );
    expect(formatOptimum(optimum({ allocation: null }), "csv")).toBe(
      "domain,weight,tokens,epochs\nweb,0.75,,\ncode,0.25,,\n",
    );
    expect(formatOptimum(over({ 'a "b", c': 1 }), "csv")).toContain('\n"a ""b"", c",1,,\n');
  });

  test("megatron has weights and paths on a line, without domains that have no share", () => {
    expect(formatOptimum(optimum(), "megatron")).toBe("0.75 web 0.25 code\n");
    expect(formatOptimum(optimum(), "megatron", { web: "/data/web_text" })).toBe(
      "0.75 /data/web_text 0.25 code\n",
    );
    expect(formatOptimum(optimum({ weights: { web: 1, code: 0 } }), "megatron")).toBe("1 web\n");
  });

  test("map has a name and a weight a line, whatever the names", () => {
    expect(formatOptimum(optimum(), "map")).toBe("web: 0.75\ncode: 0.25\n");
    const odd = { yes: 0.1, "a: b": 0.2, "1": 0.3, "# no": 0.4 };
    expect(parse(formatOptimum(over(odd), "map"))).toEqual(odd);
  });

  test("shares sum to 1 in the digits that are printed, to 1e-15", () => {
    const weights = { web: 1 / 3, code: 2 / 3 };
    for (const format of ["csv", "megatron", "map"] as const) {
      const text = formatOptimum(optimum({ weights }), format);
      expect(text).toContain("0.333333333333333");
      expect(text).toContain("0.666666666666667");
    }
    const tiny = { web: 1 - 1e-13, code: 1e-13 };
    expect(parse(formatOptimum(over(tiny), "map"))).toEqual(tiny);
  });

  test("yaml is read alike by readers of YAML 1.1 and 1.2", () => {
    const names = ["no", "y", "~", "1e3", "0x1", "012", "1_000", "1:30", "-", "- a", "? x", "a: b", ": a", "#c", "a #b", "日本", "=", "<<", "2024-01-01", ".inf", "a b", "a.b", "__proto__", "a\u200bb", "a\u{e0067}b"]; // prettier-ignore
    const weights = byNames(names.map((name, i) => [name, i === 0 ? 0.9999988 : 1e-7 * (i % 2)]));
    const text = formatOptimum(over(weights), "map");
    expect(text.split("\n").slice(0, 2)).toEqual(['"no": 0.9999988', '"y": 1.0e-7']);
    for (const version of ["1.1", "1.2"] as const)
      expect(Object.entries(byNames(parse(text, { version, mapAsMap: true }) as Map<string, number>))).toEqual(Object.entries(weights)); // prettier-ignore
    expect(parse(formatOptimum(over(weights), "yaml"), { version: "1.1" })).toEqual(over(weights));
  });

  test("a domain that a format cannot carry is refused by name, with another format", () => {
    expect(() => formatOptimum(over({ "=cmd|x": 1, web: 0 }), "csv")).toThrow(
      '‘format: csv’: the domain "=cmd|x" would be run as a formula by spreadsheets: choose ‘format: json’ or yaml.',
    );
    for (const name of ["a b", "$(touch x)", "a;b", "-rf", "a'b", "*"])
      expect(() => formatOptimum(over({ [name]: 1 }), "megatron")).toThrow(/is no plain word .* give its data path with ‘paths’, or choose ‘format: map’/); // prettier-ignore
    expect(formatOptimum(over({ "a b": 1 }), "megatron", { "a b": "/data/ab" })).toBe("1 /data/ab\n"); // prettier-ignore
  });
});

test("a phase is one that is there, and a format of one mixture needs one", () => {
  const names = ["main", "anneal"];
  expect(() => checkPhaseFor("megatron", names, undefined)).toThrow("choose main or anneal");
  expect(() => checkPhaseFor("json", names, "mian")).toThrow("the phases are main or anneal");
  expect(() => checkPhaseFor("csv", undefined, "main")).toThrow("has one mixture");
  for (const phase of [undefined, "main"]) checkPhaseFor("csv", names, phase);
  checkPhaseFor("megatron", names, "anneal");
});
