/**
 * What a mixture gains over another one, corrected for the winner's curse: it was chosen because
 * the fitted law likes it, so that law likes it too much.
 */
import { mean } from "../../stats/moments.ts";
import { quantile } from "../../stats/interval.ts";
import type { Gain } from "../request/optimum-interval.ts";

/** What a replicate of the bootstrap says: its optimum, and the goal by its laws. */
export interface Replicate {
  readonly h: Float64Array;
  readonly value: (h: Float64Array) => number;
  /**
   * The goal by the fits of the laws that the replicate is of, where it is not of all: of an
   * average each replicate is of one law.
   */
  readonly fitted?: ((h: Float64Array) => number) | undefined;
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
 * The winner's curse: by how much a law promises too much at its own optimum because it chose it. A
 * replicate's law θ_b stands to the fit θ̂ as the fit stands to the truth, so it is the mean over
 * replicates of what the optimum h_b of one promises more by its own law than by the fit, less the
 * same at the fit's optimum ĥ, where θ_b chose nothing:
 *
 *     [L(h_b; θ̂) − L(h_b; θ_b)] − [L(ĥ; θ̂) − L(ĥ; θ_b)]
 *
 * That is what two laws lose at each other's optimum, never negative. The second bracket has an
 * expectation near 0 and takes away most of the scatter (docs/lab-notes.md). A replicate of one law
 * of an average is compared with the fit of that law.
 */
export const optimismOf = (
  best: Float64Array,
  value: (h: Float64Array) => number,
  replicates: readonly Replicate[],
): number =>
  robustMean(
    replicates.map(({ h, value: own, fitted = value }) =>
      fitted(h) - own(h) - (fitted(best) - own(best)),
    ),
  ); // prettier-ignore

/**
 * How much more `other` loses than the chosen mixture, by the fit and less its optimism. The
 * interval is that of the basic bootstrap (Davison and Hinkley 1997, section 5.2): with the gain
 * G(h; θ) = L(other; θ) − L(h; θ), the error of the estimate is drawn as G(h_b; θ_b) − G(h_b; θ̂)
 * is, and the latter is the estimate plus L(ĥ; θ̂) − L(h_b; θ̂). With a replicate of one law of an
 * average, θ̂ is the fit of that law in these two: what it gains at the chosen mixture beyond what
 * the average does is part of the error.
 *
 * @param value the goal by the fit
 */
export function gainOver(
  other: Float64Array,
  chosen: Float64Array,
  value: (h: Float64Array) => number,
  replicates: readonly Replicate[],
  level: number,
  optimism: number,
): Gain {
  const estimate = value(other) - value(chosen);
  const errors = inOrder(
    replicates.map(
      ({ h, value: own, fitted = value }) =>
        own(other) - own(h) - (estimate + fitted(chosen) - fitted(h)),
    ),
  );
  return {
    estimate,
    corrected: estimate - optimism,
    interval: [
      estimate - quantile(errors, (1 + level) / 2),
      estimate - quantile(errors, (1 - level) / 2),
    ],
  };
}
