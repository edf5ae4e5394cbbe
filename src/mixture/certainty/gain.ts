/**
 * What a mixture gains over another one, corrected for the winner's curse: it was chosen because the
 * fitted law likes it, so that law likes it too much.
 */
import { mean } from "../../stats/moments.ts";
import { quantile } from "../../stats/interval.ts";
import type { Gain } from "../request/optimum.ts";

/** What a replicate of the bootstrap says: its optimum, and the goal by its laws. */
export interface Replicate {
  readonly h: Float64Array;
  readonly value: (h: Float64Array) => number;
}

/** A replicate farther than this from the middle, in interquartile ranges, is wild. */
const WILD = 5;

/** Numbers that are finite, in order. */
const inOrder = (values: readonly number[]): Float64Array =>
  Float64Array.from(values.filter(Number.isFinite)).sort();

/** The mean without wild values, such as those of replicates in other basins. */
export function robustMean(values: readonly number[]): number {
  const sorted = inOrder(values);
  if (sorted.length === 0) return NaN;
  const [q1, q2, q3] = [0.25, 0.5, 0.75].map((p) => quantile(sorted, p));
  return mean(sorted.filter((x) => Math.abs(x - q2) <= WILD * (q3 - q1)));
}

/**
 * How much more `other` loses than the chosen mixture. With G(h; θ) = L(other; θ) − L(h; θ), a
 * replicate's law θ_b stands to the fit θ̂ as the fit stands to the truth: its own optimum h_b gains
 * G(h_b; θ_b) by itself and G(h_b; θ̂) by the fit, so that
 *
 *     e_b = G(h_b; θ_b) − G(h_b; θ̂)
 *
 * is drawn as the error of the estimated gain Ĝ is. The corrected gain is Ĝ − mean e, and the
 * interval Ĝ less the quantiles of e (the basic bootstrap; Davison and Hinkley 1997, section 5.2).
 *
 * @param value the goal by the fit
 */
export function gainOver(
  other: Float64Array,
  chosen: Float64Array,
  value: (h: Float64Array) => number,
  replicates: readonly Replicate[],
  level: number,
): Gain {
  const atOther = value(other);
  const estimate = atOther - value(chosen);
  const errors = replicates.map(
    (replicate) =>
      replicate.value(other) - replicate.value(replicate.h) - (atOther - value(replicate.h)),
  );
  const sorted = inOrder(errors);
  return {
    estimate,
    corrected: estimate - robustMean(errors),
    interval: [
      estimate - quantile(sorted, (1 + level) / 2),
      estimate - quantile(sorted, (1 - level) / 2),
    ],
  };
}

/**
 * The winner's curse: by how much a law promises too much at its own optimum because it chose it.
 * The mean over replicates of L(h_b; θ̂) − L(h_b; θ_b), less the same at the fit's optimum ĥ, where
 * nothing was chosen by θ_b: what two laws lose at each other's optimum, which is never negative.
 */
export const optimismOf = (
  best: Float64Array,
  value: (h: Float64Array) => number,
  replicates: readonly Replicate[],
): number =>
  robustMean(replicates.map(({ h, value: own }) => value(h) - own(h) - (value(best) - own(best))));
