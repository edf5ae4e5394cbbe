import { describe, expect, test } from "vitest";
import { finding } from "../../src/base/verdict.ts";
import { bearingFindings, sizeFindings } from "../../src/fit/bearing-findings.ts";
import { predictionFindings } from "../../src/fit/prediction-findings.ts";
import type { Fit, FitFile } from "../../src/fit/result/fit-file.ts";
import { fitVerdict } from "../../src/fit/result/fit-verdict.ts";
import { read } from "../data/runs/fixture.ts";
import { drawLosses, drawMixture, fileOf } from "../mixture/fixture.ts";

const trained = Array.from({ length: 12 }, (_, n) => [...drawMixture(3, 5, n)]);
const file = fileOf(drawLosses("additive", 3, 3, 7), trained);
/** The file with some of its fits changed. */
const withFits = (change: (fit: Fit, n: number) => Partial<Fit>): FitFile => ({
  ...file,
  fits: file.fits.map((fit, n) => ({ ...fit, ...change(fit, n) })),
});
const found = (changed: FitFile, what: "predictions" | "optimum" = "optimum") =>
  bearingFindings(changed, changed.fits, what);
const certificate = (over: Partial<Fit["certificate"]>) => ({
  certificate: { ...file.fits[0].certificate, ...over },
});
const score = { rows: 9, mrePercent: 0.4, r2: 0.9, mae: 0.01, spearman: 1 };

describe("what was found of a fit is said of the answer", () => {
  test("nothing where nothing was found", () => {
    expect(found(file)).toEqual([]);
    expect(found(file, "predictions")).toEqual([]);
  });

  test("findings of verdicts that bear on it, once for all targets", () => {
    const verdict = fitVerdict([
      finding("not-converged", "the polish did not converge"),
      finding("runs-to-add", "to determine A, add a run"),
    ]);
    const changed = withFits((_, n) => (n === 1 ? {} : { verdict }));
    expect(found(changed)).toEqual([
      {
        code: "not-converged",
        sentence: "additive fits of loss_0, loss_2: the polish did not converge",
        about: ["loss_0", "loss_2"],
      },
    ]);
  });

  test("also where a file of version 1 has warnings only", () => {
    const warned = { warnings: ["a better fit may exist"], verdict: undefined };
    const older = withFits(() => warned as unknown as Partial<Fit>);
    expect(found(older)).toMatchObject([
      { code: "carried-over", sentence: expect.stringContaining("a better fit may exist") as unknown },
    ]); // prettier-ignore
  });

  test.each<[string, FitFile, string, string]>([
    [
      "parameters at a bound",
      withFits((_, n) => certificate({ atBound: n === 0 ? ["E"] : ["E", "alpha"] })),
      "parameters-at-bound",
      "additive fits of loss_0, loss_1, loss_2: E (3 of 3 fits), alpha (2) at a bound of the range: another value may fit better",
    ],
    [
      "mixture parameters that are not determined",
      withFits((_, n) => (n === 0 ? certificate({ notIdentified: ["A", "C[d1]"] }) : {})),
      "mixture-not-determined",
      "additive fit of loss_0: the runs do not determine C[d1]",
    ],
    [
      "lack of fit",
      withFits((_, n) => ({
        noise: { configurations: 3, runs: 9, degreesOfFreedom: 6, sd: 0.01, lackOfFit: { F: 9, p: n === 1 ? 0.001 : 0.2 } },
      })), // prettier-ignore
      "lack-of-fit",
      "additive fit of loss_1: the law misses something that repeats from run to run (lack of fit, p = 0.0010)",
    ],
    [
      "the error on runs held out",
      withFits((_, n) => (n === 2 ? {} : { test: { ...score, mrePercent: 0.4 + n } })),
      "held-out-error",
      "additive fits: mean error on 9 runs that were held out: loss_1 1.40 %, loss_0 0.40 %",
    ],
  ])("%s", (_, changed, code, sentence) => {
    expect(found(changed).map((each) => [each.code, each.sentence])).toEqual([[code, sentence]]);
  });

  test("parameters of N and D that are not determined do not bear on the mixture", () => {
    expect(found(withFits(() => certificate({ notIdentified: ["A", "alpha"] })))).toEqual([]);
  });
});

test("of laws without a mixture those of N and D bear on the best sizes, and E does not", () => {
  const sizes = fileOf(drawLosses("chinchilla", 0, 1, 7));
  const changed: FitFile = {
    ...sizes,
    fits: sizes.fits.map((fit) => ({ ...fit, ...certificate({ notIdentified: ["E", "B"] }) })),
  };
  expect(found(changed)).toMatchObject([
    { code: "size-terms-not-determined", sentence: "chinchilla fit of loss_0: the runs do not determine B" },
  ]); // prettier-ignore
});

describe("a law without N or D", () => {
  const mixture = fileOf(drawLosses("mixture", 3, 2, 7), trained);
  test("that is asked at one says that the answer does not depend on it", () => {
    const [said, ...others] = sizeFindings(mixture, mixture.fits, { params: true, tokens: false });
    expect(others).toEqual([]);
    expect(said).toMatchObject({ code: "law-without-size", about: ["loss_0", "loss_1"] });
    expect(said?.sentence).toMatch(/the law does not depend on N, so the answer is the same at any ‘params’/); // prettier-ignore
  });
  test("says nothing where it is not asked, nor a law that has both", () => {
    const none = { params: false, tokens: false };
    expect(sizeFindings(mixture, mixture.fits, none)).toEqual([]);
    expect(sizeFindings(file, file.fits, { params: true, tokens: true })).toEqual([]);
  });
});

test("predictions are told of a domain that the runs held, where a point has another share", async () => {
  const held = fileOf(
    drawLosses("additive", 3, 1, 7),
    Array.from({ length: 12 }, (_, n) => {
      const [a = 0, b = 0] = drawMixture(2, 5, n);
      return [0.9 * a, 0.9 * b, 0.1];
    }),
  );
  const points = (law: number) =>
    read(`n_params,n_tokens,h_d0,h_d1,h_d2\n1e9,1e10,0.5,${0.5 - law},${law}\n`, { targets: "" });
  expect(predictionFindings(held, await points(0.1))).toEqual([]);
  expect(predictionFindings(held, await points(0.2)).map(({ code }) => code)).toEqual([
    "held-domains",
  ]);
});
