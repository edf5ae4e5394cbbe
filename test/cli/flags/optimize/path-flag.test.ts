import { describe, expect, test } from "vitest";
import { toCount } from "../../../../src/cli/flags/counts.ts";
import { route, stopsOf } from "../../../../src/cli/flags/optimize/path-flag.ts";

const both = { params: true, tokens: true };

describe("counts", () => {
  test.each([
    ["7e9", 7e9],
    ["7B", 7e9],
    ["0.3B", 3e8],
    ["150G", 1.5e11],
    ["1.5T", 1.5e12],
    [" 20M ", 2e7],
    ["5k", 5e3],
    ["12", 12],
  ])("%s is %d", (text, value) => expect(toCount(text)).toBe(value));

  test.each(["", "B", "7b!", "-7B", "0", "7 9", "inf", "1e400"])("%j is none", (text) =>
    expect(toCount(text)).toBeUndefined(),
  );
});

describe("--path", () => {
  test("takes lists, ranges, ratios and compute, in one flag or several", () => {
    expect(route("tokens=1e9,1e10")).toEqual({ tokens: [1e9, 1e10] });
    expect(route("params=1e8:1e10:3")).toEqual({ params: [1e8, 1e9, 1e10] });
    expect(route("params=1B; tokens=20x")).toEqual({ params: [1e9], ratio: 20 });
    expect(route("flops=1e20", route("tokens=20x"))).toEqual({ ratio: 20, flops: [1e20] });
  });

  test.each([
    ["1e9", /must begin with params=, tokens= or flops=/],
    ["size=1e9", /must begin with/],
    ["tokens=", /there is no number/],
    ["tokens=many", /"many" is no positive number/],
    ["tokens=1e9:1e10", /a range is from:to:count/],
    ["tokens=1e9:1e10:1", /a count from 2 to 1000/],
    ["params=20x", /no ratio of tokens to parameters/],
    ["tokens=1e9;tokens=20x", /tokens is given twice/],
  ])("%s is an error", (text, says) => expect(() => route(text)).toThrow(says));

  test("lists of N and D are all combined; --params and --tokens fill in", () => {
    expect(stopsOf(route("params=1e8,1e9;tokens=1e10,2e10"), {}, both)).toHaveLength(4);
    expect(stopsOf(route("tokens=1e10"), { params: 7e9 }, both)).toEqual([
      { params: 7e9, tokens: 1e10 },
    ]);
    expect(stopsOf(route("tokens=20x"), { params: 1e9 }, both)).toEqual([
      { params: 1e9, tokens: 2e10 },
    ]);
    expect(stopsOf(route("tokens=1e10"), {}, { params: false, tokens: true })).toEqual([
      { params: null, tokens: 1e10 },
    ]);
    expect(() => stopsOf(route("tokens=1e10"), {}, both)).toThrow(
      /give --params, or --path params=…/,
    );
    expect(() => stopsOf(route("tokens=20x"), {}, both)).toThrow(/needs parameters/);
  });

  test("compute is split by a ratio, by N, by D, or as is best", () => {
    const [at] = stopsOf(route("flops=1.2e20;tokens=20x"), {}, both);
    expect(at).toEqual({ params: 1e9, tokens: 2e10 });
    expect(stopsOf(route("flops=6e20;params=1e9"), {}, both)).toEqual([
      { params: 1e9, tokens: 1e11 },
    ]);
    expect(stopsOf(route("flops=6e20;tokens=1e11"), {}, both)).toEqual([
      { params: 1e9, tokens: 1e11 },
    ]);
    expect(stopsOf(route("flops=1e20:1e22:3"), {}, both)).toEqual([
      { flops: 1e20 },
      { flops: 1e21 },
      { flops: 1e22 },
    ]);
    expect(() => stopsOf(route("flops=1e20;params=1e9;tokens=1e10"), {}, both)).toThrow(
      /more than one is given/,
    );
    expect(() => stopsOf(route("flops=1e20;tokens=20x"), { params: 1e9 }, both)).toThrow(
      /more than one is given/,
    );
  });
});
