/** N, D and the mixture together, at a training compute. */
import { itemAt } from "../base/known.ts";
import { AbortedError, InputError, withPartial } from "../base/errors.ts";
import { pause } from "../base/pauses.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { anObject, readOptions } from "../options/option-schema.ts";
import { optimizeAt, type PathRow, type Solve, withProgress } from "./at-scale.ts";
import { someFlops } from "./request/check-options.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import { proveConvex } from "./goal/convexity.ts";
import { resolver } from "./solver/resolver.ts";

const COMPUTE = anObject({ flops: someFlops });

/**
 * The objective of the best mixture at some N and D, without what else an `Optimum` says. Throws
 * InputError where constraints leave no mixture.
 */
export type Best = (at: {
  readonly params: number;
  readonly tokens: number;
}) => number | Promise<number>;

/** Each solve from where the last one ended. A goal over replicates is solved in full. */
export function bestAlong(file: FitFile, solve: Solve, options: OptimizeOptions): Best {
  if (options.robust !== undefined) {
    const light = {
      ...options,
      samples: 0,
      epsilon: 0,
      intervals: false,
      onProgress: () => undefined,
      units: "absolute" as const,
    };
    return async (at) => (await solve({ ...light, ...at })).objective;
  }
  let request: ReturnType<typeof resolver> | undefined;
  let starts: Float64Array[] = [];
  /** Where the goal is not convex, the best basin may change on the way. */
  let corners: boolean | undefined;
  return (at) => {
    // N and D that follow from a compute are what they are.
    request ??= resolver(file, { ...options, ...at, units: "absolute" });
    corners ??= !proveConvex(request.problem).stationaryIsGlobal;
    const { h, objective } = request.solve({ at, corners, ...(starts.length > 0 && { starts }) });
    starts = [h];
    return objective;
  };
}

/** Tokens a parameter between which `optimizeCompute` looks. */
export const RATIOS = { least: 1, most: 1000 } as const;
/** Points of the scan. */
const SCAN = 13;
/** ln N is found to this. */
const RESOLUTION = 1e-4;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Solves that the scan and the search take, about, and their part of the whole progress. */
const SOLVES = 36;
const SEARCHED = 0.9;

/** The search over ln N at a compute. */
interface Search {
  /** The best loss at a size; infinite where constraints leave no mixture. */
  readonly lossAt: (lnN: number) => Promise<number>;
  /** The best size so far. */
  best: { readonly lnN: number; readonly loss: number };
  /** Why the first size that has no mixture has none. */
  refused: InputError | undefined;
}

/** N and D at a size on the line 6ND = C. */
const pointAt = (lnN: number, flops: number): { params: number; tokens: number } => ({
  params: Math.exp(lnN),
  tokens: flops / (6 * Math.exp(lnN)),
});

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
  const search = searchOf(flops, best, options);
  const [low, high] = await scan(search, flops);
  await goldenSection(search, low, high, options.signal);
  if (options.signal?.aborted === true) throw new AbortedError(); // N and D are not the best yet
  const point = pointAt(search.best.lnN, flops);
  const request: OptimizeOptions = { ...options, units: "absolute" };
  return optimizeAt(file, solve, withProgress(request, SEARCHED, 1), point);
}

function searchOf(flops: number, best: Best, options: OptimizeOptions): Search {
  let solves = 0;
  const search: Search = {
    best: { lnN: 0, loss: Infinity },
    refused: undefined,
    async lossAt(lnN) {
      await pause(); // solving leaves the event loop no turn
      options.onProgress?.(Math.min(SEARCHED, (SEARCHED * solves++) / SOLVES));
      try {
        const loss = await best(pointAt(lnN, flops));
        if (loss < search.best.loss) search.best = { lnN, loss };
        return loss;
      } catch (error) {
        // The mixture at a size that was only looked at is no answer.
        if (!(error instanceof InputError)) throw withPartial(error, undefined);
        search.refused ??= error;
        return Infinity;
      }
    },
  };
  return search;
}

/** Looks at all ratios; returns the bracket around the best. */
async function scan(search: Search, flops: number): Promise<[number, number]> {
  // D = rN at 6rN² = C.
  const sizeAt = (ratio: number): number => 0.5 * Math.log(flops / (6 * ratio));
  const sizes = Array.from({ length: SCAN }, (_, i) =>
    sizeAt(RATIOS.most * (RATIOS.least / RATIOS.most) ** (i / (SCAN - 1))),
  );
  const losses: number[] = [];
  for (const lnN of sizes) losses.push(await search.lossAt(lnN));
  if (search.best.loss === Infinity && search.refused !== undefined) throw search.refused;
  const place = losses.indexOf(search.best.loss);
  return [itemAt(sizes, Math.max(0, place - 1)), itemAt(sizes, Math.min(SCAN - 1, place + 1))];
}

/** Kiefer 1953: narrows the bracket by the golden ratio a solve. */
async function goldenSection(
  { lossAt }: Search,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let [low, high] = [from, to];
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [atLeft, atRight] = [await lossAt(left), await lossAt(right)];
  while (high - low > RESOLUTION && signal?.aborted !== true) {
    if (atLeft <= atRight && atLeft < Infinity) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = await lossAt(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = await lossAt(right);
    }
  }
}
