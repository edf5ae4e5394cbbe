/** The search for the best mixture of a problem, over all pieces of its region. */
import { AbortedError } from "../base/errors.ts";
import { firstOf, itemAt } from "../base/known.ts";
import { paced, pause } from "../base/pauses.ts";
import type { Finding } from "../base/verdict.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { fromPlainArrays, plainArrays } from "../records/plain-arrays.ts";
import { recordedPart } from "./request/request-records.ts";
import type { Device } from "../gpu/device.ts";
import { noteFault } from "../gpu/faults.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { BLOCK } from "../gpu/montecarlo/draws.ts";
import { MONTE_CARLO } from "../gpu/montecarlo/run-mixtures.ts";
import type { KnownMixtures } from "./certainty/optimum-intervals.ts";
import { type ConvexityProof, proveConvex } from "./goal/convexity.ts";
import { lawValue } from "./goal/goal.ts";
import type { Problem } from "./problem/pose-problem.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import { feasibleMixtures, type FeasibleMixtures } from "./sampling/feasible-mixtures.ts";
import { type MonteCarlo, sampleMixtures } from "./sampling/montecarlo.ts";
import { boundPiece } from "./bound/bound-piece.ts";
import type { Polytope } from "./solver/polytope.ts";
import { type Piece, type PieceSearch, searchPiece } from "./solver/search-piece.ts";
import { bestOf, feasiblePieces, solvePiece, solvingPiece, workOf } from "./solver/solve.ts";
import type { Tasker } from "./solver/solver-tasks.ts";
import { cornersOf, startsFor } from "./solver/starts.ts";

/** The reference, the uniform mixture and the best of the random ones are started from. */
const STARTS = 8;
/** The most domains of mixtures that the kernel draws: its text grows with them. */
const MOST_DRAWN = 64;
/**
 * One thread takes seconds for as many mixtures of 64 domains as a GPU draws in a moment: it draws
 * so many shares at most, in whole blocks.
 */
const SAMPLES = { gpu: 2 ** 16, cpu: 2 ** 14, shares: 2 ** 20 } as const;
/** Descents, where convexity is not proved: about so much work is worth it. */
const DESCENTS = { most: 64, least: 16, work: 16_384 } as const;
/** Random mixtures that those start from: drawn, and kept. */
const RANDOM = { most: 4096, least: 64, work: 2 ** 17, keep: 192 } as const;

/** Replicates are solved from so many other local optima. */
const OTHERS = 6;
/** Better mixtures that bounding may meet before it ends. */
const TURNS = 5;

/** What a search goes by. */
export interface Means {
  /** Draws random mixtures, which otherwise are drawn in float64. */
  readonly gpu: Gpu | undefined;
  readonly tasker: Tasker;
  readonly convexity: ConvexityProof;
}

/** What a search found. */
export interface Search {
  readonly convexity: ConvexityProof;
  /** No allowed mixture has a goal below this; undefined where nothing is known. */
  readonly lowerBound: number | undefined;
  /** All pieces of the region, in their order. */
  readonly pieces: readonly SearchedPiece[];
  /** The best of them. */
  readonly best: SearchedPiece;
  /** What went wrong on the GPU, and what was done about it. */
  readonly faults: readonly Finding[];
}

export interface SearchedPiece extends PieceSearch {
  /** Random mixtures of the piece; undefined where none are drawn. */
  readonly drawn: Drawn | undefined;
  /** Mixtures that were started from, or may lie in a basin that only a replicate has. */
  readonly pool: readonly Float64Array[];
}

/** What is told of random mixtures. */
export type Drawn = Pick<MonteCarlo, "samples" | "feasible"> & {
  readonly best: readonly { readonly h: Float64Array; readonly loss: number }[];
};

/** A search in plain data. Its pieces are those of the region, in their order. */
interface StoredSearch {
  readonly lowerBound: number | null;
  readonly best: number;
  readonly pieces: readonly unknown[];
}

/**
 * The search of a request, as `searchMixtures` makes it, recorded. One that met faults of the GPU
 * is not what the adapter usually gives, and is not recorded.
 */
export async function recordedSearch(
  file: FitFile,
  problem: Problem,
  options: OptimizeOptions,
  drawnBy: string,
  search: () => Promise<Search>,
): Promise<Search> {
  if (options.records === undefined) return search();
  let fresh: Search | undefined;
  const isUsual = (): boolean => fresh?.faults.length === 0;
  const part = { name: "search", drawnBy, isUsual };
  const store = async (): Promise<StoredSearch> => {
    fresh = await search();
    return storedSearch(fresh);
  };
  const stored = await recordedPart(file, options, part, store);
  return fresh ?? searchIn(stored, problem);
}

/** What is stored of a piece: its solution is the first of its optima. */
type KeptPiece = Omit<SearchedPiece, "polytope" | "solution">;

/** A search in plain data, which tells it from any other. */
export const storedSearch = ({ lowerBound, pieces, best }: Search): StoredSearch => ({
  lowerBound: lowerBound ?? null,
  best: pieces.indexOf(best),
  pieces: pieces.map(({ curvature, optima, descents, drawn, pool }) => {
    const kept: KeptPiece = { curvature, optima, descents, drawn, pool };
    return plainArrays(kept);
  }),
});

function searchIn(stored: StoredSearch, problem: Problem): Search {
  const found = stored.pieces.map((piece) => fromPlainArrays(piece) as KeptPiece);
  const polytopes = feasiblePieces(problem.region);
  const pieces = found.map((piece, n) => ({
    ...piece,
    polytope: itemAt(polytopes, n),
    solution: firstOf(piece.optima).solution,
  }));
  return {
    convexity: proveConvex(problem),
    lowerBound: stored.lowerBound ?? undefined,
    pieces,
    best: itemAt(pieces, stored.best),
    faults: [],
  };
}

/**
 * Searches all pieces. Throws InputError where constraints cannot hold together, AbortedError when
 * the signal fires.
 * @param tick told how much is done, up to 1
 */
export async function searchMixtures(
  problem: Problem,
  options: OptimizeOptions,
  { gpu, tasker, convexity }: Means,
  tick: (done: number) => void,
): Promise<Search> {
  const faults: Finding[] = [];
  const request = { problem, options, gpu, tasker, faults, convexity, tick };
  const pieces: SearchedPiece[] = [];
  for (const [place, polytope] of feasiblePieces(problem.region).entries())
    pieces.push(await searchOne(request, { polytope, place }));
  const best = bestOf(pieces, problem);
  if (convexity.stationaryIsGlobal || options.solver === "mirror")
    return { convexity, lowerBound: undefined, pieces, best, faults };
  return { convexity, ...(await bounded(request, pieces)), faults };
}

/** Bounds all pieces from below; a better mixture that is met on the way is descended from. */
async function bounded(
  request: Request,
  pieces: SearchedPiece[],
): Promise<Omit<Search, "convexity" | "faults">> {
  const { problem, options } = request;
  let best = bestOf(pieces, problem);
  let least: number | undefined = Infinity;
  for (let n = 0, turns = 0; n < pieces.length;) {
    await pause();
    if (options.signal?.aborted === true) throw new AbortedError();
    const piece = itemAt(pieces, n);
    const value = lawValue(problem.goal, best.solution.h);
    const found = boundPiece(problem, piece, value);
    if (found?.better !== undefined && turns++ < TURNS) {
      pieces[n] = await improved(request, piece, n, found.better);
      best = bestOf(pieces, problem);
      if (lawValue(problem.goal, best.solution.h) < value) continue;
    }
    least = found === undefined || least === undefined ? undefined : Math.min(least, found.bound);
    n++;
  }
  return { lowerBound: least, pieces, best };
}

/** The piece with what a descent from a better mixture finds. */
async function improved(
  { problem, tasker }: Request,
  { polytope, optima, descents, drawn, pool }: SearchedPiece,
  place: number,
  better: Float64Array,
): Promise<SearchedPiece> {
  const known = optima.map(({ solution }) => solution.h);
  const further = await searchPiece(problem, { polytope, place }, [better, ...known], tasker);
  return { ...further, descents: descents + further.descents - known.length, drawn, pool };
}

interface Request extends Means {
  readonly problem: Problem;
  readonly options: OptimizeOptions;
  /** What went wrong on the GPU so far. */
  readonly faults: Finding[];
  readonly tick: (done: number) => void;
}

async function searchOne(request: Request, piece: Piece): Promise<SearchedPiece> {
  const { problem, options, convexity, tasker } = request;
  const { polytope } = piece;
  const drawn = await draw(request, polytope);
  const { reference } = problem;
  const first = [reference, problem.uniform, ...(drawn?.best ?? []).map(({ h }) => h)].slice(
    0,
    STARTS,
  );
  if (convexity.stationaryIsGlobal || options.solver === "mirror") {
    const solution = await paced(solvingPiece(problem, polytope, first, options), options.signal);
    const optima = [{ solution, descents: first.length }];
    return {
      polytope,
      solution,
      curvature: null,
      optima,
      descents: first.length,
      drawn,
      pool: [...first, ...cornersOf(polytope)],
    };
  }
  const random = await drawFeasible(request, polytope);
  const starts = startsFor(problem, polytope, {
    known: first.slice(2),
    random: (random?.best ?? []).map(({ h }) => h),
    count: descentsFor(problem),
  });
  const found = await searchPiece(problem, piece, starts, tasker);
  return {
    ...found,
    drawn: drawn ?? (random && { ...random, feasible: random.samples }),
    pool: starts,
  };
}

/** How many descents a search makes at most: fewer where each takes longer. */
function descentsFor(problem: Problem): number {
  const affordable = Math.round(DESCENTS.work / workOf(problem));
  return Math.min(DESCENTS.most, Math.max(DESCENTS.least, affordable));
}

/** Whether the kernel of random mixtures knows the goal and the constraints. */
const isSimple = ({ goal, region, space }: Problem, { robust }: OptimizeOptions): boolean =>
  robust === undefined &&
  space.phases === undefined &&
  goal.kind === "mean" &&
  region.curved.length === 0 &&
  region.l1 === undefined;

/** Random mixtures of so many domains that this thread draws by default. */
const samplesHere = (domains: number): number =>
  Math.min(SAMPLES.cpu, Math.max(1, Math.floor(SAMPLES.shares / domains / BLOCK)) * BLOCK);

/** Random feasible mixtures by the kernel, best first; none for what it does not know. */
async function draw(
  { problem, options, gpu, faults, tick }: Request,
  { lower, upper, rows }: Polytope,
): Promise<MonteCarlo | undefined> {
  const { losses, at, domains, reference } = problem;
  const isOnGpu = gpu !== undefined && domains.length <= MOST_DRAWN;
  const samples = options.samples ?? (isOnGpu ? SAMPLES.gpu : samplesHere(domains.length));
  if (samples === 0 || !isSimple(problem, options)) return undefined;
  const { signal, seed = 1 } = options;
  const drawn = { samples, seed, reference, bounds: { lower, upper }, rows, keep: STARTS };
  const drawOn = (device: Device | undefined): Promise<MonteCarlo> =>
    sampleMixtures(losses, at, domains.length, drawn, device, { signal, tick });
  if (!isOnGpu) return drawOn(undefined);
  return gpu.run({
    kernel: MONTE_CARLO,
    onDevice: drawOn,
    onCpu: () => drawOn(undefined),
    signal,
    fault: (what) => noteFault(faults, what),
  });
}

/**
 * Random mixtures for descents to start from, whatever the goal and the constraints; none where no
 * feasible mixture is known.
 */
async function drawFeasible(
  { problem, options, tick }: Request,
  polytope: Polytope,
): Promise<FeasibleMixtures | undefined> {
  const { region, reference, domains, goal } = problem;
  const near = polytope.point(reference);
  const isFeasible = (h: Float64Array): boolean =>
    region.curved.every(({ excess }) => excess.value(h) <= 0);
  const inside = isFeasible(near) ? near : solvePiece(problem, polytope, [reference], options).h;
  if (options.samples === 0 || !isFeasible(inside)) return undefined;
  const affordable = Math.round(RANDOM.work / (domains.length * goal.laws));
  const samples = Math.min(
    RANDOM.most,
    options.samples ?? RANDOM.most,
    Math.max(RANDOM.least, affordable),
  );
  return feasibleMixtures(
    problem,
    polytope,
    inside,
    { samples, seed: options.seed ?? 1, keep: RANDOM.keep },
    { signal: options.signal, tick },
  );
}

/** The random mixtures of all pieces together; null where none were drawn. */
export function drawnIn(
  pieces: readonly SearchedPiece[],
): { readonly samples: number; readonly feasible: number; readonly best: number | null } | null {
  const parts = pieces.flatMap(({ drawn }) => (drawn === undefined ? [] : [drawn]));
  if (parts.length === 0) return null;
  const best = parts
    .flatMap((part) => part.best.map(({ loss }) => loss))
    .reduce((a, b) => Math.min(a, b), Infinity);
  return {
    samples: parts.reduce((sum, part) => sum + part.samples, 0),
    feasible: parts.reduce((sum, part) => sum + part.feasible, 0),
    best: Number.isFinite(best) ? best : null,
  };
}

/** What replicates are solved from. */
export const knownMixtures = ({ best, pieces }: Search): KnownMixtures => ({
  optimum: best.solution.h,
  others: pieces
    .flatMap(({ optima }) => optima.map(({ solution }) => solution))
    .filter((solution) => solution !== best.solution)
    .toSorted((a, b) => a.value - b.value)
    .slice(0, OTHERS)
    .map(({ h }) => h),
  pool: pieces.flatMap(({ pool }) => pool),
});
