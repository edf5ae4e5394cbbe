/** Points of the command line, and columns that a fit knows. */
import { expect, test } from "vitest";
import { rolesOfFit, tableAt, unitsOfFit } from "../../../src/cli/flags/points.ts";
import { tableOf } from "../../../src/data/table/rows.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";

const file = {
  data: {
    domains: ["web", "code"],
    range: { params: null, tokens: null, inputs: { sparsity: { min: 0, max: 1 } } },
    reading: { params: "size", weights: "mix/*", inputs: { sparsity: "s" }, normalize: true },
  },
} as unknown as FitFile;

const need = { params: true, tokens: true, weights: true, inputs: ["sparsity"] };

test("a point is a row, and a domain that it leaves out has nothing", () => {
  const { columns } = tableAt(file, ["params=7B,tokens=1.5T,web=100%,sparsity=0.5"], need);
  expect(Object.fromEntries([...columns].map(([name, { cells }]) => [name, cells[0]]))).toEqual({
    n_params: 7e9,
    n_tokens: 1.5e12,
    sparsity: 0.5,
    h_web: 1,
    h_code: 0,
  });
});

test("an input of a point goes by its column in the fit too", () => {
  const pointOf = (text: string) => tableAt(file, [`params=7B,tokens=1T,web=1,${text}`], need);
  expect(pointOf("s=0.5").columns.get("sparsity")?.cells).toEqual([0.5]);
  expect(() => pointOf("s=0.5,sparsity=0.5")).toThrow(/: s and sparsity are the same input, .*give one/); // prettier-ignore
});

test.each([
  [
    "params=7B,books=1",
    /no domain or input "books"; there are params, tokens, sparsity, web, code/,
  ],
  ["params=large", /params is "large", which is no number/],
  [
    "params=7B,web=1",
    /^--at params=7B,web=1 lacks tokens and sparsity, which the fit's laws need; w/,
  ],
  ["params=7B,tokens=1T,sparsity=1", /lacks the shares of domains, which/],
])("%s is refused", (text, message) => {
  expect(() => tableAt(file, [text], need)).toThrow(message);
});

test("columns of the fit are taken where the table has them", () => {
  const there = tableOf([{ size: 1, "mix/web": 1, "mix/code": 0, s: 2 }]);
  expect(rolesOfFit(file, there)).toEqual({
    params: "size",
    weights: "mix/*",
    inputs: { sparsity: "s" },
    normalize: true,
  });
  expect(rolesOfFit(file, tableOf([{ n_params: 1, h_web: 1 }]))).toEqual({ normalize: true });
});

test("what the fit left out may be there or not, and domains may be columns by their names", () => {
  const weightsOf = (weights: string | undefined, row: Record<string, number>) =>
    rolesOfFit({ data: { ...file.data, reading: { weights } } } as FitFile, tableOf([row])).weights;
  const mix = { "mix/web": 1, "mix/code": 0 };
  expect(weightsOf("mix/*,!mix/sum", { ...mix, "mix/sum": 1 })).toBe("mix/*,!mix/sum");
  expect(weightsOf("mix/*,!mix/sum", mix)).toBe("mix/*");
  expect(weightsOf("mix/w*,mix/c*", mix)).toBe("mix/w*,mix/c*");
  expect(weightsOf("mix/*", { web: 1, code: 0 })).toBe('"web","code"');
  expect(weightsOf(undefined, { web: 1, code: 0 })).toBe('"web","code"');
  expect(weightsOf(undefined, { h_web: 1, h_code: 0, web: 1, code: 0 })).toBeUndefined();
  expect(weightsOf("mix/*", { other: 1 })).toBeUndefined();
});

test("columns of the fit's names are in its units, and counts that cannot be are refused", () => {
  const inMillions = {
    data: {
      range: { params: { min: 2e7, max: 1.5e9 }, tokens: null },
      reading: { units: { params: 1e6 } },
    },
  } as unknown as FitFile;
  const unitsFor = (params: number, asked = {}) =>
    unitsOfFit(inMillions, tableOf([{ n_params: params }]), asked);
  expect(unitsFor(7000)).toEqual({ params: 1e6 });
  expect(unitsFor(7e9, { params: "size" })).toEqual({});
  expect(() => unitsFor(7e9)).toThrow(
    /data row 1, column "n_params" holds 7000000000, .* --units params=1 if/,
  );
});
