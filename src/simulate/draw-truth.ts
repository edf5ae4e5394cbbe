/** The law that simulated runs are drawn from: true parameters such as published fits have. */
import { InputError } from "../base/errors.ts";
import { given } from "../base/objects.ts";
import { option } from "../base/option-text.ts";
import { bind, type BoundLaw, type Units } from "../laws/bind.ts";
import { lawFor } from "../laws/family.ts";
import type { Signs } from "../options/fit-options.ts";
import type { Law, LawOptions } from "../laws/law.ts";
import type { Coordinate, Reported } from "../laws/parameters/parameters.ts";
import type { Stream } from "../random/rng.ts";
import { digits, drawsFor } from "./draws.ts";
import { phasesOf, sharesOf, type SimulatedPhases } from "./simulated-phases.ts";

/**
 * lognormal: loss·exp(σz), so that σ is a relative error; gaussian: loss + σz, in nats. z is
 * standard normal, one for each loss.
 */
export const NOISES = ["lognormal", "gaussian"] as const;

export interface Noise {
  readonly kind: (typeof NOISES)[number];
  readonly sigma: number;
}

/** The law that runs are drawn from, exactly: `mixlaw/truth@1`. */
export interface Truth {
  readonly schema: "mixlaw/truth@1";
  readonly law: string;
  readonly signs: Signs;
  readonly domains: readonly string[];
  /** Phases of the runs that it was drawn for; a law of each phase has parameters of each. */
  readonly phases?: SimulatedPhases;
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

/**
 * Fixed, not the middle of the design: a seed then stands for the same law whatever runs are
 * planned.
 */
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

/**
 * Draws true parameters for every target, from the ranges that the law's parameters have for this:
 * see `truth` of `ParameterSpec`.
 *
 * @throws InputError for a seed that is no safe integer, and for a law of each phase without
 *   phases.
 * @example drawTruth(additive, ["web", "code"], ["loss_web"], { signs: "positive", seed: 1, noise:
 *   { kind: "lognormal", sigma: 0.005 } })
 */
export function drawTruth(
  law: Law,
  domains: readonly string[],
  targets: readonly string[],
  options: LawOptions & {
    readonly seed: number;
    readonly noise: Noise;
    readonly phases?: SimulatedPhases;
  },
): Truth {
  const { signs, seed, noise, phases } = options;
  const draws = drawsFor("truth", seed);
  const center = centerOf(law);
  return {
    schema: "mixlaw/truth@1",
    law: law.name,
    signs,
    domains,
    ...given({ phases }),
    center,
    noise,
    seed,
    targets: targets.map((target, item) => {
      const bound = boundFor(law, target, { signs, domains, phases, center });
      const theta = new TrueCoordinates(bound, target, draws, item).all();
      return {
        target,
        coordinates: Object.fromEntries(bound.coordinates.map(({ name }, i) => [name, theta[i]])),
        parameters: rounded(bound.reportAt(theta)),
      };
    }),
  };
}

/** A law as runs of some domains and phases are drawn from it. */
export function boundFor(
  law: Law,
  target: string,
  { signs, domains, phases, center }: BoundTo,
): BoundLaw {
  if (law.uses.phases !== undefined && phases === undefined)
    throw new InputError(
      `the law ${law.name} reads each phase: name them and their parts of the tokens with ${option("phases", "main=0.8,anneal=rest")}, or choose a law without them.`,
      { option: "phases" },
    );
  const shares = law.uses.weights ? sharesOf(phases, domains) : [];
  const named = law.uses.weights ? phasesOf(phases, domains) : undefined;
  return bind(lawFor(law, target, domains), shares, { signs, phases: named }, center);
}

/** What a law is bound to. */
interface BoundTo extends Pick<Truth, "signs" | "domains" | "center"> {
  readonly phases: SimulatedPhases | undefined;
}

/**
 * The true coordinates of one target's law. Coordinate i is drawn from lane i of the stream's item;
 * the lanes after the last coordinate are for what coordinates share.
 */
class TrueCoordinates {
  /** Each domain's part of 1. */
  readonly #parts: readonly number[];

  constructor(
    readonly law: BoundLaw,
    readonly target: string,
    readonly draws: Stream,
    readonly item: number,
  ) {
    const raw = law.domains.map(
      (_, i) => (this.#isOwn(i) ? 3 : 1) * (0.5 + draws.uniform(item, law.size + 1 + i)),
    );
    const total = raw.reduce((sum, part) => sum + part, 0);
    this.#parts = raw.map((part) => part / total);
  }

  all(): number[] {
    return this.law.coordinates.map((_, i) => digits(this.#value(i), 6));
  }

  #value(i: number): number {
    const { spec, domain } = this.law.coordinates[i];
    const { size, domains } = this.law;
    const between = (low: number, high: number): number =>
      low + (high - low) * this.draws.uniform(this.item, i);
    if (spec.truth === undefined) return between(...middleHalf(spec.start(SCALE, domains.length)));
    if (typeof spec.truth !== "function") return between(...spec.truth);
    return spec.truth({
      between,
      shared: this.draws.uniform(this.item, size),
      own: domain !== undefined && this.#isOwn(domain),
      part: domain === undefined ? 1 : this.#parts[domain],
      domains: domains.length,
      beside: (parameter) => this.#value(this.#position(parameter, domain)),
    });
  }

  /** Whether a domain is what the target measures: "loss_code" measures "code". */
  #isOwn(domain: number): boolean {
    const { domains, phases } = this.law;
    const names = phases?.domains ?? domains;
    return this.target === `loss_${names[domain % names.length]}`;
  }

  #position(parameter: string, domain: Coordinate["domain"]): number {
    const position = this.law.coordinates.findIndex(
      (other) => other.parameter === parameter && other.domain === domain,
    );
    if (position < 0) throw new Error(`${this.law.law.name} has no ${parameter} to draw beside`);
    return position;
  }
}

/** Losses of the simulated runs, roughly. */
const SCALE = { min: 2, mean: 3, max: 4 };

/**
 * The middle half of a range: of where searches start, where a parameter has no range of its own.
 */
const middleHalf = ([low, high]: readonly [number, number]): readonly [number, number] => [
  low + (high - low) / 4,
  high - (high - low) / 4,
];

const rounded = (parameters: Reported): Reported =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (value === null || typeof value === "number") return [name, roundedNumber(value)];
      const byDomain = Object.entries(value).map(([domain, x]) => [domain, roundedNumber(x)]);
      return [name, Object.fromEntries(byDomain)];
    }),
  );

const roundedNumber = (value: number | null): number | null =>
  value === null ? null : digits(value);
