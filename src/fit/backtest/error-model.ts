/**
 * How wrong a law is beyond the runs it was fitted to, from back-tests.
 *
 * At distance x from runs of k levels a law errs by a bias, common to all runs of a level, and by
 * what it misses of each of them. Both are taken as normal with mean 0 and variances
 *
 *   β²·x²·h(k)² and σ²·x²·h(k)²,  h(k) = 1 + 1/(k − 1)
 *
 * They grow in proportion to the distance, and h says that a law which saw k levels knows a step of
 * the ladder from k − 1 of them. Later back-tests, from more levels, come nearer to what is asked,
 * so that a back-test's likelihood counts in proportion to k − 1, 1 on average.
 * The mean error e of a back-test also has what its refit did not know of the parameters, and its
 * scatter s the noise of a run:
 *
 *   e² ~ (V + β²·x²·h(k)²)·χ²₁,  V = its standard error² + noise²/rows
 *   s² ~ (noise² + σ²·x²·h(k)²)·χ²_ν/ν,  ν = rows − 1, at most 10
 *
 * A bias has one degree of freedom, however many runs there are. A scatter has as many as runs can
 * tell: taken as bias it would make intervals as wide as if one run had told it. More than ten
 * count as ten, since runs of one mixture share their errors. A level of one run tells no scatter:
 * its error is all taken as bias. The scatter that back-tests record is a mean over the runs: s² is
 * that times rows/(rows − 1).
 *
 * β of each target is log-normal around a common median: ln(β/scale) ~ N(μ, ω²), and so is σ around
 * another. All of it is integrated on grids, μ flat and ω from a quarter to one: with few
 * back-tests the posterior is wide, so intervals are, as Student's t is wider than the normal. What
 * is asked for is the rate of both together, τ² = β² + σ².
 */
import { itemAt } from "../../base/known.ts";
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

/** A scatter has at most so many degrees of freedom: runs of one mixture share their errors. */
const MOST_FREEDOM = 10;

/** What a back-test says of one kind of error: its square, that of what is known, and ν. */
type Told = (test: Backtest) => { square: number; known: number; freedom: number };

const bias: Told = ({ error, noise, rows, standardError }) => ({
  square: error ** 2,
  known: standardError ** 2 + noise ** 2 / rows,
  freedom: 1,
});

const scattering: Told = ({ scatter, noise, rows }) => ({
  square: (scatter ** 2 * rows) / Math.max(1, rows - 1),
  known: noise ** 2,
  freedom: Math.min(rows - 1, MOST_FREEDOM),
});

/** ln of the likelihood of a target's back-tests at each rate of the grid. */
function logLikelihoods({ list, scale }: Backtests, told: Told): Float64Array {
  const steps = list.reduce((sum, { levels }) => sum + levels - 1, 0) / list.length;
  return RATES.map((rate) =>
    list.reduce((sum, test) => {
      const { square, known, freedom } = told(test);
      const law = (rate * scale * Math.max(test.distance, NEAREST) * levelFactor(test.levels)) ** 2;
      const variance = Math.max(known + law, Number.MIN_VALUE);
      const weight = ((test.levels - 1) / steps) * freedom;
      return sum - 0.5 * weight * (Math.log(variance) + square / variance);
    }, 0),
  );
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

/** By target, the probability of each rate of the grid. */
function posteriors(targets: readonly Backtests[], told: Told): Float64Array[] {
  const likelihoods = targets.map((backtests) => logLikelihoods(backtests, told));
  priors ??= makePriors();
  const joint = priors.map((prior) => {
    const byTarget = likelihoods.map((likelihood) =>
      logSum(prior.map((p, i) => p + likelihood[i])),
    );
    return { prior, byTarget, evidence: byTarget.reduce((a, b) => a + b, 0) };
  });
  const total = logSum(joint.map(({ evidence }) => evidence));
  return likelihoods.map((likelihood, t) => {
    const chances = new Float64Array(RATES.length);
    for (const { prior, byTarget, evidence } of joint) {
      const weight = Math.exp(evidence - total);
      for (const [i, p] of prior.entries())
        chances[i] += weight * Math.exp(p + likelihood[i] - byTarget[t]);
    }
    return chances;
  });
}

/**
 * The probabilities of √(β² + σ²), each between two rates of the grid shared by them so that its
 * square stays.
 */
function together(biases: Float64Array, scatters: Float64Array): Float64Array {
  const chances = new Float64Array(RATES.length);
  const last = RATES.length - 1;
  for (const [i, p] of biases.entries())
    for (const [j, q] of scatters.entries()) {
      const square = RATES[i] ** 2 + RATES[j] ** 2;
      let at = Math.max(i, j);
      while (at < last && RATES[at + 1] ** 2 <= square) at++;
      const [low, high] = [RATES[at] ** 2, at < last ? RATES[at + 1] ** 2 : Infinity];
      const share = (square - low) / (high - low);
      chances[at] += p * q * (1 - share);
      if (at < last) chances[at + 1] += p * q * share;
    }
  return chances;
}

/**
 * The posterior of each target's rate, from the back-tests of one law on all targets. Each has at
 * least one back-test.
 */
export function errorRates(targets: readonly Backtests[]): ErrorRate[] {
  const biases = posteriors(targets, bias);
  const isScatterKnown = targets.some(({ list }) => list.some(({ rows }) => rows > 1));
  const scatters = isScatterKnown ? posteriors(targets, scattering) : undefined;
  return targets.map(({ scale, levels }, t) => {
    const size = scale * levelFactor(levels.length);
    const beta = itemAt(biases, t);
    const chances = scatters === undefined ? beta : together(beta, itemAt(scatters, t));
    return { rates: RATES.map((rate) => rate * size), chances };
  });
}

/** Standard deviation of the law's error at a distance. */
export const lawError = ({ rates, chances }: ErrorRate, distance: number): number =>
  distance * Math.sqrt(rates.reduce((sum, rate, i) => sum + chances[i] * rate ** 2, 0));
