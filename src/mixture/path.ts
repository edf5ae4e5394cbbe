/**
 * How the optimum moves with scale: along lists of (N, D), at a fixed compute, and in the limit.
 */
import { AbortedError, InputError } from "../base/errors.ts";
import { anObject, readOptions } from "../options/option-schema.ts";
import type { FitFile, Extent } from "../fit/result/fit-file.ts";
import { someFlops } from "./request/check-options.ts";
import type { OptimizeOptions, Optimum } from "./request/optimum.ts";
import { resolver } from "./solver/resolver.ts";

/** A scale; null where no law asks for it. */
export interface Point {
  /** N, absolute. */
  readonly params: number | null;
  /** D, absolute. */
  readonly tokens: number | null;
}

/** A place on a path: a point, or a training compute at which N and D are chosen too. */
export type Stop =
  | Point
  | {
      /** Training compute, 6ND. */
      readonly flops: number;
    };

/** The optimum at one place of a path. */
export interface PathRow extends Point {
  /** Training compute, 6ND; null where N or D is. */
  readonly flops: number | null;
  /** The optimum there. */
  readonly optimum: Optimum;
  /** "params", "tokens": the inputs that lie outside the training runs' range. */
  readonly outside: readonly ("params" | "tokens")[];
}

const COMPUTE = anObject({ flops: someFlops });

/** How an optimum is found: `(options) => engine.optimize(file, options)`. */
export type Solve = (options: OptimizeOptions) => Promise<Optimum>;

/**
 * The objective of the best mixture at some N and D, without what else an `Optimum` says. Throws
 * InputError where constraints leave no mixture.
 */
export type Best = (at: {
  readonly params: number;
  readonly tokens: number;
}) => number | Promise<number>;

/** Each solve from where the last one ended. A goal over replicates is solved in full. */
function bestAlong(file: FitFile, solve: Solve, options: OptimizeOptions): Best {
  if (options.robust !== undefined) {
    const light = {
      ...options,
      samples: 0,
      epsilon: 0,
      intervals: false,
      onProgress: () => undefined,
    };
    return async (at) => (await solve({ ...light, ...at })).objective;
  }
  let again: ReturnType<typeof resolver> | undefined;
  let starts: Float64Array[] = [];
  return (at) => {
    again ??= resolver(file, { ...options, ...at });
    const { h, objective } = again.solve({ at, ...(starts.length > 0 && { starts }) });
    starts = [h];
    return objective;
  };
}

/** Training compute of a dense transformer, 6ND (Kaplan et al. 2020). */
export const flopsOf = ({ params, tokens }: Point): number | null =>
  params === null || tokens === null ? null : 6 * params * tokens;

/** Written counts are rounded: nearer than this is not outside. */
const SLACK = 1e-3;

/** Which of N and D lie outside the range of the training runs. */
export const outside = (file: FitFile, point: Point): ("params" | "tokens")[] => {
  const off = (x: number | null, span: Extent | null): boolean =>
    x !== null && span !== null && (x < span.min * (1 - SLACK) || x > span.max * (1 + SLACK));
  return (["params", "tokens"] as const).filter((name) => off(point[name], file.data.range[name]));
};

/**
 * The optimum at each stop, in order; fewer when the signal fires. `best` as in `optimizeCompute`.
 *
 * @throws InputError as `optimize` does.
 * @example
 * const solve = (options: OptimizeOptions) => engine.optimize(file, options);
 * await optimizePath(file, solve, {}, [{ params: 1e9, tokens: 20e9 }, { flops: 1e21 }]);
 */
export async function optimizePath(
  file: FitFile,
  solve: Solve,
  options: OptimizeOptions,
  stops: readonly Stop[],
  best: Best = bestAlong(file, solve, options),
): Promise<PathRow[]> {
  const rows: PathRow[] = [];
  for (const [i, stop] of stops.entries()) {
    await breathe();
    if (options.signal?.aborted === true) break;
    const here = {
      ...options,
      onProgress: (f: number) => options.onProgress?.((i + f) / stops.length),
    };
    try {
      rows.push(
        "flops" in stop
          ? await optimizeCompute(file, solve, here, stop.flops, best)
          : await optimizeAt(file, solve, here, stop),
      );
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error;
      break;
    }
    options.onProgress?.((i + 1) / stops.length);
  }
  return rows;
}

/** Solving may leave the event loop no turn: an interruption is heard between two stops. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function optimizeAt(
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

/**
 * So large that A/N^α and B/D^β are gone for every exponent a fit can have, and still finite in
 * logarithms.
 */
export const FAR = 1e300;

/**
 * The optimum in the limit N, D → ∞, where only the terms that do not shrink decide. Caps from
 * available tokens leave no mixture of ever more tokens.
 *
 * @throws InputError as `optimize` does.
 */
export const optimizeLimit = (solve: Solve, options: OptimizeOptions): Promise<Optimum> =>
  solve({ ...options, params: FAR, tokens: FAR });

/** Tokens a parameter between which `optimizeCompute` looks. */
export const RATIOS = { least: 1, most: 1000 } as const;
const SCAN = 13;
/** ln N to this much. */
const RESOLUTION = 1e-4;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** What the scan and the search take, about, and their part of the whole, for progress. */
const SOLVES = 36;
const SEARCHED = 0.9;

/**
 * N, D and h together at 6ND = C: the best mixture's loss as a function of ln N, by a scan over the
 * tokens-per-parameter ratios 1 … 1000 and a golden-section search around its best point. Loss
 * falls and rises again along C (Hoffmann et al. 2022), so one basin is expected; the scan guards
 * against more. Where constraints leave no mixture (caps from available tokens at a large D), the
 * loss counts as infinite.
 * @param flops the training compute C
 * @param best what is searched with; default: `resolver`, some milliseconds a solve. What is
 *   reported is `solve`'s.
 * @throws InputError as `optimize` does, and for a compute that is not positive.
 */
export async function optimizeCompute(
  file: FitFile,
  solve: Solve,
  options: OptimizeOptions,
  flops: number,
  best: Best = bestAlong(file, solve, options),
): Promise<PathRow> {
  readOptions("optimizeCompute", COMPUTE, { flops });
  const point = (lnN: number): { params: number; tokens: number } => ({
    params: Math.exp(lnN),
    tokens: flops / (6 * Math.exp(lnN)),
  });
  let solves = 0;
  let refused: InputError | undefined;
  let found = { lnN: 0, loss: Infinity };
  const loss = async (lnN: number): Promise<number> => {
    await breathe();
    options.onProgress?.(Math.min(SEARCHED, (SEARCHED * solves++) / SOLVES));
    try {
      const { params, tokens } = point(lnN);
      const objective = await best({ params, tokens });
      if (objective < found.loss) found = { lnN, loss: objective };
      return objective;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused ??= error;
      return Infinity;
    }
  };
  // D = rN at 6rN² = C.
  const at = (ratio: number): number => 0.5 * Math.log(flops / (6 * ratio));
  const scan = Array.from({ length: SCAN }, (_, i) =>
    at(RATIOS.most * (RATIOS.least / RATIOS.most) ** (i / (SCAN - 1))),
  );
  const values: number[] = [];
  for (const lnN of scan) values.push(await loss(lnN));
  if (found.loss === Infinity && refused !== undefined) throw refused;
  const place = values.indexOf(found.loss);
  let [low, high] = [scan[Math.max(0, place - 1)], scan[Math.min(SCAN - 1, place + 1)]];
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [atLeft, atRight] = [await loss(left), await loss(right)];
  while (high - low > RESOLUTION && options.signal?.aborted !== true) {
    if (atLeft <= atRight && atLeft < Infinity) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = await loss(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = await loss(right);
    }
  }
  const last = {
    ...options,
    onProgress: (f: number) => options.onProgress?.(SEARCHED + (1 - SEARCHED) * f),
  };
  return optimizeAt(file, solve, last, point(found.lnN));
}
