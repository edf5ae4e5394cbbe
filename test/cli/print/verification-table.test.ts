import { expect, test } from "vitest";
import { verificationTable } from "../../../src/cli/print/verification-table.ts";
import { PLAIN } from "../../../src/cli/text/style.ts";
import type { ValueDifference, Verification } from "../../../src/verify/verification.ts";

const MEDIUM = { width: 110, style: PLAIN, charts: false };
const PLACE = { version: "0.1.0", backend: { kind: "cpu", adapter: "float64, 2 threads" }, sha256: "ab" } as const; // prettier-ignore

const of = (key: string, rest: Partial<ValueDifference> = {}): ValueDifference => ({
  law: "additive",
  target: "loss_web",
  key,
  recorded: 1.5,
  repeated: 1.25,
  tolerance: 1e-9,
  counts: true,
  ...rest,
});

const answer = (rest: Partial<Verification>): Verification => ({
  schema: "mixlaw/verification@1",
  verdict: { status: "differs", findings: [{ code: "numbers-differ", sentence: "1 value …" }] },
  recorded: PLACE,
  repeated: PLACE,
  fits: 1,
  rows: null,
  differences: [],
  seconds: 1,
  ...rest,
});

test("shows what counts and parameters that are not determined, and tells of the rest", () => {
  const differences = [
    of("objective"),
    of("parameters.alpha", { counts: false, why: "not determined" }),
    of("search.reachedBest", { counts: false, why: "the way of the search" }),
  ];
  const text = verificationTable(answer({ differences }), "fit.json", MEDIUM);
  expect(text).toMatch(/additive +loss_web +objective +1\.5 +1\.25 +1\.0e-9 +differs/);
  expect(text).toMatch(/parameters\.alpha .*does not count: not determined/);
  expect(text).not.toContain("reachedBest");
  expect(text.replaceAll(/\s+/g, " ")).toContain("1 value more that hang on the way of the search");
  expect(text).toContain("warning: 1 value …");
});

test("shows cells that changed, and no more lines than a reader reads", () => {
  const cells = [{ row: 17, column: "loss_web", recorded: 2.5, found: null }];
  const rows = { cells, changed: 1, gone: [], added: [], reordered: false };
  const text = verificationTable(answer({ rows }), "fit.json", MEDIUM);
  expect(text).toMatch(/17 +loss_web +2\.5 +null/);
  const many = Array.from({ length: 60 }, (_, n) => of(`parameters.C.d${n}`));
  const long = verificationTable(answer({ differences: many }), "fit.json", MEDIUM);
  expect(long).toContain("20 lines more");
  expect(long).not.toContain("hang on the way of the search");
});
