/**
 * What bears on predictions at some points: of the fits, and of the mixtures that they came from.
 */
import { itemAt } from "../base/known.ts";
import type { Finding } from "../base/verdict.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { bearingFindings } from "./bearing-findings.ts";
import type { FitFile } from "./result/fit-file.ts";
import { gapFindings, type ShareGap, shareGaps } from "./result/known-shares.ts";

/**
 * Shares are renormalized and written in few digits: nearer than this to the runs is among them.
 */
const SLACK = 1e-3;

/**
 * The findings of a file's fits that bear on predictions at these points. What the runs' mixtures
 * do not tell is said where a point asks for it.
 *
 * @example predictionFindings(file, await readRuns("points.csv", { targets: "" }))
 */
export const predictionFindings = (file: FitFile, points: Runs): Finding[] => [
  ...bearingFindings(file, file.fits, "predictions"),
  ...untoldFindings(file, points, shareGaps(file.data)),
];

/**
 * What the runs' mixtures do not tell and a point asks for.
 *
 * @param gaps of the file's runs, by `shareGaps`
 */
export const untoldFindings = (file: FitFile, points: Runs, gaps: readonly ShareGap[]): Finding[] =>
  gapFindings(gaps.filter((gap) => isAsked(gap, file, points)));

/** Whether a point leaves what the runs had along a direction that they do not tell. */
function isAsked(
  { directions }: ShareGap,
  { data: { domains, mixtures } }: FitFile,
  { domains: pointDomains, train: { rows, weights } }: Runs,
): boolean {
  const columns = domains.map((domain) => pointDomains.indexOf(domain));
  const k = pointDomains.length;
  return directions.some((direction) => {
    const along = (shareOf: (i: number) => number): number =>
      direction.reduce((sum, x, i) => sum + x * shareOf(i), 0);
    const trained = mixtures.map((mixture) => along((i) => itemAt(mixture.weights, i)));
    const least = trained.reduce((a, b) => Math.min(a, b), Infinity);
    const most = trained.reduce((a, b) => Math.max(a, b), -Infinity);
    return Array.from({ length: rows }, (_, row) =>
      along((i) => {
        const column = itemAt(columns, i);
        return column < 0 ? 0 : itemAt(weights, row * k + column);
      }),
    ).some((value) => value < least - SLACK || value > most + SLACK);
  });
}
