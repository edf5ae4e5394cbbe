/**
 * Losses over mixtures: functions on the simplex with their gradients, from the same graph as
 * everything else.
 */
import type { Evaluator64, Tables } from "../../expr/evaluator.ts";
import { workspace } from "../../expr/evaluator.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { type Code, codeOf, type Scale } from "./law-on-simplex.ts";

import { LEAST_SHARE } from "../../convex/smooth.ts";

export type { Scale } from "./law-on-simplex.ts";

/** A law with its fitted coordinates. */
export interface Fitted {
  readonly law: BoundLaw;
  readonly theta: ArrayLike<number>;
}

/** Σ_t w_t·L_t. */
export interface Term {
  readonly fitted: Fitted;
  readonly weight: number;
}

export interface Surface {
  readonly domains: number;
  /**
   * Loss at h, in the units of the loss columns, with the tangent below a part per million: what
   * the solvers minimize.
   */
  value(h: Float64Array): number;
  /** ∂loss/∂hᵢ into `out`; returns the loss. */
  gradient(h: Float64Array, out: Float64Array): number;
  /** The law's own value at h: what is reported. */
  readonly law: (h: Float64Array) => number;
}

/**
 * Targets of one law, evaluated together: what depends on the shares alone is computed once for all
 * of them.
 */
export interface Block {
  readonly code: Code;
  /** Positions of its targets. */
  readonly targets: readonly number[];
  /** Coordinates and scale, a row a target. */
  readonly tables: Tables;
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
  const byCode = new Map<Code, number[]>();
  for (const [t, { law }] of fits.entries()) {
    const code = codeOf(law, domains);
    byCode.set(code, [...(byCode.get(code) ?? []), t]);
  }
  const none = new Float64Array();
  const blocks = [...byCode].map(([code, targets]): Block => {
    const width = code.program.tables.run.length;
    const run = new Float64Array(width * targets.length);
    for (const [row, t] of targets.entries())
      code.fill(run.subarray(row * width, (row + 1) * width), theta[t], at);
    return { code, targets, tables: { mix: none, run, response: none } };
  });
  return { domains, blocks, sum: (weights) => sumOf(blocks, weights, domains) };
}

/** Σ w·L at (N, D). */
export const surface = (terms: readonly Term[], at: Scale, domains: number): Surface =>
  lossesOf(
    terms.map(({ fitted }) => fitted),
    at,
    domains,
  ).sum(terms.map(({ weight }) => weight));

function sumOf(blocks: readonly Block[], weights: readonly number[], domains: number): Surface {
  const parts = blocks.flatMap(({ code, targets, tables }) => {
    const weight = Float64Array.from(targets, (t) => weights[t]);
    if (weight.every((w) => w === 0)) return [];
    const { program, full, bare } = code;
    const sum =
      (which: Evaluator64, values: Float64Array, slopes: Float64Array) => (h: Float64Array) => {
        which.fit(values, h);
        return which.sumValue(values, tables, weight, 0, targets.length, slopes);
      };
    const [values, slopes, none] = [
      workspace(program),
      new Float64Array(program.columns.length),
      new Float64Array(),
    ];
    return [
      {
        value: sum(bare.code, workspace(bare.program), none),
        sloped: sum(full, values, slopes),
        values,
        slopes,
        columns: program.columns,
      },
    ];
  });
  const law = (h: Float64Array): number => {
    let loss = 0;
    for (const part of parts) loss += part.value(h);
    return loss;
  };
  const gradientAt = (h: Float64Array, out: Float64Array): number => {
    out.fill(0);
    let loss = 0;
    for (const { sloped, values, slopes, columns } of parts) {
      slopes.fill(0);
      loss += sloped(h);
      for (let c = 0; c < columns.length; c++) {
        const { entries } = columns[c];
        for (let e = 0; e < entries.length; e++)
          out[entries[e].param] += slopes[c] * values[entries[e].slot];
      }
    }
    return loss;
  };
  const raised = new Float64Array(domains);
  const slope = new Float64Array(domains);
  /** Loss and gradient at max(h, least); the loss then follows the tangent down to h. */
  const gradient = (h: Float64Array, out: Float64Array): number => {
    for (let i = 0; i < domains; i++) raised[i] = Math.max(h[i], LEAST_SHARE);
    let loss = gradientAt(raised, out);
    for (let i = 0; i < domains; i++) if (h[i] < LEAST_SHARE) loss += out[i] * (h[i] - LEAST_SHARE);
    return loss;
  };
  return {
    domains,
    value: (h) => {
      for (let i = 0; i < domains; i++) if (h[i] < LEAST_SHARE) return gradient(h, slope);
      return law(h);
    },
    gradient,
    law,
  };
}
