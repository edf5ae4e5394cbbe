/** What is said of a found mixture: certificate, prices, sharpness, reach, allocation. */
import { InputError } from "../base/errors.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { VERSION } from "../base/version.ts";
import { goalValue, lawValue } from "./goal/goal.ts";
import { reach } from "./reach.ts";
import type { Solution } from "./solver/augmented-lagrangian.ts";
import { round } from "./solver/round-to-lattice.ts";
import type { Active, Allocation, Judged, OptimizeOptions, Optimum } from "./request/optimum.ts";
import { FAR, outside } from "./path.ts";
import type { Plan } from "./goal/plan.ts";
import type { Polytope } from "./solver/polytope.ts";
import { sharpness, type Sharpness } from "./solver/near-optimal.ts";
import { isCertified, type Solved } from "./solver/solve.ts";
import { surface } from "./goal/surface.ts";
import { compact, number } from "../base/format-number.ts";

/** The near-optimal set by default: this share of the objective. */
const EPSILON = 5e-4;
/**
 * Passes over a domain's data from which repetition is known to cost: Muennighoff et al. 2023,
 * arXiv 2305.16264.
 */
const EPOCHS = [40, 16, 4] as const;

/** What was found for a request. */
export interface Findings {
  /** The best of the pieces of the feasible set, and all of them. */
  readonly best: Solved;
  readonly found: readonly Solved[];
  readonly lattice: Rounded | null;
  readonly monteCarlo: Optimum["monteCarlo"];
  readonly interval: Optimum["interval"];
}

/** The answer. */
export function describe(
  file: FitFile,
  options: OptimizeOptions,
  made: Plan,
  { best, found, lattice, monteCarlo, interval }: Findings,
): Optimum {
  // prettier-ignore
  const { domains, goal, reference, losses, at } = made;
  const { polytope, solution } = best;
  const k = domains.length;
  const named = <T>(values: ArrayLike<T>): Record<string, T> =>
    Object.fromEntries(domains.map((d, i) => [d, values[i]]));
  const each = losses.map(({ target, fitted }) => ({
    target,
    of: surface([{ fitted, weight: 1 }], at, k),
  }));
  const judge = (h: Float64Array): Judged => ({
    weights: named(h),
    objective: lawValue(goal, h),
    predicted: Object.fromEntries(each.map(({ target, of }) => [target, of.law(h)])),
  });
  const h = lattice === null ? solution.h : lattice.h;
  const chosen = judge(h);
  const indistinct = interval === null ? 0 : interval.regret.quantile;
  const epsilon =
    options.epsilon ?? (indistinct > 0 ? indistinct : EPSILON * Math.abs(chosen.objective));
  const sharp = nearOptimal(made, found, best, epsilon);
  const far = reach(
    h,
    file.data.mixtures.map((m) => m.weights),
  );
  const feasibility = Math.max(polytope.violation(h), solution.violation);
  const { stationarity, complementarity } = solution;
  const certified = isCertified(best);
  return {
    schema: "mixlaw/optimum@1",
    version: VERSION,
    ...chosen,
    at: { params: options.params ?? null, tokens: options.tokens ?? null },
    laws: Object.fromEntries(losses.map(({ target, law }) => [target, law])),
    goal:
      options.objective === "worst"
        ? "worst"
        : Object.fromEntries(losses.map(({ target, weight }) => [target, weight])),
    active: [...prices(polytope, solution, options), ...made.curved.flatMap((c, j): Active[] => (solution.multipliers[j] > 0 ? [{ constraint: c.name, perPercent: 0.01 * solution.multipliers[j] * c.perBound, perEpoch: null }] : []))], // prettier-ignore
    reference: judge(reference),
    uniform: judge(new Float64Array(k).fill(1 / k)),
    robust: options.robust ?? null,
    interval,
    certificate: { stationarity, feasibility, complementarity, certified },
    sharpness: {
      epsilon,
      ranges: named(sharp.ranges.map(({ min, max }) => [min, max] as const)),
      trade:
        sharp.trade === undefined
          ? null
          : `${domains[sharp.trade.up]} against ${domains[sharp.trade.down]}`,
    },
    reach: {
      insideHull: far.inside,
      hullDistance: far.hullDistance,
      nearestDistance: far.nearest?.distance ?? null,
    },
    monteCarlo,
    allocation: allocate(domains, h, options),
    lattice:
      lattice === null
        ? null
        : {
            denominator: lattice.n,
            units: named(lattice.units),
            cost: chosen.objective - judge(solution.h).objective,
          },
    warnings: [
      ...warnings(certified, far, monteCarlo, lawValue(goal, solution.h)),
      ...beyond(file, options),
    ],
  };
}

/**
 * The near-optimal set around the continuous optimum: of every piece of the feasible set that
 * reaches into it.
 */
function nearOptimal(
  { goal, curved }: Plan,
  found: readonly Solved[],
  best: Solved,
  epsilon: number,
): Pick<Sharpness, "ranges" | "trade"> {
  const base = lawValue(goal, best.solution.h);
  const all = [
    best,
    ...found.filter(
      (one) => one !== best && isCertified(one) && lawValue(goal, one.solution.h) <= base + epsilon,
    ),
  ].map(({ polytope, solution }) =>
    sharpness({ goal, curved, set: polytope, from: solution.h, base }, epsilon),
  );
  return {
    ranges: all[0].ranges.map((_, i) => ({
      min: Math.min(...all.map(({ ranges }) => ranges[i].min)),
      max: Math.max(...all.map(({ ranges }) => ranges[i].max)),
    })),
    trade: all[0].trade,
  };
}

/**
 * The multipliers of the linear constraints that hold with equality, as what a little more room
 * would gain.
 */
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
function allocate(
  domains: readonly string[],
  h: Float64Array,
  options: OptimizeOptions,
): Optimum["allocation"] {
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

/** A mixture of n-ths. */
export interface Rounded {
  readonly n: number;
  readonly units: Int32Array;
  readonly h: Float64Array;
}

/**
 * The optimum on the lattice of multiples of 1/n. Throws InputError where that has no feasible
 * mixture near it.
 */
export function onLattice(n: number, made: Plan, { polytope, solution }: Solved): Rounded {
  const off = (h: Float64Array): number =>
    Math.max(polytope.violation(h), ...made.curved.map((c) => c.of.value(h)));
  const units = round(solution.h, n, (h) => goalValue(made.goal, h), off);
  if (units === undefined) {
    throw new InputError(
      `no mixture of multiples of 1/${n} near the optimum fulfills the constraints: the lattice is too coarse for them. Take a finer --lattice.`,
      { flag: "--lattice" },
    );
  }
  return { n, units, h: Float64Array.from(units, (u) => u / n) };
}

/** A sentence for each of N and D that no training run comes near. */
function beyond(file: FitFile, { params, tokens }: OptimizeOptions): string[] {
  const at = { params: params ?? null, tokens: tokens ?? null };
  return outside(file, at).flatMap((name) => {
    const [range, value] = [file.data.range[name], at[name]];
    if (range === null || value === null || value >= FAR) return [];
    const what = name === "params" ? "parameters" : "tokens";
    return [
      `${compact(value)} ${what} lie outside the range of the training runs (${compact(range.min)} to ${compact(range.max)}): extrapolated`,
    ];
  });
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
      `the mixture lies outside the blends of the trained mixtures (${number(100 * far.hullDistance, 2)} % of the data would have to be another domain's): the law extrapolates there`,
    );
  if (
    monteCarlo !== null &&
    monteCarlo.best !== null &&
    monteCarlo.best < objective - 1e-9 * Math.abs(objective)
  )
    said.push(
      `a random mixture is better, by ${number(objective - monteCarlo.best, 2)}: the solver ended in a local optimum; try more --samples`,
    );
  return said;
}
