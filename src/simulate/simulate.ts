/**
 * Runs drawn from a known law: to plan a set of runs before training any, and to test what a fit
 * recovers.
 */
import { InputError } from "../base/errors.ts";
import { evaluate } from "../expr/float64.ts";
import { bind, type BoundLaw, type Units } from "../laws/bind.ts";
import type { Law, LawOptions } from "../laws/law.ts";
import type { Reported } from "../laws/parameters/parameters.ts";
import { lawFor } from "../laws/family.ts";
import { type Stream, stream } from "../random/rng.ts";
import { checkDesign, type Design } from "./run-design.ts";
import { dirichlet, onGrid, uniformMixture } from "../random/dirichlet.ts";

/**
 * What the draws are for. Fits draw from other purposes, so a fit with the same seed shares no
 * number with its data.
 */
const PURPOSE = { truth: 0x73696d00, mixture: 0x73696d01, noise: 0x73696d02 } as const;

/**
 * lognormal: loss·exp(σz), so that σ is a relative error; gaussian: loss + σz, in nats. z is
 * standard normal, one for each loss.
 */
export interface Noise {
  readonly kind: "lognormal" | "gaussian";
  readonly sigma: number;
}

/** The law that runs are drawn from, exactly: `mixlaw/truth@1`. */
export interface Truth {
  readonly schema: "mixlaw/truth@1";
  readonly law: string;
  readonly signs: LawOptions["signs"];
  readonly domains: readonly string[];
  /** N and D are divided by these before their logarithm is taken, in terms of `coordinates`. */
  readonly center: Units;
  readonly noise: Noise;
  readonly seed: number;
  readonly targets: readonly {
    readonly target: string;
    readonly coordinates: Readonly<Record<string, number>>;
    readonly parameters: Reported;
  }[];
}

/** A table: `columns` names its columns, each row has a number for each. */
export interface Simulated {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

// Fixed, not the middle of the design: a seed then stands for the same law whatever runs are
// planned.
const CENTER: Units = { params: 1e8, tokens: 2e9 };

/** With the middle of what other inputs typically are. */
const centerOf = ({ uses }: Law): Units => ({
  ...CENTER,
  ...Object.fromEntries(
    (uses.inputs ?? []).flatMap(({ name, values, typical }) =>
      values === "any" ? [] : [[name, typical[Math.floor(typical.length / 2)]]],
    ),
  ),
});

// 9 digits are far below any noise, and the same whatever the last bit of a machine's exp and log.
const digits = (value: number, precision = 9): number => Number(value.toPrecision(precision));

/**
 * A coordinate of a target's law is drawn from one place of the stream: item = target, lane =
 * position.
 */
interface Draw {
  readonly between: (low: number, high: number) => number;
  /** This draw's domain is what the target measures ("loss_code" and "code"). */
  readonly own: boolean;
  readonly free: boolean;
}

/**
 * True values by coordinate, at 100M parameters and 2B tokens: losses of 2 to 4 nats from 20M to 1B
 * parameters at 5 to 20 tokens a parameter. lnC follows from the mixture term at equal shares (0.3
 * to 0.7 nats) and the domains' parts in it, see `drawMixtureTerm`.
 */
const RANGES: Readonly<Record<string, (draw: Draw) => number>> = {
  E: (d) => d.between(1.2, 1.8),
  lnA: (d) => Math.log(d.between(0.25, 0.5)),
  alpha: (d) => d.between(0.25, 0.4),
  lnB: (d) => Math.log(d.between(0.25, 0.6)),
  beta: (d) => d.between(0.25, 0.4),
  gamma: (d) => d.between(0.3, 0.8),
  // What the term is at the pure mixture of a domain: smallest at the target's own.
  u: (d) => Math.log(d.own ? d.between(0.1, 0.2) : d.between(0.4, 0.9)),
  s: (d) => signed(d.between(-1, 1), 0.4, 1.4),
  uA: (d) => Math.log(d.between(0.2, 0.6)),
  uB: (d) => Math.log(d.own ? d.between(0.2, 0.4) : d.between(0.3, 0.8)),
  uAlpha: (d) => Math.log(d.between(0.25, 0.4)),
  uBeta: (d) => Math.log(d.between(0.25, 0.4)),
  sA: power,
  sB: power,
  sAlpha: power,
  sBeta: power,
};

/** s = 1/γ: γ from 1 to 2.5, of either sign where signs are free. */
function power(d: Draw): number {
  return d.free ? signed(d.between(-1, 1), 0.4, 1) : d.between(0.4, 1);
}

const signed = (x: number, low: number, high: number): number =>
  Math.sign(x) * (low + Math.abs(x) * (high - low));

/**
 * Draws true parameters for every target from ranges such as published fits have (see RANGES in the
 * source).
 *
 * @throws InputError for a seed that is no safe integer.
 * @example drawTruth(additive, ["web", "code"], ["loss_web"], { signs: "positive", seed: 1, noise:
 *   { kind: "lognormal", sigma: 0.005 } })
 */
export function drawTruth(
  law: Law,
  domains: readonly string[],
  targets: readonly string[],
  options: LawOptions & { readonly seed: number; readonly noise: Noise },
): Truth {
  const { signs, seed, noise } = options;
  checkSeed(seed);
  const draws = stream(seed, PURPOSE.truth);
  const center = centerOf(law);
  return {
    schema: "mixlaw/truth@1",
    law: law.name,
    signs,
    domains,
    center,
    noise,
    seed,
    targets: targets.map((target, t) => {
      const bound = bind(lawFor(law, target, domains), domains, { signs }, center);
      const theta = drawCoordinates(bound, target, draws, t);
      return {
        target,
        coordinates: Object.fromEntries(bound.coordinates.map(({ name }, i) => [name, theta[i]])),
        parameters: rounded(bound.reportAt(theta)),
      };
    }),
  };
}

function drawCoordinates(bound: BoundLaw, target: string, draws: Stream, item: number): number[] {
  const theta = bound.coordinates.map(({ parameter, domain, spec }, lane) => {
    const between = (low: number, high: number): number =>
      low + (high - low) * draws.uniform(item, lane);
    const { truth } = spec;
    if (truth !== undefined) return between(...truth);
    const range = RANGES[parameter];
    if (range !== undefined)
      return range({
        between,
        own: domain !== undefined && `loss_${bound.domains[domain]}` === target,
        free: bound.options.signs === "free",
      });
    // A coordinate without a range of its own: the middle half of where searches start at such
    // losses.
    const [low, high] = spec.start({ min: 2, mean: 3, max: 4 }, bound.domains.length);
    return between(low + (high - low) / 4, high - (high - low) / 4);
  });
  const [term, ...parts] = drawMixtureTerm(bound, target, draws, item);
  for (const [lane, { parameter, domain }] of bound.coordinates.entries()) {
    if (parameter !== "lnC" || domain === undefined) continue;
    // Cᵢ·(1/k)^γᵢ = partᵢ/term: the parts sum to 1, so the term 1/Σ Cᵢhᵢ^γᵢ is `term` at equal
    // shares.
    const gamma = bound.coordinates.findIndex(
      (other) => other.parameter === "gamma" && other.domain === domain,
    );
    theta[lane] = Math.log(parts[domain] / term) + theta[gamma] * Math.log(bound.domains.length);
  }
  return theta.map((value) => digits(value, 6));
}

/**
 * The mixture term at equal shares, then each domain's part in it: the target's own domain counts
 * three times as much as another.
 */
function drawMixtureTerm(bound: BoundLaw, target: string, draws: Stream, item: number): number[] {
  const lane = bound.size;
  const raw = bound.domains.map(
    (domain, i) =>
      (`loss_${domain}` === target ? 3 : 1) * (0.5 + draws.uniform(item, lane + 1 + i)),
  );
  const total = raw.reduce((sum, part) => sum + part, 0);
  return [0.3 + 0.4 * draws.uniform(item, lane), ...raw.map((part) => part / total)];
}

const rounded = (parameters: Reported): Reported =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === "number"
        ? digits(value)
        : value === null
          ? null
          : Object.fromEntries(
              Object.entries(value).map(([domain, x]) => [domain, x === null ? null : digits(x)]),
            ),
    ]),
  );

/**
 * Mixtures to train on: equal shares first, then draws, uniform on the simplex but for a least
 * share of 0.02 (0.2/k for more than 10 domains). Shares are whole multiples of 1e-4, so that a
 * table holds them exactly.
 */
export function drawMixtures(domains: number, mixtures: number, seed: number): Float64Array[] {
  const draws = stream(seed, PURPOSE.mixture);
  const least = Math.min(0.02, 0.2 / domains);
  return Array.from({ length: mixtures }, (_, m) => {
    const shares =
      m === 0
        ? uniformMixture(domains)
        : dirichlet(draws, m, 1, domains).map((share) => least + (1 - domains * least) * share);
    return onGrid(shares, 1e4);
  });
}

/**
 * Runs of a design with losses from the truth and noise; a pure function of its arguments.
 *
 * @returns columns mixture_id, run_id, n_params, n_tokens, h_<domain> (none for a law without a
 *   mixture) and the targets; losses have 9 digits
 * @throws InputError for a design that cannot be used and for a truth that lacks a domain or
 *   target.
 * @example simulate(additive, truth, { domains, targets, sizes: [2e7, 1e8], tokens: { perParam: 20,
 *   checkpoints: 4 }, mixtures: 30 })
 */
export function simulate(law: Law, truth: Truth, design: Design): Simulated {
  checkDesign(design);
  checkSeed(truth.seed);
  const { domains, targets } = design;
  const truths = targets.map((target) => {
    const bound = bind(lawFor(law, target, domains), domains, { signs: truth.signs }, truth.center);
    return { bound, theta: trueCoordinates(bound, truth, target) };
  });
  const inputs = law.uses.inputs ?? [];
  const levels = crossed(inputs.map(({ name, typical }) => design.inputs?.[name] ?? typical));
  const mixtures = law.uses.weights
    ? drawMixtures(domains.length, design.mixtures, truth.seed)
    : [new Float64Array(0)];
  const draws = stream(truth.seed, PURPOSE.noise);
  const rows: number[][] = [];
  mixtures.forEach((weights, mixture) => {
    design.sizes.forEach((params, size) => {
      for (const tokens of checkpoints(design.tokens, params)) {
        for (const level of levels) {
          const values: Readonly<Record<string, number>> = {
            params,
            tokens,
            ...Object.fromEntries(inputs.map(({ name }, i) => [name, level[i]])),
          };
          const losses = truths.map(({ bound, theta }, t) => {
            const [loss] = evaluate([bound.loss], (leaf) => {
              if (leaf.kind === "param") return theta[leaf.index];
              return leaf.kind === "weight"
                ? weights[leaf.index]
                : leaf.kind === "input"
                  ? values[leaf.name]
                  : NaN;
            });
            const error = truth.noise.sigma * draws.normal(rows.length, t);
            return digits(truth.noise.kind === "lognormal" ? loss * Math.exp(error) : loss + error);
          });
          rows.push([
            mixture,
            mixture * design.sizes.length + size,
            params,
            tokens,
            ...level,
            ...weights,
            ...losses,
          ]);
        }
      }
    });
  });
  const shares = law.uses.weights ? domains.map((domain) => `h_${domain}`) : [];
  return {
    columns: [
      "mixture_id",
      "run_id",
      "n_params",
      "n_tokens",
      ...inputs.map(({ name }) => name),
      ...shares,
      ...targets,
    ],
    rows,
  };
}

/** Every combination of one value from each list. */
const crossed = (lists: readonly (readonly number[])[]): number[][] =>
  lists.reduce<number[][]>(
    (sofar, list) => sofar.flatMap((before) => list.map((value) => [...before, value])),
    [[]],
  );

function checkpoints(tokens: Design["tokens"], params: number): number[] {
  if (!("perParam" in tokens)) return [...tokens];
  return Array.from({ length: tokens.checkpoints }, (_, i) =>
    Math.round((tokens.perParam * params * (i + 1)) / tokens.checkpoints),
  );
}

function trueCoordinates(bound: BoundLaw, truth: Truth, target: string): number[] {
  const found = truth.targets.find((other) => other.target === target);
  const there = truth.targets.map((other) => other.target).join(", ");
  if (found === undefined)
    throw new InputError(`the truth has no target ${target}; it has ${there}`, { flag: "--truth" });
  return bound.coordinates.map(({ name }) => {
    const value = found.coordinates[name];
    if (value !== undefined && Number.isFinite(value)) return value;
    const problem = `the truth has no coordinate ${name} for ${target}: its domains are ${truth.domains.join(", ") || "none"}, its law is ${truth.law}`;
    throw new InputError(problem, { flag: "--truth" });
  });
}

function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed))
    throw new InputError(`--seed is ${seed}; it must be a whole number.`, { flag: "--seed" });
}
