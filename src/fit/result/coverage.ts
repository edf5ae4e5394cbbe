/**
 * What a set of runs covers: sizes, token counts, and whether the two vary apart from each other.
 */
import { correlation, distinctOf, extremesOf } from "../../stats/moments.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Coverage, Extent } from "./fit-file.ts";
import { compact } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";

/**
 * |correlation of ln N and ln D| from which a design counts as collinear: a variance inflation
 * 1/(1 − ρ²) of about 10.
 */
export const COLLINEAR = 0.95;

/** Smallest and largest; null of nothing. */
export const span = (values: ArrayLike<number> | undefined): Extent | null => {
  if (values === undefined || values.length === 0) return null;
  const [min, max] = extremesOf(values);
  return { min, max };
};

/** Ranges of N, D and C = 6ND; `null` for what runs do not have. */
export interface Reach {
  readonly params: Extent | null;
  readonly tokens: Extent | null;
  readonly compute: Extent | null;
}

/** Training compute of a dense transformer, 6ND (Kaplan et al. 2020), in FLOP. */
export const computeOf = (params: number, tokens: number): number => 6 * params * tokens;

/** The reach of runs. */
export function reachOf({ params, tokens }: RunSet["inputs"]): Reach {
  const compute =
    params === undefined || tokens === undefined
      ? undefined
      : params.map((n, row) => computeOf(n, tokens[row]));
  return { params: span(params), tokens: span(tokens), compute: span(compute) };
}

/** Coverage of the rows; `null` for what they do not have. */
export function coverageOf({ inputs, rows }: Pick<RunSet, "inputs" | "rows">): Coverage {
  const { params, tokens } = inputs;
  const both = params !== undefined && tokens !== undefined && rows > 0;
  return {
    sizes: params === undefined ? null : distinctOf(params).length,
    tokenCounts: tokens === undefined ? null : distinctOf(tokens).length,
    tokensPerParam: both ? span(params.map((n, i) => tokens[i] / n)) : null,
    correlation: both ? correlation(params.map(Math.log), tokens.map(Math.log)) : null,
  };
}

/** Whether N and D vary too much together to be told apart. */
export const isCollinear = ({ correlation: rho }: Coverage): boolean =>
  rho !== null && Math.abs(rho) >= COLLINEAR;

/** "one size only (N = 70M)", "3 sizes (N from 20M to 25M)". */
export function spanWords(name: "N" | "D", range: Extent, distinct: number): string {
  const what = name === "N" ? "size" : "token count";
  return distinct === 1
    ? `one ${what} only (${name} = ${compact(range.min)})`
    : `${count(distinct, what)} (${name} from ${compact(range.min)} to ${compact(range.max)})`;
}
