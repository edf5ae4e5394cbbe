/**
 * Predictive intervals: where the loss of a new run lies.
 *
 * Four parts, as standard deviations in units of the residual: what the runs leave open of the
 * parameters (the bootstrap; without one the delta method), the noise of a run, and beyond the
 * fitted runs the law's own error by back-tests (error-model.ts) and the spread of laws that the
 * back-tests cannot tell apart. The first, second and fourth add in squares, and `halfWidth` puts
 * the third to them. Inside the range the interval is parameters and noise alone.
 */
import type { Residual } from "./residual-units.ts";
import { normalQuantile } from "../../stats/normal.ts";
import type { Band } from "../inference/bands.ts";
import type { ErrorRate } from "./error-model.ts";
import { halfWidth } from "./half-width.ts";

/** What an interval is made of. All arrays have one number a row. */
export interface Parts {
  /** The law's values. */
  readonly values: Float64Array;
  /** The interval of the law's value at the level, from the bootstrap. */
  readonly bootstrap: Pick<Band, "low" | "high"> | undefined;
  /** Standard errors of the law's values, in units of the loss; where there is no bootstrap. */
  readonly standardErrors: Float64Array | undefined;
  /**
   * Standard deviation of a run's residual: of all runs, and of the largest ones; undefined where
   * no run was left to tell it.
   */
  readonly noise: Readonly<Record<"inside" | "beyond", number | undefined>>;
  /** Distance beyond the fitted runs. */
  readonly distances: Float64Array;
  /** How the law's error grows; undefined without back-tests. */
  readonly rate: ErrorRate | undefined;
  /** Standard deviation of laws that cannot be told apart, in units of the loss. */
  readonly spread: Float64Array | undefined;
}

/** The interval of a new run; its ends are infinite where there is none. */
export function predictiveBand(parts: Parts, residual: Residual, level: number): Band {
  const { values, bootstrap, standardErrors, noise, distances, rate, spread } = parts;
  const z = normalQuantile((1 + level) / 2);
  const [low, high] = [new Float64Array(values.length), new Float64Array(values.length)];
  for (const [row, value] of values.entries()) {
    const distance = distances[row];
    const isBeyond = distance > 0;
    const unit = residual.unitAt(value);
    const others = Math.hypot(
      (isBeyond ? noise.beyond : noise.inside) ?? Infinity,
      isBeyond ? (spread?.[row] ?? 0) / unit : 0,
    );
    const own = (end: number | undefined): number =>
      end === undefined ? (standardErrors?.[row] ?? Infinity) : Math.max(0, end) / z;
    const width = (end: number | undefined): number =>
      isBeyond && rate === undefined
        ? Infinity
        : halfWidth(Math.hypot(own(end) / unit, others), distance, rate, level);
    low[row] = residual.below(value, width(bootstrap && value - bootstrap.low[row]));
    high[row] = residual.above(value, width(bootstrap && bootstrap.high[row] - value));
  }
  return { level, of: "run", low, high };
}
