/** Inputs of a request go by the laws' names and by the columns of the fit. */
import { expect, test } from "vitest";
import { InputError } from "../../../src/base/errors.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { givenBy, inputNamed, withInputNames } from "../../../src/mixture/request/named-inputs.ts";

const columns = { s: "expert sparsity", unique: "unique", toString: "t" };
const file = { data: { reading: { inputs: columns } } } as unknown as FitFile;
const plain = { data: {} } as unknown as FitFile;

test("columns stand for the inputs that they were in the fit", () => {
  const asked = { params: 1e9, inputs: { "expert sparsity": 0.5, unique: 2, other: 3 } };
  expect(withInputNames(file, asked)).toEqual({
    params: 1e9,
    inputs: { s: 0.5, unique: 2, other: 3 },
  });
  expect(withInputNames(plain, asked)).toBe(asked);
  expect(withInputNames(file, {})).toEqual({});
  expect([inputNamed(file, "expert sparsity"), inputNamed(file, "s")]).toEqual(["s", undefined]);
});

test("both names of one input are refused", () => {
  const asked = { inputs: { s: 0.4, "expert sparsity": 0.5 } };
  expect(() => withInputNames(file, asked)).toThrow(InputError);
  expect(() => withInputNames(file, asked)).toThrow(/expert sparsity’ and ‘inputs.s’ are the same/);
});

test("a missing one is asked for by both names", () => {
  expect(givenBy(file, "s")).toBe(
    "‘inputs.s: VALUE’, or by its column in the fit, ‘inputs.expert sparsity: VALUE’",
  );
  expect(givenBy(file, "unique")).toBe("‘inputs.unique: VALUE’");
  expect(givenBy(plain, "s")).toBe("‘inputs.s: VALUE’");
});
