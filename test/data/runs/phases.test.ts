/** Runs with phases: shares of cells, of all tokens, and what is said of columns that cannot be. */
import { describe, expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import type { Row } from "../../../src/data/table/rows.ts";
import { InputError } from "../../../src/base/errors.ts";

const ROWS: readonly Row[] = [
  { n_tokens: 1e9, split: 0.75, h0_web: 0.6, h0_code: 0.4, h1_web: 0.1, h1_code: 0.9, loss_a: 3 },
  { n_tokens: 2e9, split: 0.5, h0_web: 1, h0_code: 0, h1_web: 0.5, h1_code: 0.5, loss_a: 2 },
];
const failure = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.message;
  }
  return "no error";
};

describe("runs with phases", () => {
  test("have the share of all tokens of each domain of each phase", () => {
    const runs = toRuns(ROWS, { phases: { h0: 0.8, h1: "rest" } });
    expect(runs.phases).toEqual({ names: ["h0", "h1"], domains: ["web", "code"] });
    expect(runs.domains).toEqual(["h0/web", "h0/code", "h1/web", "h1/code"]);
    const expected = [0.48, 0.32, 0.02, 0.18, 0.8, 0, 0.1, 0.1];
    for (const [i, share] of expected.entries())
      expect(runs.train.weights[i]).toBeCloseTo(share, 15);
    expect(runs.train.inputs["phase[h1]"]).toEqual(Float64Array.of(0.2, 0.2));
  });

  test("may have phases of other lengths in each run", () => {
    const { train } = toRuns(ROWS, { phases: { h0: "split", h1: "rest" } });
    expect(train.weights.slice(4)).toEqual(Float64Array.of(0.5, 0, 0.25, 0.25));
    expect(train.inputs["phase[h0]"]).toEqual(Float64Array.of(0.75, 0.5));
  });

  test("share the supply", () => {
    const available = { web: 5e8, code: 2e8 };
    const { inputs } = toRuns(ROWS, { phases: { h0: 0.8, h1: 0.2 }, available }).train;
    expect(Object.keys(inputs)).toEqual(["tokens", "u[web]", "u[code]", "phase[h0]", "phase[h1]"]);
  });

  test("divide the shares of each phase by their sum where that is asked for", () => {
    const percent = ROWS.map((row) => ({ ...row, h1_web: 50, h1_code: 50 }));
    const read = toRuns(percent, { phases: { h0: 0.5, h1: 0.5 }, normalize: true });
    expect(read.train.weights.slice(2, 4)).toEqual(Float64Array.of(0.25, 0.25));
    expect(failure(() => toRuns(percent, { phases: { h0: 0.5, h1: 0.5 } }))).toMatch(
      /row 1, column "h1_web": the weight 50 is not between 0 and 1/,
    );
  });

  test.each([
    [{ h0: 1 }, "names 1 phase: there are two or more"],
    [{ h0: 0.5, h2: 0.5 }, "no column of the list of rows matches h2_\\*"],
    [{ h0: "rest", h1: "rest" }, 'says "rest" of more than one phase'],
    [{ h0: 0.5, h1: 0.6 }, "tokens sum to 1.1, not to 1"],
    [{ h0: 1.5, h1: "rest" }, "the phase h0 has 1.5 of the tokens"],
    [{ h0: "part", h1: "rest" }, 'no column "part"'],
  ])("refuse %o", (phases, message) => {
    expect(failure(() => toRuns(ROWS, { phases }))).toMatch(new RegExp(message));
  });

  test("refuse phases of different domains, and shares named twice", () => {
    const more = ROWS.map((row) => ({ ...row, h1_math: 0 }));
    const phases = { h0: 0.5, h1: 0.5 };
    expect(failure(() => toRuns(more, { phases }))).toMatch(
      /names h1 as a phase, which alone has columns of math in/,
    );
    expect(failure(() => toRuns(ROWS, { phases, weights: "h0_*" }))).toMatch(/both say/);
  });
});
