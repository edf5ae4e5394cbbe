/**
 * Losses over mixtures: functions on the simplex with their gradients, from the same graph as
 * everything else.
 */
import { itemAt } from "../../base/known.ts";
import { LEAST_SHARE, type Smooth } from "../../convex/smooth.ts";
import { hessianOfLaws } from "./hessian-of-laws.ts";
import { onSimplex, type Scale, type SimplexLaw } from "./law-on-simplex.ts";
import { sumsOf, type WeightedRows } from "./simplex-sums.ts";
import type { Fitted, Term, WeightedSum } from "./weighted-sum.ts";

export type { Scale } from "./law-on-simplex.ts";
export type { Fitted, Term } from "./weighted-sum.ts";

/**
 * A loss as the solvers minimize it, in the units of the loss columns: with the tangent below a
 * share of a part per million.
 */
export interface Surface extends Smooth {
  /** The law's own value at h, for shares of any size: what is reported. */
  readonly law: (h: Float64Array) => number;
  /** The sum of laws that it is; undefined where it is something else of them. */
  readonly sum: WeightedSum | undefined;
  /**
   * The same where some shares, 1 in `held`, never move: they have no tangent below a part per
   * million, which would be as steep as it is useless; their slope is the law's own, 0 at a share
   * of 0.
   */
  readonly holding: (held: Uint8Array) => Surface;
}

/**
 * Targets of one law, evaluated together: what depends on the shares alone is computed once for all
 * of them.
 */
export interface Block {
  readonly law: SimplexLaw;
  /** Positions of its targets among all. */
  readonly targets: readonly number[];
  /** Coordinates and scale, a row a target. */
  readonly rows: Float64Array;
}

/** The losses of some targets at one scale. */
export interface Losses {
  readonly domains: number;
  readonly blocks: readonly Block[];
  /** Σ weights[t]·L_t; a weight of 0 costs nothing. */
  sum(weights: readonly number[]): Surface;
}

/**
 * Losses of targets at a scale. Laws are compiled when first met in the process; other coordinates
 * or another scale cost some microseconds.
 * @param theta the coordinates by target, where they are not the fitted ones
 * @example lossesOf(fits, { params: 7e9, tokens: 150e9 }, 7).sum([0.5, 0.5]).law(h)
 */
export function lossesOf(
  fits: readonly Fitted[],
  at: Scale,
  domains: number,
  theta = fits.map((fit) => fit.theta),
): Losses {
  const byLaw = new Map<SimplexLaw, number[]>();
  for (const [t, fit] of fits.entries()) {
    const law = onSimplex(fit.law, domains);
    byLaw.set(law, [...(byLaw.get(law) ?? []), t]);
  }
  const blocks = [...byLaw].map(([law, targets]): Block => {
    const width = law.programs.gradient.tables.run.length;
    const rows = new Float64Array(width * targets.length);
    for (const [n, t] of targets.entries())
      law.fill(rows.subarray(n * width, (n + 1) * width), theta[t], at);
    return { law, targets, rows };
  });
  const termsOf = (weights: readonly number[]): Term[] =>
    fits.map((fit, t) => ({
      fitted: theta[t] === fit.theta ? fit : { ...fit, theta: itemAt(theta, t) },
      weight: itemAt(weights, t),
    }));
  const none = new Uint8Array(domains);
  const surfaceOf = (weights: readonly number[], held: Uint8Array): Surface => {
    const sum = { terms: termsOf(weights), at, held };
    return {
      ...sumOf(blocks, weights, domains, held),
      sum,
      slopes: (h, step) => hessianOfLaws(sum, h, step),
      holding: (shares) => surfaceOf(weights, shares),
    };
  };
  return { domains, blocks, sum: (weights) => surfaceOf(weights, none) };
}

/** Σ w·L at (N, D). */
export const surface = (terms: readonly Term[], at: Scale, domains: number): Surface =>
  lossesOf(
    terms.map(({ fitted }) => fitted),
    at,
    domains,
  ).sum(terms.map(({ weight }) => weight));

/** The part of a sum that one block's targets have. */
interface Part {
  readonly value: (h: Float64Array) => number;
  /** Adds ∂part/∂hᵢ to `out`; returns the part. */
  readonly addGradient: (h: Float64Array, out: Float64Array) => number;
}

/** Undefined where all of its targets have the weight 0. */
function partOf(block: Block, weights: readonly number[]): Part | undefined {
  const sum = weighted(block, weights);
  if (sum.weights.length === 0) return undefined;
  const sums = sumsOf(block.law.programs, sum);
  return {
    value: (h) => sums.value(sum, h),
    addGradient: (h, out) => sums.addGradient(sum, h, out),
  };
}

/** The rows that weigh something. */
function weighted({ targets, rows }: Block, weights: readonly number[]): WeightedRows {
  const width = rows.length / targets.length;
  const used = [...targets.keys()].filter((n) => weights[targets[n]] !== 0);
  const kept = used.length === targets.length ? rows : new Float64Array(used.length * width);
  if (kept !== rows)
    for (const [n, from] of used.entries())
      kept.set(rows.subarray(from * width, (from + 1) * width), n * width);
  return { rows: kept, weights: Float64Array.from(used, (n) => weights[targets[n]]) };
}

function sumOf(
  blocks: readonly Block[],
  weights: readonly number[],
  domains: number,
  held: Uint8Array,
): Omit<Surface, "sum" | "holding"> {
  const parts = blocks.flatMap((block) => partOf(block, weights) ?? []);
  const law = (h: Float64Array): number => {
    let loss = 0;
    for (const part of parts) loss += part.value(h);
    return loss;
  };
  const raised = new Float64Array(domains);
  const slope = new Float64Array(domains);
  const isBelow = (h: Float64Array, i: number): boolean => held[i] === 0 && h[i] < LEAST_SHARE;
  /** Loss and gradient at max(h, least); the loss then follows the tangent down to h. */
  const gradient = (h: Float64Array, out: Float64Array): number => {
    for (let i = 0; i < domains; i++) raised[i] = isBelow(h, i) ? LEAST_SHARE : h[i];
    out.fill(0);
    let loss = 0;
    for (const part of parts) loss += part.addGradient(raised, out);
    for (let i = 0; i < domains; i++) if (isBelow(h, i)) loss += out[i] * (h[i] - LEAST_SHARE);
    return loss;
  };
  return {
    domains,
    value: (h) => {
      for (let i = 0; i < domains; i++) if (isBelow(h, i)) return gradient(h, slope);
      return law(h);
    },
    gradient,
    law,
  };
}
