/** What a reader of predictive intervals must know of them. */
import { option } from "../../base/option-text.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { pointsOf } from "../../base/wording.ts";
import type { BandOptions } from "../inference/bands.ts";
import type { FitFile } from "../result/fit-file.ts";
import { distancesOf, type FitPrediction } from "./fit-bands.ts";
import { LEAST_LEVELS } from "./ladder.ts";

/**
 * Findings of the intervals of some predictions, all at the same points: beyond the runs there are
 * none, they rest on little, or they are of the law's value alone.
 */
export function intervalFindings(
  file: FitFile,
  predictions: readonly Pick<FitPrediction, "fit" | "law" | "points">[],
  { intervalOf }: Pick<BandOptions, "intervalOf">,
): Finding[] {
  const beyond = predictions
    .map((prediction) => ({
      ...prediction,
      rows: distancesOf(file, prediction).filter((distance) => distance > 0).length,
    }))
    .filter(({ rows }) => rows > 0);
  if (beyond.length === 0) return [];
  const most = Math.max(...beyond.map(({ rows }) => rows));
  const asked = Math.max(...beyond.map(({ points: { rows } }) => rows));
  const points = pointsOf(most, asked, "lies");
  if (intervalOf === "law") return beyond.some(({ fit }) => fit.bootstrap) ? [ofLaw(points)] : [];
  const untested = beyond.filter(({ fit }) => fit.backtests === undefined);
  const single = beyond.filter(({ fit }) => refitsOf(fit.backtests?.list) === 1);
  return [
    ...(untested.length === 0 ? [] : [noInterval(file, untested, points)]),
    ...(single.length === 0 ? [] : [oneRefit(single)]),
  ];
}

const refitsOf = (list: readonly { readonly levels: number }[] | undefined): number =>
  new Set(list?.map(({ levels }) => levels)).size;

const targetsOf = (fits: readonly Pick<FitPrediction, "fit">[]): string[] => [
  ...new Set(fits.map(({ fit }) => fit.target)),
];

/** Why there is no interval beyond the runs. */
function noInterval(
  { data: { coverage } }: FitFile,
  untested: readonly Pick<FitPrediction, "fit" | "law">[],
  points: string,
): Finding {
  const sizes = (coverage as typeof coverage | undefined)?.sizes ?? null;
  const why =
    sizes !== null && sizes < LEAST_LEVELS
      ? `back-tests need ${LEAST_LEVELS} sizes, and the runs have ${sizes}`
      : `there are no back-tests; fit with ${option("backtest")}`;
  return finding(
    "no-interval-beyond",
    `${points} beyond the runs without an interval, since how far the law errs there is not known: ${why}`,
    targetsOf(untested),
  );
}

const oneRefit = (single: readonly Pick<FitPrediction, "fit">[]): Finding =>
  finding(
    "few-backtests",
    "intervals beyond the runs rest on one refit, to the smallest sizes: they are wide for want of back-tests, and rough",
    targetsOf(single),
  );

const ofLaw = (points: string): Finding =>
  finding(
    "law-interval-beyond",
    `${points} beyond the runs, where the law errs by more than these intervals of its own value say`,
  );
