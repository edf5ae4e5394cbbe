/** The mixture that minimizes a goal over fitted losses at one (N, D), under constraints, with a certificate, prices and how sharp it is. */
import type { Device } from "../gpu/device.ts";
import { AbortedError, InputError } from "../errors.ts";
import type { FitFile } from "../fit/result.ts";
import { CERTIFIED, describe } from "./describe.ts";
import { solveConstrained, type Solution } from "./lagrange.ts";
import { limitsOf, pieces } from "./limits.ts";
import { mirror } from "./mirror.ts";
import { type MonteCarlo, sampleMixtures } from "./montecarlo.ts";
import type { OptimizeOptions, Optimum } from "./optimum.ts";
import { plan, type Plan } from "./plan.ts";
import { Polytope } from "./polytope.ts";

/** Descents from this many starts, loosely; the best goes on to the end. */
const STARTS = 8;
const ROUGH = { iterations: 300, tolerance: 1e-6 } as const;
const FINE = { iterations: 20_000, tolerance: 1e-10 } as const;
const SAMPLES = 2 ** 16;

/**
 * Throws InputError when the request does not match the file or its constraints cannot hold together (it names those that conflict), AbortedError when
 * the signal fires. A `device` draws the Monte Carlo mixtures; without one they are drawn on the CPU.
 * @example (await optimize(file, { params: 7e9, tokens: 150e9, constraints: { caps: { web: 0.5 } } })).weights
 */
export async function optimize(file: FitFile, options: OptimizeOptions = {}, device?: Device): Promise<Optimum> {
  const made = plan(file, options);
  const { domains, reference } = made;
  const limits = limitsOf(options.constraints ?? {}, domains, { reference, tokens: options.tokens });
  const found: { polytope: Polytope; solution: Solution; drawn: MonteCarlo | undefined }[] = [];
  for (const piece of pieces(limits)) {
    const polytope = new Polytope(piece);
    if (polytope.conflict() !== undefined) continue;
    const drawn = await draw(made, polytope, options, device);
    found.push({ polytope, solution: solveFrom(made, polytope, drawn, options), drawn });
  }
  if (found.length === 0) {
    // Without the domains that may be left out, or else with them all in.
    const names = new Polytope(limits).conflict() ?? new Polytope(pieces(limits)[0]).conflict() ?? [];
    throw new InputError(
      `these constraints cannot hold together: ${names.join(", ")} (shares are at least 0 and sum to 1). Relax one of them.`,
      { flag: "--constraints" },
    );
  }
  const feasible = found.filter(({ solution }) => solution.violation <= CERTIFIED.feasibility);
  if (feasible.length === 0) throw new InputError(`no mixture fulfills ${made.curved.map((c) => c.name).join(", ")} together with the other constraints: the least violation found is ${found.map((f) => f.solution.violation).reduce((a, b) => Math.min(a, b)).toPrecision(3)}. Relax one of them.`); // prettier-ignore
  const best = feasible.reduce((a, b) => (b.solution.value < a.solution.value ? b : a));
  return describe(file, options, made, limits.lattice, best.polytope, best.solution, drawnOf(found.map((f) => f.drawn)));
}

/** Random feasible mixtures, best first; none for what the kernel does not know: the worst-of goal, curved constraints, an L1 ball. */
async function draw(made: Plan, polytope: Polytope, options: OptimizeOptions, device: Device | undefined): Promise<MonteCarlo | undefined> {
  const samples = options.samples ?? SAMPLES;
  if (samples === 0 || made.goal.kind === "worst" || made.curved.length > 0 || options.constraints?.trust !== undefined) return undefined;
  const { lower, upper, rows } = polytope;
  const watch = { signal: options.signal, tick: (done: number) => options.onProgress?.(0.8 * done) };
  return sampleMixtures(
    made.losses,
    made.at,
    made.domains.length,
    { samples, seed: options.seed ?? 1, reference: made.reference, bounds: { lower, upper }, rows, keep: STARTS },
    device,
    watch,
  );
}

/** The parts of several branches as one. */
function drawnOf(parts: readonly (MonteCarlo | undefined)[]): Optimum["monteCarlo"] {
  const drawn = parts.filter((p) => p !== undefined);
  if (drawn.length === 0) return null;
  const best = drawn.flatMap((d) => d.best.map((b) => b.loss)).reduce((a, b) => Math.min(a, b), Infinity);
  const sum = (f: (d: MonteCarlo) => number): number => drawn.reduce((total, d) => total + f(d), 0);
  return { samples: sum((d) => d.samples), feasible: sum((d) => d.feasible), best: Number.isFinite(best) ? best : null };
}

function solveFrom(made: Plan, polytope: Polytope, drawn: MonteCarlo | undefined, options: OptimizeOptions): Solution {
  const { goal, curved, domains, reference } = made;
  const project = (y: Float64Array): Float64Array => polytope.point(y);
  const stop = (): void => {
    if (options.signal?.aborted === true) throw new AbortedError();
  };
  stop();
  const uniform = new Float64Array(domains.length).fill(1 / domains.length);
  if (options.solver === "mirror") {
    if (goal.kind === "worst" || curved.length > 0 || polytope.rows.length > 0) {
      throw new InputError(
        "--solver mirror takes floors and caps only; leave it out for other constraints and for the worst-of objective.",
        { flag: "--solver" },
      );
    }
    const { h } = mirror(goal.objective, polytope.lower, polytope.upper, project(uniform), FINE);
    // The certificate is the same, whatever found the point.
    return solveConstrained(goal, [], project, h, { ...FINE, iterations: 0 });
  }
  const starts = [reference, uniform, ...(drawn?.best.map((b) => b.h) ?? [])].slice(0, STARTS);
  const rough = starts.map((start) => {
    stop();
    return solveConstrained(goal, curved, project, start, ROUGH);
  });
  const ok = rough.filter((s) => s.violation <= 1e-6);
  const first = (ok.length > 0 ? ok : rough).reduce((a, b) => (b.value < a.value ? b : a));
  stop();
  return solveConstrained(goal, curved, project, first.h, FINE);
}
