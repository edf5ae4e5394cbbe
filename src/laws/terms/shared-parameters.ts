/** Parameters that several laws share, and the power terms of N and D. */
import { type Expr, exp, mul, type Node, sub } from "../../expr/graph.ts";
import { type Chart, centered } from "../parameters/chart.ts";
import type { LossScale, ParameterSpec, TruthRange } from "../parameters/parameter-spec.ts";

/** True values: the logarithm of a number that is uniform in a range. */
export const logarithmOf =
  (low: number, high: number): TruthRange =>
  ({ between }) =>
    Math.log(between(low, high));

/**
 * The reducible loss, roughly: the part that the terms beside the irreducible loss explain. Where
 * that is nothing, it is 1e-3, or 1e-3 of the losses where these are below 1.
 */
export const reducible = ({ min, mean, max }: LossScale): number =>
  Math.max(mean - 0.6 * min, 1e-3 * (Math.min(1, Math.max(-min, max)) || 1));

/**
 * The irreducible loss E. It is optimized as it is, with the bound 0, so that a vanishing E is
 * reached: its logarithm would go down for ever.
 */
export const irreducible: ParameterSpec = {
  meaning: "irreducible loss E",
  per: "law",
  // Losses below 0 are fitted with E below them, where the user's bounds let it be there.
  start: (s) => (s.min > 0 ? [0, 0.9 * s.min] : [2 * s.min - s.max, s.min]),
  bounds: [0, Infinity],
  truth: [1.2, 1.8],
};

/**
 * ln of a positive coefficient. Starts make its term 5 to 100 % of the reducible loss at the data's
 * center.
 */
export const logCoefficient = (
  meaning: string,
  chart: Chart,
  per: "law" | "domain" = "law",
): ParameterSpec => ({
  meaning,
  per,
  chart,
  start: (s) => [Math.log(0.05 * reducible(s)), Math.log(reducible(s))],
  bounds: [-60, 60],
  truth: logarithmOf(0.25, 0.5),
});

/** A number of either sign, of the order of the reducible loss: a slope, a difference of losses. */
export const slope = (meaning: string, per: "law" | "domain" = "law"): ParameterSpec => ({
  meaning,
  per,
  start: (s) => [-reducible(s), reducible(s)],
});

type Range = readonly [number, number];

/** A parameter of a law as a whole whose ranges do not depend on the losses. */
export const scalar = (
  meaning: string,
  start: Range,
  bounds: Range,
  truth: TruthRange,
  chart?: Chart,
): ParameterSpec => ({
  meaning,
  per: "law",
  start: () => start,
  bounds,
  truth,
  ...(chart === undefined ? {} : { chart }),
});

/** An exponent of N or D. */
export const exponent = (meaning: string): ParameterSpec => ({
  meaning,
  per: "law",
  start: () => [0.05, 0.9],
  bounds: [0, 10],
  truth: [0.25, 0.4],
});

/** A and α of the size term A/N^α. */
export const sizeParameters: Readonly<Record<"lnA" | "alpha", ParameterSpec>> = {
  lnA: logCoefficient("ln A, size term", centered("A", { params: "alpha" })),
  alpha: exponent("exponent α of N"),
};

/** B and β of the token term B/D^β. */
export const tokenParameters: Readonly<Record<"lnB" | "beta", ParameterSpec>> = {
  lnB: {
    ...logCoefficient("ln B, token term", centered("B", { tokens: "beta" })),
    truth: logarithmOf(0.25, 0.6),
  },
  beta: exponent("exponent β of D"),
};

/** A/N^α as exp(ln A − α·ln N). */
export const powerTerm = (lnA: Expr, alpha: Expr, lnN: Expr): Node =>
  exp(sub(lnA, mul(alpha, lnN)));
