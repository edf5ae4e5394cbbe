/** What `fit` says beside its tables: each sentence where it holds, and not where it does not. */
import { describe, expect, test } from "vitest";
import { style } from "../../../src/cli/io/output.ts";
import { noiseWords } from "../../../src/words/noise-floor.ts";
import { summary } from "../../../src/cli/print/fit/summary.ts";
import type { Backtests } from "../../../src/fit/result/backtests.ts";
import type { Fit, FitFile } from "../../../src/fit/result/fit-file.ts";
import { file, fit } from "./sample-fit.ts";

const options = { width: 110, style: style({ isTTY: false }), charts: false, parameters: true };
const said = (fits: readonly Fit[], over: Partial<FitFile> = {}): string =>
  summary({ ...file(fits), ...over }, options).replaceAll(/\s+/g, " ");
const plain = fit("additive", "loss_web");

describe("agreed", () => {
  const searched = (followed: number | undefined): Fit =>
    fit("additive", "loss_web", {
      search: {
        ...plain.search,
        reachedBest: 40,
        starts: 512,
        ...(followed === undefined ? {} : { followed }),
      },
    });

  test("is of the starts that were followed to their end", () => {
    expect(said([searched(48)])).toContain(" 40/48 ");
    expect(said([searched(undefined)])).toContain(" 40/512 ");
    expect(said([plain])).toContain("within 0.1 % of the best objective");
  });

  test("is marked where the fit did not come to its end", () => {
    for (const [status, mark] of [
      ["interrupted", "40/48~"],
      ["not-converged", "40/48!"],
    ] as const)
      expect(said([{ ...searched(48), search: { ...searched(48).search, status } }])).toContain(
        mark,
      );
  });

  test("goes with the chance of an optimum that no start has found", () => {
    const unseen = (chance: number): string =>
      said([{ ...plain, search: { ...plain.search, followed: 50, unseen: chance } }]);
    expect(unseen(0.06)).toContain(
      "the chance that another start would end in an optimum that none has: about 6.0 %",
    );
    expect(unseen(0)).toContain("would end in an optimum that none has: below 2.0 %");
    expect(said([plain])).not.toContain("would end in an optimum");
  });
});

describe("what the noise says of a fit", () => {
  const noise = { configurations: 6, runs: 12, degreesOfFreedom: 6, sd: 0.008, lackOfFit: null };
  const words = (residualSd: number, over: Partial<typeof noise> | object = {}): string =>
    noiseWords({ ...plain, residualSd, noise: { ...noise, ...over } }).join(" ");

  test("residuals up to 1.1 times the run-to-run noise cannot be bettered", () => {
    expect(words(0.0088)).toMatch(
      /is 1\.10 × the run-to-run noise.*no law of these inputs can do much better$/,
    );
    expect(words(0.0089)).not.toContain("no law of these inputs");
  });

  test("larger ones are lack of fit where the F test has p below 0.01, and else open", () => {
    expect(words(0.02, { lackOfFit: { F: 6.2, p: 0.009 } })).toMatch(
      /the law misses something that repeats \(lack of fit F = 6\.20, p = 0\.0090\)$/,
    );
    for (const lackOfFit of [{ F: 1.4, p: 0.01 }, null])
      expect(words(0.02, { lackOfFit })).toMatch(
        /so few repeats cannot tell whether another law would do better$/,
      );
  });

  test("standard deviations that are given are compared alike", () => {
    const over = (overSigma: number): string => noiseWords({ ...plain, overSigma }).join();
    expect(over(1.05)).toMatch(/× the standard deviations given: no law of these inputs can/);
    expect(over(1.2)).toMatch(/× the standard deviations given: the law misses something, or/);
    expect(noiseWords(plain)).toEqual([]);
  });
});

describe("parameters", () => {
  test("that were not fitted are told", () => {
    const text = said([{ ...plain, fixed: { alpha: 0.34 }, tied: { beta: "alpha" } }]);
    expect(text).toContain("note: additive: alpha is held at 0.34, beta is tied to alpha");
    expect(said([plain])).not.toMatch(/is held at|is tied to/);
  });

  test("that a ridge draws are told, with the λ of all targets", () => {
    const ridge = (x: number) => ({ parameters: { gamma: x }, penalty: 0, tried: [] });
    const text = said([
      { ...plain, ridge: ridge(1e-4) },
      { ...plain, ridge: ridge(2e-3) },
    ]);
    expect(text).toMatch(/a ridge draws parameters, λ gamma \S+ to 0.002\S*, by cross-validation/);
    expect(said([plain])).not.toContain("ridge");
    expect(text).not.toContain("keep it");
    const backtests: Backtests = {
      axis: "params",
      levels: [1, 2, 3],
      scale: 1,
      noise: 1,
      list: [],
    };
    expect(said([{ ...plain, ridge: ridge(1e-4), backtests }])).toContain(
      "by cross-validation; the refits of back-tests keep it, which has seen the runs",
    );
  });

  test("that the targets have in common are told", () => {
    const text = said([{ ...plain, common: ["alpha", "beta"] }]);
    expect(text).toContain("additive: the targets have in common alpha, beta");
    expect(said([plain])).not.toContain("in common");
  });

  test("have standard errors of blocks of rows, where rows share their error", () => {
    const small = (blocks: "group" | "configuration" | "rows"): string =>
      said([
        {
          ...plain,
          parameters: { E: 1 },
          standardErrors: { E: 0.1 },
          errors: { degreesOfFreedom: 9, blocks },
        },
      ]);
    expect(small("group")).toContain("±: standard error, rows of one group sharing their error.");
    expect(small("configuration")).toContain(
      "rows of equal parameters and mixture sharing their error",
    );
    expect(small("rows")).not.toContain("sharing their error");
  });

  test("that are not determined leave predictions inside alone, but not those of a failed fit", () => {
    const lost: Fit = { ...plain, certificate: { ...plain.certificate, notIdentified: ["E"] } };
    const safe = "Predictions inside the range of the data are not affected";
    expect(said([lost])).toContain(safe);
    expect(said([plain])).not.toContain(safe);
    const findings = [{ code: "worse-than-constant", sentence: "it is no fit" }] as const;
    expect(said([{ ...lost, verdict: { status: "failed", findings } }])).not.toContain(safe);
  });

  test("have profiles with open ends, and what the runs cover beside them", () => {
    const profile = {
      alpha: { level: 0.95, interval: [0.2, null], better: null, points: [] },
    } as const;
    const text = said([{ ...plain, profile }], {
      data: {
        ...file([]).data,
        range: { params: { min: 1e7, max: 1e9 }, tokens: { min: 1e9, max: 1e11 } },
        coverage: {
          sizes: 4,
          tokenCounts: 5,
          tokensPerParam: { min: 5, max: 20 },
          correlation: 0.924,
        },
      },
    });
    expect(text).toMatch(
      /95 % profile intervals, additive .* loss_web alpha 0\.31000 0\.20000 open/,
    );
    expect(text).toContain(
      "5.00 to 20.0 tokens per parameter · correlation of ln N and ln D 0.924",
    );
    expect(said([plain])).not.toContain("profile intervals");
  });
});

test("a bootstrap is told: replicates, blocks, kind, and refits that did not end as they should", () => {
  const bootstrap: Fit["bootstrap"] = {
    replicates: 200, unconverged: 3, otherBasin: 12, group: "mixture_id", blocks: 30,
    resampling: "multinomial", level: 0.9, interval: "bca", tolerance: 1e-5,
    parameters: {}, standardErrors: {}, coordinates: "", jackknife: "",
  }; // prettier-ignore
  const text = (over: Partial<NonNullable<Fit["bootstrap"]>>): string =>
    said([{ ...plain, parameters: {}, bootstrap: { ...bootstrap, ...over } }]);
  expect(text({})).toContain(
    "additive: 200 bootstrap replicates of 30 values of mixture_id, BCa intervals at 90 %; refits still moving at the end: loss_web 3; best in another basin: loss_web 12",
  );
  const clean = text({ unconverged: 0, otherBasin: 0, group: null, interval: "percentile" });
  expect(clean).toContain("200 bootstrap replicates of 30 rows, percentile intervals at 90 %");
  expect(clean).not.toMatch(/refits still moving|best in another basin/);
});

test("rows that were left out are counted by reason", () => {
  expect(said([plain])).toContain("note: left out: 3 rows that --where does not keep");
  expect(said([plain], { data: { ...file([]).data, dropped: [] } })).not.toContain("left out:");
});
