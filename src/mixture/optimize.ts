/**
 * The mixture that minimizes a goal over fitted losses at one (N, D), under constraints, with a
 * certificate, prices and how sharp it is.
 */
import { AbortedError } from "../base/errors.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import type { Device } from "../gpu/device.ts";
import { describe, onLattice } from "./describe.ts";
import { type MonteCarlo, sampleMixtures } from "./sampling/montecarlo.ts";
import type { OptimizeOptions, Optimum } from "./request/optimum.ts";
import { plan, type Plan } from "./goal/plan.ts";
import type { Polytope } from "./solver/polytope.ts";
import { robustly } from "./certainty/robust.ts";
import { bestOf, feasibleSet, type Solved, solveFrom } from "./solver/solve.ts";
import { candidatesOf, spread } from "./certainty/optimum-intervals.ts";

/** The reference, the uniform mixture and the best of the drawn ones are started from. */
const STARTS = 8;
/** One thread takes seconds for as many mixtures of 64 domains as a GPU draws in a moment. */
const SAMPLES = { gpu: 2 ** 16, cpu: 2 ** 14 } as const;
/** The part of the progress before the replicates. */
const SEARCHED = 0.5;

/**
 * Throws InputError when the request does not match the file or its constraints cannot hold
 * together (it names those that conflict), AbortedError when the signal fires. A `device` draws the
 * Monte Carlo mixtures; without one they are drawn on the CPU.
 * @example (await optimize(file, { params: 7e9, tokens: 150e9, constraints: { caps: { web: 0.5 } }
 *   })).weights
 */
export async function optimize(
  file: FitFile,
  options: OptimizeOptions = {},
  device?: Device,
): Promise<Optimum> {
  const made =
    options.robust === undefined
      ? plan(file, options)
      : robustly(file, plan(file, options), options);
  const candidates = candidatesOf(file, made, options);
  const { limits, polytopes } = feasibleSet(made, options);
  const uniform = new Float64Array(made.domains.length).fill(1 / made.domains.length);
  const found: (Solved & { drawn: MonteCarlo | undefined })[] = [];
  for (const polytope of polytopes) {
    const drawn = await draw(made, polytope, options, device);
    const starts = [made.reference, uniform, ...(drawn?.best.map((b) => b.h) ?? [])].slice(
      0,
      STARTS,
    );
    found.push({ polytope, solution: solveFrom(made, polytope, starts, options), drawn });
  }
  const best = bestOf(found, made);
  const lattice = limits.lattice === undefined ? null : onLattice(limits.lattice, made, best);
  const asked = { chosen: lattice?.h ?? best.solution.h, candidates };
  const told = (interval: Optimum["interval"]): Optimum =>
    describe(file, options, made, {
      best,
      found,
      lattice,
      monteCarlo: drawnOf(found.map((f) => f.drawn)),
      interval,
    });
  if (options.intervals === false) return told(null);
  const tick = (done: number): void => options.onProgress?.(SEARCHED + (1 - SEARCHED) * done);
  try {
    return told((await spread(file, options, asked, tick)) ?? null);
  } catch (error) {
    // What was found by then is kept.
    throw error instanceof AbortedError ? new AbortedError(told(null)) : error;
  }
}

/**
 * Random feasible mixtures, best first; none for what the kernel does not know: the worst-of goal,
 * curved constraints, an L1 ball.
 */
async function draw(
  made: Plan,
  polytope: Polytope,
  options: OptimizeOptions,
  device: Device | undefined,
): Promise<MonteCarlo | undefined> {
  const samples = options.samples ?? (device === undefined ? SAMPLES.cpu : SAMPLES.gpu);
  if (
    samples === 0 ||
    options.robust !== undefined ||
    made.goal.kind === "worst" ||
    made.curved.length > 0 ||
    options.constraints?.trust !== undefined
  )
    return undefined;
  const { lower, upper, rows } = polytope;
  const watch = {
    signal: options.signal,
    tick: (done: number) => options.onProgress?.(SEARCHED * done),
  };
  return sampleMixtures(
    made.losses,
    made.at,
    made.domains.length,
    {
      samples,
      seed: options.seed ?? 1,
      reference: made.reference,
      bounds: { lower, upper },
      rows,
      keep: STARTS,
    },
    device,
    watch,
  );
}

/** The parts of several branches as one. */
function drawnOf(parts: readonly (MonteCarlo | undefined)[]): Optimum["monteCarlo"] {
  const drawn = parts.filter((p) => p !== undefined);
  if (drawn.length === 0) return null;
  const best = drawn
    .flatMap((d) => d.best.map((b) => b.loss))
    .reduce((a, b) => Math.min(a, b), Infinity);
  const sum = (f: (d: MonteCarlo) => number): number => drawn.reduce((total, d) => total + f(d), 0);
  return {
    samples: sum((d) => d.samples),
    feasible: sum((d) => d.feasible),
    best: Number.isFinite(best) ? best : null,
  };
}
