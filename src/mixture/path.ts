/** How the optimum moves with scale: along lists of (N, D), at a fixed compute, and in the limit. */
import { InputError } from "../errors.ts";
import type { FitFile, Span } from "../fit/result.ts";
import type { OptimizeOptions, Optimum } from "./optimum.ts";

export interface Point {
  readonly params: number;
  readonly tokens: number;
}

export interface PathRow extends Point {
  readonly flops: number;
  readonly optimum: Optimum;
  /** "params", "tokens": the inputs that lie outside the training runs' range. */
  readonly outside: readonly string[];
}

type Solve = (options: OptimizeOptions) => Promise<Optimum>;

/** Training compute of a dense transformer, 6ND (Kaplan et al. 2020). */
export const flopsOf = ({ params, tokens }: Point): number => 6 * params * tokens;

const outside = (file: FitFile, point: Point): string[] => {
  const off = (x: number, span: Span | null): boolean => span !== null && (x < span.min || x > span.max);
  return (["params", "tokens"] as const).filter((name) => off(point[name], file.data.range[name]));
};

/** The optimum at each point, in order. */
export async function optimizePath(file: FitFile, solve: Solve, options: OptimizeOptions, points: readonly Point[]): Promise<PathRow[]> {
  const rows: PathRow[] = [];
  for (const [i, point] of points.entries()) {
    if (options.signal?.aborted === true) break;
    const optimum = await solve({ ...options, ...point, onProgress: (f) => options.onProgress?.((i + f) / points.length) });
    rows.push({ ...point, flops: flopsOf(point), optimum, outside: outside(file, point) });
  }
  return rows;
}

/** So large that A/N^α and B/D^β are gone for every exponent a fit can have, and still finite in logarithms. */
const FAR = 1e300;

/** The limit N, D → ∞: only the terms that do not shrink decide. */
export const optimizeLimit = (solve: Solve, options: OptimizeOptions): Promise<Optimum> => solve({ ...options, params: FAR, tokens: FAR });

/** ln N to this much. */
const RESOLUTION = 1e-4;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * N, D and h together at 6ND = C: the best mixture's loss as a function of ln N, by a scan over `span` (default: the tokens-per-parameter ratios 1 … 1000) and a
 * golden-section search around its best point. Loss falls and rises again along C (Hoffmann et al. 2022), so one basin is expected; the scan guards against more.
 */
export async function optimizeCompute(file: FitFile, solve: Solve, options: OptimizeOptions, flops: number): Promise<PathRow> {
  if (!(flops > 0 && Number.isFinite(flops))) throw new InputError(`--flops is ${flops}; it must be a positive number of floating-point operations, such as 1e21.`, { flag: "--flops" });
  const point = (lnN: number): Point => ({ params: Math.exp(lnN), tokens: flops / (6 * Math.exp(lnN)) });
  const light = { ...options, samples: 0 };
  const seen = new Map<number, number>();
  const loss = async (lnN: number): Promise<number> => {
    const known = seen.get(lnN) ?? (await solve({ ...light, ...point(lnN) })).objective;
    seen.set(lnN, known);
    return known;
  };
  // D = rN at 6rN² = C.
  const at = (ratio: number): number => 0.5 * Math.log(flops / (6 * ratio));
  const scan = Array.from({ length: 13 }, (_, i) => at(1000 ** (1 - i / 12)));
  const values: number[] = [];
  for (const lnN of scan) values.push(await loss(lnN));
  const best = values.indexOf(Math.min(...values));
  let [low, high] = [scan[Math.max(0, best - 1)], scan[Math.min(scan.length - 1, best + 1)]];
  while (high - low > RESOLUTION && options.signal?.aborted !== true) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if ((await loss(left)) <= (await loss(right))) high = right;
    else low = left;
  }
  const [row] = await optimizePath(file, solve, options, [point(0.5 * (low + high))]);
  return row;
}
