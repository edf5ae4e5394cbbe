/** The optimum at one place along the scales of N and D. */
import type { Extent, FitFile } from "../fit/result/fit-file.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import type { Optimum } from "./request/optimum.ts";

/** A scale; null where no law asks for it. */
export interface Point {
  /** N, absolute. */
  readonly params: number | null;
  /** D, absolute. */
  readonly tokens: number | null;
}

/** The optimum at one place of a path. */
export interface PathRow extends Point {
  /** Training compute, 6ND; null where N or D is. */
  readonly flops: number | null;
  /** The optimum there. */
  readonly optimum: Optimum;
  /** "params", "tokens": the inputs that lie outside the training runs' range. */
  readonly outside: readonly ("params" | "tokens")[];
}

/** How an optimum is found: `(options) => engine.optimize(file, options)`. */
export type Solve = (options: OptimizeOptions) => Promise<Optimum>;

/** Training compute of a dense transformer, 6ND (Kaplan et al. 2020). */
const flopsOf = ({ params, tokens }: Point): number | null =>
  params === null || tokens === null ? null : 6 * params * tokens;

/** Written counts are rounded: nearer than this to the range is not outside. */
const SLACK = 1e-3;

/** Which of N and D lie outside the range of the training runs. */
export function outside({ data }: FitFile, point: Point): ("params" | "tokens")[] {
  const isOutside = (x: number | null, range: Extent | null): boolean =>
    x !== null && range !== null && (x < range.min * (1 - SLACK) || x > range.max * (1 + SLACK));
  return (["params", "tokens"] as const).filter((name) => isOutside(point[name], data.range[name]));
}

/** The optimum at a point, whatever scale the options have. */
export async function optimizeAt(
  file: FitFile,
  solve: Solve,
  options: OptimizeOptions,
  point: Point,
): Promise<PathRow> {
  const { params: _, tokens: __, ...rest } = options;
  const scale = {
    ...(point.params === null ? {} : { params: point.params }),
    ...(point.tokens === null ? {} : { tokens: point.tokens }),
  };
  return {
    ...point,
    flops: flopsOf(point),
    optimum: await solve({ ...rest, ...scale }),
    outside: outside(file, point),
  };
}

/** The options, with their progress counted as a part of a longer one. */
export const withProgress = (
  options: OptimizeOptions,
  from: number,
  to: number,
): OptimizeOptions => ({
  ...options,
  onProgress: (fraction) => options.onProgress?.(from + (to - from) * fraction),
});
