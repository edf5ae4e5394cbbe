/**
 * The mixture that minimizes a goal over fitted losses at one (N, D), under constraints, with a
 * certificate, prices and how sharp it is.
 */
import { AbortedError } from "../base/errors.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import type { Device } from "../gpu/device.ts";
import { uniformMixture } from "../random/dirichlet.ts";
import { candidatesOf, optimumIntervals } from "./certainty/optimum-intervals.ts";
import { robustly } from "./certainty/robust.ts";
import { describe, type Findings, onLattice } from "./describe.ts";
import { poseProblem, type Problem } from "./problem/pose-problem.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import type { Optimum } from "./request/optimum.ts";
import { type MonteCarlo, sampleMixtures } from "./sampling/montecarlo.ts";
import type { Polytope } from "./solver/polytope.ts";
import { bestOf, feasiblePieces, type PieceSolution, solvePiece } from "./solver/solve.ts";

/** The reference, the uniform mixture and the best of the random ones are started from. */
const STARTS = 8;
/** One thread takes seconds for as many mixtures of 64 domains as a GPU draws in a moment. */
const SAMPLES = { gpu: 2 ** 16, cpu: 2 ** 14 } as const;
/** The part of the progress before the replicates. */
const SEARCHED = 0.5;

/**
 * The mixture with the least predicted loss at N and D, by the fits of a file. A `device` draws the
 * Monte Carlo mixtures; without one they are drawn on the CPU. Shares are of 1, losses in the units
 * of the loss columns.
 *
 * @throws InputError when the request does not match the file or its constraints cannot hold
 *   together (it names those that conflict).
 * @throws AbortedError when the signal fires.
 * @example (await optimize(file, { params: 7e9, tokens: 150e9, constraints: { caps: { web: 0.5 } }
 *   })).weights
 */
export async function optimize(
  file: FitFile,
  options: OptimizeOptions = {},
  device?: Device,
): Promise<Optimum> {
  const fitted = poseProblem(file, options);
  const problem = options.robust === undefined ? fitted : robustly(file, fitted, options);
  const candidates = candidatesOf(file, problem, options);
  const pieces: SearchedPiece[] = [];
  for (const polytope of feasiblePieces(problem.region))
    pieces.push(await searchPiece(problem, polytope, options, device));
  const best = bestOf(pieces, problem);
  const lattice = onLattice(problem, best);
  const findings: Findings = { best, pieces, lattice, monteCarlo: drawnIn(pieces), interval: null };
  if (options.intervals === false) return describe(file, options, problem, findings);
  const chosen = lattice?.h ?? best.solution.h;
  const tick = (done: number): void => options.onProgress?.(SEARCHED + (1 - SEARCHED) * done);
  try {
    const interval = await optimumIntervals(file, options, { chosen, candidates }, tick);
    return describe(file, options, problem, { ...findings, interval: interval ?? null });
  } catch (error) {
    // What was found by then is kept.
    throw error instanceof AbortedError
      ? new AbortedError(describe(file, options, problem, findings))
      : error;
  }
}

interface SearchedPiece extends PieceSolution {
  /** Random mixtures of the piece; undefined where none are drawn. */
  readonly drawn: MonteCarlo | undefined;
}

async function searchPiece(
  problem: Problem,
  polytope: Polytope,
  options: OptimizeOptions,
  device: Device | undefined,
): Promise<SearchedPiece> {
  const drawn = await draw(problem, polytope, options, device);
  const starts = [
    problem.reference,
    uniformMixture(problem.domains.length),
    ...(drawn?.best.map(({ h }) => h) ?? []),
  ].slice(0, STARTS);
  return { polytope, solution: solvePiece(problem, polytope, starts, options), drawn };
}

/**
 * Random feasible mixtures, best first; none for what the kernel does not know: the worst-of goal,
 * curved constraints, an L1 ball.
 */
async function draw(
  { goal, region, reference, losses, at, domains }: Problem,
  { lower, upper, rows }: Polytope,
  options: OptimizeOptions,
  device: Device | undefined,
): Promise<MonteCarlo | undefined> {
  const samples = options.samples ?? (device === undefined ? SAMPLES.cpu : SAMPLES.gpu);
  const unknown = goal.kind === "worst" || region.curved.length > 0 || region.l1 !== undefined;
  if (samples === 0 || options.robust !== undefined || unknown) return undefined;
  return sampleMixtures(
    losses,
    at,
    domains.length,
    { samples, seed: options.seed ?? 1, reference, bounds: { lower, upper }, rows, keep: STARTS },
    device,
    { signal: options.signal, tick: (done) => options.onProgress?.(SEARCHED * done) },
  );
}

/** The random mixtures of all pieces together; null where none were drawn. */
function drawnIn(pieces: readonly SearchedPiece[]): Optimum["monteCarlo"] {
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
