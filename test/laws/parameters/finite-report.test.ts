import { expect, test } from "vitest";
import { finiteReport } from "../../../src/laws/parameters/parameters.ts";

test("what is beyond float64 is null in a report, as it is in a fit file", () => {
  const reported = { E: 1.5, A: Infinity, CB: { web: Infinity, code: 2, books: null }, c: NaN };
  const finite = finiteReport(reported);
  expect(finite).toEqual({ E: 1.5, A: null, CB: { web: null, code: 2, books: null }, c: null });
  expect(JSON.parse(JSON.stringify(finite))).toEqual(finite);
});
