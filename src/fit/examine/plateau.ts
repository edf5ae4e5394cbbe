/**
 * Fits that are as good as the best one but for rounding, and elsewhere. The loss is then flat from
 * one to the other: a robust loss with δ far below the noise is nearly a sum of absolute residuals,
 * whose least value is not at one point where rows repeat the same inputs; or two parameters of a
 * law can change places.
 */
import { exponential, number } from "../../base/format-number.ts";
import { firstOf } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { count, shorten } from "../../base/wording.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { Plateau } from "../result/fit-file.ts";
import type { Best } from "../search/search.ts";

/**
 * Parameters differ that differ by more than this share of their size, and of their least usual
 * size: coefficients of 1e-20 and 1e-30 are both 0.
 */
const MOVED = 1e-3;
/** Parameters whose values a sentence gives. */
const NAMED = 6;

/** The reported parameters that tied points differ in; undefined where there are none. */
export function plateauOf(
  law: BoundLaw,
  { theta, tied }: Pick<Best, "theta" | "tied">,
  scale: LossScale,
): Plateau | undefined {
  if (tied.length === 0) return undefined;
  const points = [theta, ...tied].map((point) => flatten(law.reportAt(point)));
  const usual = leastUsual(law, theta, scale);
  const moved = [...firstOf(points).keys()].flatMap((label) => {
    const values = points.flatMap((point) => point.get(label) ?? []);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const size = Math.max(Math.abs(low), Math.abs(high), usual.get(label) ?? 0);
    const isMoved = high - low > MOVED * size;
    return isMoved ? [[label, [low, high]] as const] : [];
  });
  return moved.length === 0
    ? undefined
    : { points: points.length, parameters: Object.fromEntries(moved) };
}

/** Sizes of reported parameters with their coordinate at the near end of its start range. */
function leastUsual(
  law: BoundLaw,
  theta: Float64Array,
  scale: LossScale,
): ReadonlyMap<string, number> {
  return new Map(
    law.coordinates.map(({ label, spec }, i) => {
      const [low] = spec.start(scale, law.domains.length);
      const value = flatten(law.reportAt(theta.with(i, low))).get(label) ?? 0;
      return [label, Math.abs(value)] as const;
    }),
  );
}

/**
 * What a plateau means for a reader of parameters, where it is not clear already that they are not
 * determined.
 *
 * @param known parameters that are known not to be determined
 */
export function plateauFindings(
  plateau: Plateau | undefined,
  objective: number,
  known: readonly string[],
): Finding[] {
  if (plateau === undefined) return [];
  const { points, parameters } = plateau;
  if (Object.keys(parameters).every((label) => known.includes(label))) return [];
  const spans = Object.entries(parameters).map(
    ([label, [low, high]]) => `${label} ${number(low, 4)} … ${number(high, 4)}`,
  );
  return [
    finding(
      "plateau-of-fits",
      `${count(points, "fit")} with the same objective (${exponential(objective, 3)}) differ in ${shorten(spans, NAMED)}: the loss is flat there, and another ${option("seed")} can end elsewhere; ${option("loss", "squared")} or a larger ${option("delta")} has one answer`,
      Object.keys(parameters),
    ),
  ];
}
