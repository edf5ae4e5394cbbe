import { describe, expect, test } from "vitest";
import { chooseLaw, chosenFindings } from "../../../src/fit/backtest/choose-law.ts";
import type { Fit, FitFile } from "../../../src/fit/result/fit-file.ts";
import { fitVerdict } from "../../../src/fit/result/fit-verdict.ts";
import { finding } from "../../../src/base/verdict.ts";

const TARGETS = ["loss_a", "loss_b", "loss_c", "loss_d"];

/** Fits of a law with so many parameters; `errorOf` gives each back-test's error. */
const fitsOf = (
  law: string,
  parameters: number,
  errorOf: (target: number, levels: number) => number,
  codes: Parameters<typeof finding>[0][] = [],
): Fit[] =>
  TARGETS.map((target, t) => ({
    law,
    target,
    coordinates: Object.fromEntries(Array.from({ length: parameters }, (_, i) => [`p${i}`, 0])),
    verdict: fitVerdict(codes.map((code) => finding(code, "so it is"))),
    backtests: {
      axis: "params",
      levels: [1, 2, 3, 4],
      scale: 2,
      noise: 0.01,
      list: [2, 3].map((levels) => ({
        fittedTo: levels,
        levels,
        predicted: levels + 1,
        rows: 10,
        distance: 0.5,
        error: errorOf(t, levels),
        scatter: 0,
        noise: 0.01,
        standardError: 0,
      })),
    },
  })) as unknown as Fit[];
const said = (fits: readonly Fit[]): string[] =>
  chosenFindings({ chosen: chooseLaw(fits) } as FitFile).map(({ code, sentence }) => `${code}: ${sentence}`); // prettier-ignore

describe("the law that is used where none is asked for", () => {
  const small = fitsOf("small", 5, (t) => 0.02 + 0.002 * t);

  test('is the one whose back-tests erred least: "law-chosen"', () => {
    const large = fitsOf("large", 9, (t) => 0.01 + 0.001 * t);
    const fits = [...small, ...large];
    expect(chooseLaw(fits)).toMatchObject({ law: "large", by: "back-tests", alike: ["large"] });
    expect(said(fits)).toEqual([
      "law-chosen: of the file's laws large is the one to use: it erred least in back-tests (large 0.58 % and small 1.2 %)",
    ]);
  });

  test('is the one with the fewest parameters where they cannot tell: "laws-alike"', () => {
    const large = fitsOf("large", 9, (t) => 0.02 + 0.002 * t + (t % 2 === 0 ? -0.005 : 0.004));
    const fits = [...large, ...small];
    expect(chooseLaw(fits)).toMatchObject({ law: "small", alike: ["large", "small"] });
    expect(said(fits)[0]).toMatch(
      /^laws-alike: of the file's laws small is the one to use: back-tests cannot tell large and small apart \(errors large .* % and small .* %\), and of these it has the fewest parameters$/,
    );
  });

  test("counts later refits for more", () => {
    const early = fitsOf("early", 5, (_, levels) => (levels === 2 ? 0.04 : 0.01));
    const late = fitsOf("late", 5, (_, levels) => (levels === 2 ? 0.01 : 0.04));
    expect(chooseLaw([...late, ...early])?.law).toBe("early");
  });

  test("is no failed one, and none of a file with one law or without back-tests", () => {
    const failed = fitsOf("failed", 9, () => 0.001, ["not-converged"]);
    expect(chooseLaw([...small, ...failed])?.law).toBe("small");
    expect(chooseLaw(small)).toBeUndefined();
    const untested = [...small, ...failed].map((fit) => {
      const { backtests, ...others } = fit;
      expect(backtests).toBeDefined();
      return others;
    });
    expect(chooseLaw(untested)).toBeUndefined();
    expect(said(untested)).toEqual([]);
  });
});
