/**
 * How wrong a law is beyond the runs it was fitted to, from back-tests.
 *
 * The law's error at distance x from runs of k levels is taken as normal with mean 0 and variance
 *
 *   τ²·x²·h(k)²,  h(k) = 1 + 1/(k − 1)
 *
 * It grows in proportion to the distance, and h says that a law which saw k levels knows a step of
 * the ladder from k − 1 of them. Later back-tests, from more levels, come nearer to what is asked,
 * so that a back-test's likelihood counts in proportion to k − 1, 1 on average.
 * A back-test's squared error e² + s² also has what its refit did not know of the parameters; s² is
 * the scatter in excess of the noise, by more than the standard error √(2/rows) of its square:
 *
 *   e² + s² ~ (V + τ²·x²·h(k)²)·χ²₁,  V = its standard error² + noise²/rows
 *
 * τ of each target is log-normal around a common median: ln(τ/scale) ~ N(μ, ω²). All of it is
 * integrated on grids, μ flat and ω from a quarter to one: with few back-tests the posterior of τ
 * is wide, so intervals are, as Student's t is wider than the normal. That each back-test has one
 * degree of freedom, however many runs it has, is because their errors are the law's and common to
 * them.
 */
import type { Backtest, Backtests } from "../result/backtests.ts";

/** What is known of the rate τ at which a law's error grows, in units of the residual. */
export interface ErrorRate {
  /** Values of τ·h(k), k the levels of all runs. */
  readonly rates: Float64Array;
  /** The probability of each. */
  readonly chances: Float64Array;
}

/** The grid of τ, relative to the size of the losses: from no error to speak of up to 30 %. */
const RATES = Float64Array.from({ length: 47 }, (_, i) => 1e-5 * 3e4 ** (i / 46));
/** How much targets may differ, in natural logarithms. */
const SPREADS = [0.25, 0.5, 1] as const;
/** Nearer back-tests count as this far: the error at the range's end is not known to be none. */
const NEAREST = 0.02;

/** h(k): how much more a law errs that saw k levels than one that saw very many. */
export const levelFactor = (levels: number): number => 1 + 1 / Math.max(1, levels - 1);

/** ln of the likelihood of a target's back-tests at each τ of the grid. */
function logLikelihoods({ list, scale }: Backtests): Float64Array {
  const steps = list.reduce((sum, { levels }) => sum + levels - 1, 0) / list.length;
  return RATES.map((rate) =>
    list.reduce(
      (sum, test) => sum + ((test.levels - 1) / steps) * logLikelihood(test, scale, rate),
      0,
    ),
  );
}

function logLikelihood(
  { distance, levels, error, scatter, noise, rows, standardError }: Backtest,
  scale: number,
  rate: number,
): number {
  // Of as many runs, noise alone scatters so much more in one case of six.
  const chance = 1 + Math.sqrt(2 / rows);
  const square = error ** 2 + Math.max(0, scatter ** 2 - chance * noise ** 2);
  const known = standardError ** 2 + noise ** 2 / rows;
  const law = (rate * scale * Math.max(distance, NEAREST) * levelFactor(levels)) ** 2;
  const variance = Math.max(known + law, Number.MIN_VALUE);
  return -0.5 * (Math.log(variance) + square / variance);
}

/** ln Σ eˣ. */
function logSum(x: readonly number[]): number {
  const most = x.reduce((a, b) => Math.max(a, b), -Infinity);
  return most + Math.log(x.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

/** The log-normal priors over the grid: ln of their probabilities. Made once. */
let priors: readonly number[][] | undefined;

function makePriors(): number[][] {
  const at = RATES.map(Math.log);
  return SPREADS.flatMap((spread) =>
    [...at].map((median) => {
      const terms = [...at].map((x) => -0.5 * ((x - median) / spread) ** 2);
      const sum = logSum(terms);
      return terms.map((term) => term - sum);
    }),
  );
}

/**
 * The posterior of each target's rate, from the back-tests of one law on all targets. Each has at
 * least one back-test.
 */
export function errorRates(targets: readonly Backtests[]): ErrorRate[] {
  const likelihoods = targets.map(logLikelihoods);
  priors ??= makePriors();
  const joint = priors.map((prior) => {
    const byTarget = likelihoods.map((likelihood) =>
      logSum(prior.map((p, i) => p + likelihood[i])),
    );
    return { prior, byTarget, evidence: byTarget.reduce((a, b) => a + b, 0) };
  });
  const total = logSum(joint.map(({ evidence }) => evidence));
  return targets.map(({ scale, levels }, t) => {
    const chances = new Float64Array(RATES.length);
    for (const { prior, byTarget, evidence } of joint) {
      const weight = Math.exp(evidence - total);
      for (const [i, p] of prior.entries())
        chances[i] += weight * Math.exp(p + likelihoods[t][i] - byTarget[t]);
    }
    const size = scale * levelFactor(levels.length);
    return { rates: RATES.map((rate) => rate * size), chances };
  });
}

/** Standard deviation of the law's error at a distance. */
export const lawError = ({ rates, chances }: ErrorRate, distance: number): number =>
  distance * Math.sqrt(rates.reduce((sum, rate, i) => sum + chances[i] * rate ** 2, 0));
