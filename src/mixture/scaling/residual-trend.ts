/**
 * Whether what a law leaves of the losses still goes with N and D: then its exponents are those of
 * the formula rather than of the runs.
 *
 * Residuals are regressed on x = ln N, y = ln D, x², xy and y², against a constant (Ramsey 1969,
 * Tests for specification errors). Residuals beyond four robust standard deviations are cut there,
 * since a robust fit leaves such rows where they are. The degrees of freedom are those of the
 * blocks of rows that share their errors, not of the rows.
 */
import { median } from "../../stats/moments.ts";
import { tailF } from "../../stats/f-distribution.ts";
import { leastSquares } from "./least-squares.ts";

/** What N and D explain of the residuals. */
export interface ResidualTrend {
  /** Share of the residuals' variance, R². */
  readonly share: number;
  /** The chance of as much where the law is right. */
  readonly p: number;
}

/** Residuals beyond so many robust standard deviations are cut there. */
const CUT = 4;
/** Standard deviation of a normal variable over its median absolute deviation. */
const MAD = 1.4826;

/**
 * Undefined where N and D vary too little, or there are too few blocks.
 *
 * @param residuals one a row, in any unit
 * @param blocks how many rows, or groups of rows, have errors of their own
 */
export function residualTrend(
  params: Float64Array,
  tokens: Float64Array,
  residuals: Float64Array,
  blocks: number,
): ResidualTrend | undefined {
  const center = median(residuals);
  const cut = CUT * MAD * median(residuals.map((r) => Math.abs(r - center)));
  const values = Array.from(residuals, (r) => Math.max(-cut, Math.min(cut, r - center)));
  const [x, y] = [params, tokens].map((counts) => standardized(counts));
  const ones = values.map(() => 1);
  const constant = leastSquares([ones], values);
  const terms = [x, y, x.map((v) => v * v), x.map((v, i) => v * y[i]), y.map((v) => v * v)];
  const plane = leastSquares([ones, ...terms], values);
  const degreesOfFreedom = blocks - terms.length - 1;
  if (constant === undefined || plane === undefined || degreesOfFreedom < 1) return undefined;
  const share = constant.residual > 0 ? 1 - plane.residual / constant.residual : 0;
  const F = share / terms.length / ((1 - share) / degreesOfFreedom);
  return { share, p: tailF(F, terms.length, degreesOfFreedom) };
}

/** Logarithms, centered, in units of half their range. */
function standardized(counts: Float64Array): number[] {
  const logs = Array.from(counts, Math.log);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  return logs.map((value) => (2 * value - low - high) / (high - low || 1));
}
