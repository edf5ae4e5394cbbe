/**
 * Which measurements tell most about a goal: greedy Bayesian design with a bootstrap as the prior.
 *
 * The replicates are an ensemble of what the truth may be. Goals g (the shares of the best mixture,
 * or a loss) and the losses y that candidate runs would show vary together over it; measuring y
 * with noise variance σ² leaves, in the linear-Gaussian approximation (the Kalman update),
 *
 *     Cov(g | y) = C_gg − C_gy (C_yy + diag σ²)⁻¹ C_yg.
 *
 * A run measures every target at once. The next run is the one that lowers the goals' total
 * variance most per cost; it is then taken as done, by the square-root update of the ensemble
 * (Whitaker & Hamill 2002, eq. 10–13), which gives that covariance exactly, and so on. What is left
 * after a set of runs does not depend on what they show, so all can be chosen beforehand.
 *
 * In what follows R is the number of replicates, G of goals, M of candidates and T of targets.
 */

export interface DesignProblem {
  /** Replicates × goals, row-major. */
  readonly goals: Float64Array;
  /** Replicates × (candidates · targets), row-major; a candidate's targets stand together. */
  readonly predictions: Float64Array;
  readonly replicates: number;
  readonly targets: number;
  /** Noise variance by candidate and target, in the order of the predictions' columns. */
  readonly noise: Float64Array;
  /** By candidate, positive. */
  readonly costs: Float64Array;
}

export interface Pick {
  /** Which candidate. */
  readonly candidate: number;
  /** Its cost, and that of all so far. */
  readonly cost: number;
  readonly spent: number;
  /** Standard deviations of the goals once it and those before are trained. */
  readonly deviations: readonly number[];
}

export interface Chosen {
  /** Before any run. */
  readonly deviations: readonly number[];
  readonly picks: readonly Pick[];
}

/** The replicates' deviations from their mean, less what measurements took off them so far. */
interface Ensemble {
  readonly R: number;
  readonly G: number;
  /** R × G, row-major. */
  readonly goals: Float64Array;
  /** R × (M·T), row-major. */
  readonly predictions: Float64Array;
}

/** A run that lowers the goals' variance by less than this share tells nothing but rounding. */
const NOTHING = 1e-12;

/**
 * What a reduction of variance is divided by to be compared: powers of the cost. By the cost itself
 * cheap runs that say next to nothing are taken before a dear one that says all, and by none of it
 * the dearest; the better of both is never far from the best set within a budget, where a run says
 * the less the more are known (Leskovec et al. 2007, Cost-effective outbreak detection).
 */
const POWERS = [1, 0.5, 0] as const;

/**
 * Picks up to `runs` candidates, each at most once, within `budget`: greedily per cost; within a
 * budget also per its root and whatever the cost, and the best of the three. Stops when nothing
 * affordable tells anything. Deterministic: equal candidates go in order.
 */
export function chooseRuns(
  problem: DesignProblem,
  limits: { readonly runs: number; readonly budget: number },
): Chosen {
  if (limits.budget === Infinity) return chooseBy(problem, limits, 1);
  const tried = POWERS.map((power) => chooseBy(problem, limits, power));
  return tried.reduce((a, b) => (leftBy(b) < leftBy(a) ? b : a));
}

/** The goals' total variance once all are trained. */
const leftBy = ({ deviations: before, picks }: Chosen): number =>
  (picks.at(-1)?.deviations ?? before).reduce((sum, deviation) => sum + deviation ** 2, 0);

function chooseBy(
  problem: DesignProblem,
  limits: { readonly runs: number; readonly budget: number },
  power: number,
): Chosen {
  const { replicates: R, targets: T, noise, costs } = problem;
  const M = costs.length;
  if (R < 2) throw new RangeError(`an ensemble needs two members, got ${R}`);
  if (problem.predictions.length !== R * M * T || noise.length !== M * T)
    throw new RangeError("predictions, noise and costs do not match");
  const ensemble = ensembleOf(problem);
  const picks: Pick[] = [];
  const left = new Set(costs.keys());
  const before = deviations(ensemble);
  const nothing = NOTHING * before.reduce((sum, deviation) => sum + deviation * deviation, 0);
  let spent = 0;
  while (picks.length < limits.runs) {
    let best = { candidate: -1, rate: 0 };
    for (const candidate of left) {
      if (spent + costs[candidate] > limits.budget) continue;
      const gain = reduction(ensemble, candidate, T, noise);
      const rate = gain / costs[candidate] ** power;
      if (gain > nothing && rate > best.rate) best = { candidate, rate };
    }
    const { candidate } = best;
    if (candidate < 0) break;
    measure(ensemble, candidate, T, noise);
    left.delete(candidate);
    spent += costs[candidate];
    picks.push({ candidate, cost: costs[candidate], spent, deviations: deviations(ensemble) });
  }
  return { deviations: before, picks };
}

/**
 * Standard deviations of the goals after these candidates, in the order given; for comparing
 * designs.
 */
export function deviationsAfter(problem: DesignProblem, candidates: readonly number[]): number[] {
  const ensemble = ensembleOf(problem);
  for (const candidate of candidates) measure(ensemble, candidate, problem.targets, problem.noise);
  return deviations(ensemble);
}

/** By candidate: what it alone would take off the goals' total variance. */
export function gainsAlone(problem: DesignProblem): Float64Array {
  const ensemble = ensembleOf(problem);
  return problem.costs.map((_, candidate) =>
    reduction(ensemble, candidate, problem.targets, problem.noise),
  );
}

const ensembleOf = ({ replicates: R, goals, predictions }: DesignProblem): Ensemble => ({
  R,
  G: goals.length / R,
  goals: centered(goals, R),
  predictions: centered(predictions, R),
});

/** Columns minus their means. */
function centered(values: Float64Array, R: number): Float64Array {
  const columns = values.length / R;
  const means = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) means[i % columns] += values[i] / R;
  return values.map((x, i) => x - means[i % columns]);
}

/** Standard deviations of the goals. */
function deviations({ R, G, goals }: Ensemble): number[] {
  return Array.from({ length: G }, (_, g) => {
    let sum = 0;
    for (let r = 0; r < R; r++) sum += goals[r * G + g] ** 2;
    return Math.sqrt(sum / (R - 1));
  });
}

/**
 * Σ over goals of the variance that a candidate's measurements take off: tr C_gy (C_yy + Σ)⁻¹ C_yg.
 */
function reduction(
  { R, G, goals, predictions }: Ensemble,
  candidate: number,
  T: number,
  noise: Float64Array,
): number {
  const width = predictions.length / R;
  const at = candidate * T;
  // Cholesky of C_yy + Σ, a row at a time, with C_yg carried along: the forward-solved rows'
  // squares are the reduction.
  const L = new Float64Array(T * T);
  const W = new Float64Array(T * G);
  for (let a = 0; a < T; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = a === b ? noise[at + a] * (R - 1) : 0;
      for (let r = 0; r < R; r++)
        sum += predictions[r * width + at + a] * predictions[r * width + at + b];
      for (let k = 0; k < b; k++) sum -= L[a * T + k] * L[b * T + k];
      // A measurement without noise that others determine adds nothing.
      L[a * T + b] =
        a === b ? Math.sqrt(Math.max(sum, 0)) : L[b * T + b] > 0 ? sum / L[b * T + b] : 0;
    }
    for (let r = 0; r < R; r++) {
      const y = predictions[r * width + at + a];
      for (let g = 0; g < G; g++) W[a * G + g] += y * goals[r * G + g];
    }
    for (let g = 0; g < G; g++) {
      for (let k = 0; k < a; k++) W[a * G + g] -= L[a * T + k] * W[k * G + g];
      W[a * G + g] = L[a * T + a] > 0 ? W[a * G + g] / L[a * T + a] : 0;
    }
  }
  return W.reduce((sum, w) => sum + w * w, 0) / (R - 1);
}

/** Takes the losses of a candidate as known, up to their noise. */
function measure(ensemble: Ensemble, candidate: number, T: number, noise: Float64Array): void {
  for (let t = 0; t < T; t++) assimilate(ensemble, candidate * T + t, noise[candidate * T + t]);
}

/**
 * Takes one measured column as known up to its noise: every column x loses its part along y, times
 * 1 − √(σ²/(s² + σ²)).
 */
function assimilate({ R, goals, predictions }: Ensemble, column: number, noise: number): void {
  const width = predictions.length / R;
  const y = Float64Array.from({ length: R }, (_, r) => predictions[r * width + column]);
  const s2 = y.reduce((sum, x) => sum + x * x, 0) / (R - 1);
  if (s2 === 0) return;
  const factor = (1 - Math.sqrt(noise / (s2 + noise))) / s2;
  takeOff(goals, y, factor, R);
  takeOff(predictions, y, factor, R);
}

/** x ← x − factor·(xᵀy/(R − 1))·y for every column x. */
function takeOff(columns: Float64Array, y: Float64Array, factor: number, R: number): void {
  const width = columns.length / R;
  const along = new Float64Array(width);
  for (let r = 0; r < R; r++)
    for (let c = 0; c < width; c++) along[c] += columns[r * width + c] * y[r];
  for (let c = 0; c < width; c++) along[c] *= factor / (R - 1);
  for (let r = 0; r < R; r++)
    for (let c = 0; c < width; c++) columns[r * width + c] -= along[c] * y[r];
}
