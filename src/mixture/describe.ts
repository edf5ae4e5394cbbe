/** What is said of a found mixture: certificate, prices, sharpness, reach, allocation. */
import { InputError } from "../errors.ts";
import type { FitFile } from "../fit/result.ts";
import { VERSION } from "../version.ts";
import { type Goal, goalValue, type Smooth } from "./goal.ts";
import { reach } from "./hull.ts";
import { softMaximum, type Solution } from "./lagrange.ts";
import { round } from "./lattice.ts";
import type { Active, Allocation, Judged, OptimizeOptions, Optimum } from "./optimum.ts";
import type { Plan } from "./plan.ts";
import type { Polytope } from "./polytope.ts";
import { sharpness } from "./sharp.ts";
import { surface } from "./surface.ts";

/** Bounds of the three residuals of a certified optimum. */
export const CERTIFIED = { stationarity: 1e-7, feasibility: 1e-9, complementarity: 1e-7 } as const;
/** The near-optimal set by default: this share of the objective. */
const EPSILON = 5e-4;
/** Passes over a domain's data from which repetition is known to cost: Muennighoff et al. 2023, arXiv 2305.16264. */
const EPOCHS = [40, 16, 4] as const;
/** Sharpness of the smooth stand-in for the worst-of goal where only its neighbourhood is looked at. */
const SMOOTH = 5000;

/** The answer. */
export function describe(
  file: FitFile,
  options: OptimizeOptions,
  made: Plan,
  denominator: number | undefined,
  polytope: Polytope,
  solution: Solution,
  monteCarlo: Optimum["monteCarlo"],
): Optimum {
  // prettier-ignore
  const { domains, goal, reference, losses, at } = made;
  const k = domains.length;
  const named = <T>(values: ArrayLike<T>): Record<string, T> => Object.fromEntries(domains.map((d, i) => [d, values[i]]));
  const each = losses.map(({ target, fitted }) => ({ target, of: surface([{ fitted, weight: 1 }], at, k) }));
  const judge = (h: Float64Array): Judged => ({
    weights: named(h),
    objective: goal.kind === "mean" ? goal.objective.law(h) : goalValue(goal, h),
    predicted: Object.fromEntries(each.map(({ target, of }) => [target, of.law(h)])),
  });
  const project = (y: Float64Array): Float64Array => polytope.point(y);
  const lattice = denominator === undefined ? null : onLattice(denominator, made, polytope, solution);
  const h = lattice === null ? solution.h : lattice.h;
  const chosen = judge(h);
  const epsilon = options.epsilon ?? EPSILON * Math.abs(chosen.objective);
  // Around the continuous optimum, and inside the linear constraints: the curved ones are not part of the near-optimal set.
  const sharp = sharpness(smooth(goal), project, solution.h, epsilon);
  const far = reach(
    h,
    file.data.mixtures.map((m) => m.weights),
  );
  const feasibility = Math.max(polytope.violation(h), solution.violation);
  const { stationarity, complementarity } = solution;
  const certified =
    stationarity <= CERTIFIED.stationarity && feasibility <= CERTIFIED.feasibility && complementarity <= CERTIFIED.complementarity;
  return {
    schema: "mixlaw/optimum@1",
    version: VERSION,
    ...chosen,
    at: { params: options.params ?? null, tokens: options.tokens ?? null },
    laws: Object.fromEntries(losses.map(({ target, law }) => [target, law])),
    goal: options.objective === "worst" ? "worst" : Object.fromEntries(losses.map(({ target, weight }) => [target, weight])),
    active: [...prices(polytope, solution, options), ...made.curved.flatMap((c, j): Active[] => (solution.multipliers[j] > 0 ? [{ constraint: c.name, perPercent: 0.01 * solution.multipliers[j] * c.perBound, perEpoch: null }] : []))], // prettier-ignore
    reference: judge(reference),
    uniform: judge(new Float64Array(k).fill(1 / k)),
    interval: null,
    certificate: { stationarity, feasibility, complementarity, certified },
    sharpness: {
      epsilon,
      ranges: named(sharp.ranges.map(({ min, max }) => [min, max] as const)),
      trade: sharp.trade === undefined ? null : `${domains[sharp.trade.up]} against ${domains[sharp.trade.down]}`,
    },
    reach: { insideHull: far.inside, hullDistance: far.hullDistance, nearestDistance: far.nearest?.distance ?? null },
    monteCarlo,
    allocation: allocate(domains, h, options),
    lattice:
      lattice === null
        ? null
        : { denominator: lattice.n, units: named(lattice.units), cost: chosen.objective - judge(solution.h).objective },
    warnings: warnings(certified, far, monteCarlo, goal.kind === "mean" ? goal.objective.law(solution.h) : chosen.objective),
  };
}

/** The goal as a smooth function; the worst-of goal within ln(parts)/SMOOTH. */
const smooth = (goal: Goal): Smooth => (goal.kind === "mean" ? goal.objective : softMaximum(goal.parts, SMOOTH));

/** The multipliers of the linear constraints that hold with equality, as what a little more room would gain. */
function prices(polytope: Polytope, solution: Solution, options: OptimizeOptions): Active[] {
  // At a KKT point h = P(h − ∇L), and the projection's multipliers are those of the constraints.
  const { multipliers } = polytope.project(solution.h.map((x, i) => x - solution.gradient[i]));
  return [...multipliers].filter(([, lambda]) => Math.abs(lambda) > 1e-9).map(([constraint, lambda]): Active => {
    const domain = Object.keys(options.constraints?.available ?? {}).find((d) => constraint.startsWith(`available ${d}: `));
    const tokens = domain === undefined ? undefined : options.constraints?.available?.[domain];
    const perEpoch = tokens === undefined || options.tokens === undefined ? null : (Math.abs(lambda) * tokens) / options.tokens;
    return { constraint, perPercent: 0.01 * Math.abs(lambda), perEpoch };
  }); // prettier-ignore
}

/** Tokens and passes over the data by domain. */
function allocate(domains: readonly string[], h: Float64Array, options: OptimizeOptions): Optimum["allocation"] {
  const { tokens } = options;
  if (tokens === undefined) return null;
  return Object.fromEntries(
    domains.map((d, i): [string, Allocation] => {
      const available = options.constraints?.available?.[d];
      const epochs = available === undefined ? null : (h[i] * tokens) / available;
      const passes = epochs === null ? null : (EPOCHS.find((limit) => epochs > limit) ?? null);
      return [d, { tokens: h[i] * tokens, epochs, passes }];
    }),
  );
}

function onLattice(n: number, made: Plan, polytope: Polytope, solution: Solution): { n: number; units: Int32Array; h: Float64Array } {
  const off = (h: Float64Array): number => Math.max(polytope.violation(h), ...made.curved.map((c) => c.of.value(h)));
  const units = round(solution.h, n, (h) => goalValue(made.goal, h), off);
  if (units === undefined) {
    throw new InputError(
      `no mixture of multiples of 1/${n} near the optimum fulfills the constraints: the lattice is too coarse for them. Take a finer --lattice.`,
      { flag: "--lattice" },
    );
  }
  return { n, units, h: Float64Array.from(units, (u) => u / n) };
}

function warnings(
  certified: boolean,
  far: { inside: boolean; hullDistance: number },
  monteCarlo: Optimum["monteCarlo"],
  objective: number,
): string[] {
  const said: string[] = [];
  if (!certified) said.push("the optimum is not certified: its residuals are above their limits");
  if (!far.inside)
    said.push(
      `the mixture lies outside the blends of the trained mixtures (${(100 * far.hullDistance).toPrecision(2)} % of the data would have to be another domain's): the law extrapolates there`,
    );
  if (monteCarlo !== null && monteCarlo.best !== null && monteCarlo.best < objective - 1e-9 * Math.abs(objective))
    said.push(
      `a random mixture is better, by ${(objective - monteCarlo.best).toPrecision(2)}: the solver ended in a local optimum; try more --samples`,
    );
  return said;
}
