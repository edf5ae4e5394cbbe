/**
 * Runs drawn from known laws, and the problems that searches get: small enough for a test, awkward
 * where asked.
 */
import type { Watch } from "../../src/base/watch.ts";
import { stream } from "../../src/random/rng.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { dirichlet } from "../../src/random/dirichlet.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { poseProblem } from "../../src/fit/search/pose-problem.ts";
import type { Problem, Start } from "../../src/fit/search/problem.ts";
import { bind, type BoundLaw } from "../../src/laws/bind.ts";
import type { Law, LawOptions } from "../../src/laws/law.ts";
import type { LossScale } from "../../src/laws/parameters/parameter-spec.ts";
import type { Objective } from "../../src/laws/objective.ts";

/** Where the true laws' coordinates are drawn from: the start ranges for losses like these. */
export const SCALE: LossScale = { min: 2, mean: 2.6, max: 3.5 };
export const HUBER: Objective = { loss: "huber", delta: 1e-3, residual: "raw" };
/** Seeds of this file's streams, apart from the purposes that fits draw from (101 … 103). */
const PURPOSE = { truth: 9001, shares: 9002, noise: 9003, start: 9004 } as const;
const CENTER = { params: 3e8, tokens: 1e10 };

export interface Plan {
  readonly domains?: number;
  readonly mixtures?: number;
  /** Default: 4 sizes from 1e8 to 1e9 and 5 token counts from 2e9 to 5e10. */
  readonly sizes?: readonly number[];
  readonly tokens?: readonly number[];
  /** Standard deviation of the normal noise added to each loss, in nats. */
  readonly noise?: number;
  readonly targets?: number;
  readonly seed?: number;
  readonly signs?: LawOptions["signs"];
  /** Every other mixture lacks a domain. Default true. */
  readonly zeros?: boolean;
}

export interface Drawn {
  readonly runs: Runs;
  readonly law: BoundLaw;
  /** True coordinates and noise-free losses, by target. */
  readonly truths: readonly Float64Array[];
  readonly exact: readonly Float64Array[];
}

const span = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));

/**
 * A point in the law's start ranges. `part`: the middle share of each range; an exponent α near 0
 * would make E and A one parameter.
 */
export function point(law: BoundLaw, seed: number, n: number, part = 0.5): Float64Array {
  const draws = stream(seed, PURPOSE.truth);
  return Float64Array.from(law.coordinates, ({ spec }, i) => {
    const [low, high] = spec.start(SCALE, law.domains.length);
    return low + (high - low) * (0.5 + part * (draws.uniform(n, i) - 0.5));
  });
}

function sharesOf(seed: number, mixture: number, k: number, zeros: boolean): number[] {
  const h = [...dirichlet(stream(seed, PURPOSE.shares), mixture, 1, k)];
  if (zeros && k > 1 && mixture % 2 === 1) h[mixture % k] = 0;
  const total = h.reduce((a, b) => a + b, 0);
  return h.map((x) => x / total);
}

/**
 * Runs of every mixture at every size and token count, with the losses of a law drawn for each
 * target.
 */
export function draw(law: Law, plan: Plan = {}): Drawn {
  const {
    domains: k = 2,
    mixtures = 8,
    noise = 0,
    targets = 1,
    seed = 1,
    signs = "positive",
    zeros = true,
  } = plan;
  const {
    sizes = law.uses.params ? span(1e8, 1e9, 4) : [3e8],
    tokens = law.uses.tokens ? span(2e9, 5e10, 5) : [1e10],
  } = plan;
  const domains = Array.from({ length: law.uses.weights ? k : 0 }, (_, i) => `d${i}`);
  const cells = Array.from({ length: domains.length === 0 ? 1 : mixtures }, (_, m) =>
    sharesOf(seed, m, Math.max(1, domains.length), zeros),
  ).flatMap((h) =>
    sizes.flatMap((params) =>
      tokens.map((count) => ({ h: domains.length === 0 ? [] : h, params, count })),
    ),
  );
  const rows = cells.length;
  const bound = bind(law, domains, { signs }, CENTER);
  const inputs = {
    params: Float64Array.from(cells, (c) => c.params),
    tokens: Float64Array.from(cells, (c) => c.count),
  };
  const weights = Float64Array.from(cells.flatMap((c) => c.h));
  const truths = Array.from({ length: targets }, (_, t) => point(bound, seed, t));
  const exact = truths.map((theta) => predictRows(bound, theta, { rows, inputs, weights }));
  const draws = stream(seed, PURPOSE.noise);
  const losses = exact.map((y, t) => y.map((v, row) => v + noise * draws.normal(row, 2 * t)));
  const train = {
    rows,
    rowNumbers: Int32Array.from({ length: rows }, (_, i) => i + 1),
    inputs,
    weights,
    losses,
  };
  const names = truths.map((_, t) => `loss_t${t}`);
  const runs: Runs = {
    source: "drawn",
    sha256: "",
    domains,
    targets: names,
    train,
    test: undefined,
    dropped: [],
    notes: [],
  };
  return { runs, law: bound, truths, exact };
}

/** What `engine.fit` makes of runs before it searches; Huber's loss of raw residuals by default. */
export const problemOf = (law: BoundLaw, runs: Runs, objective: Objective = HUBER): Problem =>
  poseProblem(law, runs.train, objective);

/**
 * `count` starts around each truth, moved by normals of `spread`; 0 gives the truths themselves.
 */
export function around({ law, truths }: Drawn, spread: number, count: number): Start[] {
  const draws = stream(3, PURPOSE.start);
  return truths.flatMap((theta, target) =>
    Array.from({ length: count }, (_, n) => ({
      target,
      theta: theta.map((x, i) =>
        Math.min(Math.max(x + spread * draws.normal(n, 2 * i), law.lower[i]), law.upper[i]),
      ),
    })),
  );
}

/** `count` starts a target from the law's start ranges. */
export const random = ({ law, truths }: Drawn, count: number): Start[] =>
  truths.flatMap((_, target) =>
    Array.from({ length: count }, (__, n) => ({ target, theta: point(law, 77, n, 1) })),
  );

/** A watch that nobody aborts. */
export const quiet: Watch = { signal: undefined, tick: () => undefined };
