import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { formatOptimum } from "../../src/mixture/optimum-formats.ts";
import { optimum } from "./sample-optimum.ts";

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
    expect(
      formatOptimum(optimum({ weights: { 'a "b", c': 1 }, allocation: null }), "csv"),
    ).toContain('\n"a ""b"", c",1,,\n');
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
    expect(parse(formatOptimum(optimum({ weights: odd }), "map"))).toEqual(odd);
  });

  test("no digit of a share is lost", () => {
    const weights = { web: 1 / 3, code: 2 / 3 };
    for (const format of ["csv", "megatron", "map"] as const)
      expect(formatOptimum(optimum({ weights }), format)).toContain(String(1 / 3));
    const tiny = { web: 1 - 1e-13, code: 1e-13 };
    expect(parse(formatOptimum(optimum({ weights: tiny }), "map"))).toEqual(tiny);
  });
});
