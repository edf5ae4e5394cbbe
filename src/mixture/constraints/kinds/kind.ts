/**
 * What a kind of constraint is. One object holds all that mixlaw knows of a kind: its flag, its key
 * in the library and in constraints files, what it demands of a mixture, and its words. A new kind
 * is a file of this folder and a line in `../constraint-kinds.ts`.
 */
import type { GenericSchema } from "valibot";
import { InputError } from "../../../base/errors.ts";
import { option } from "../../../base/option-text.ts";
import { itemAt } from "../../../base/known.ts";
import { suggest } from "../../../base/wording.ts";
import { shareNames, shareRow, type Space } from "../../space/space.ts";
import { type Ball, fromCenter } from "../../../convex/project-l1-ball.ts";
import type { Smooth } from "../../../convex/smooth.ts";

/** What a little more room would gain in the objective. */
export interface Price {
  /** By one more percent of share, or 0.01 of the bound where the bound is not a share. */
  readonly perPercent: number;
  /** By one more epoch, where the bound is one on epochs. */
  readonly perEpoch: number | null;
}

/** One condition on a mixture, as messages name it and prices tell of it. */
export interface Constraint {
  /** Begins with the name of its kind: "floor web ≥ 10 %". */
  readonly name: string;
  /** From its multiplier, at least 0, at the optimum h. */
  price(multiplier: number, h: Float64Array): Price;
}

/** min ≤ coefficients·h ≤ max; an end that is infinite is open. */
export interface Limit extends Constraint {
  readonly coefficients: Float64Array;
  readonly min: number;
  readonly max: number;
  /** What all of these were divided by, so that they are near 1. Default 1. */
  readonly divisor?: number;
}

/** Σ|hᵢ − centerᵢ| ≤ radius, or Σ|axisⱼ·h − centerⱼ| ≤ radius. */
export interface L1Ball extends Constraint, Ball {}

/** By how much a mixture is outside of a ball; below 0 inside. */
export const ballExcess = (ball: L1Ball, h: Float64Array): number =>
  fromCenter(ball, h).reduce((sum, x) => sum + Math.abs(x), -ball.radius);

/** excess(h) ≤ 0 for a smooth function that is not linear. */
export interface CurvedConstraint extends Constraint {
  readonly excess: Smooth;
  /** How `excess` bends: it is convex, or bends as this many times the loss of a target. */
  readonly bends: "convex" | { readonly target: string; readonly times: number };
}

/** What the constraints of one kind demand; what is left out is not demanded. */
export interface Contribution {
  readonly limits?: readonly Limit[];
  readonly l1?: L1Ball;
  readonly curved?: readonly CurvedConstraint[];
  /** Pairs of limits of which one must hold: the feasible set then has several convex pieces. */
  readonly choices?: readonly (readonly [Limit, Limit])[];
  /** n: shares are multiples of 1/n. */
  readonly lattice?: number;
}

/** What constraints are meant in: the fit's domains and losses, and the run to plan. */
export interface Setting {
  readonly space: Space;
  readonly reference: Float64Array;
  /** The mixtures that were trained; none where the fit file has none. */
  readonly trained: readonly (readonly number[])[];
  /** D of the run to plan; undefined where it is not given. */
  readonly tokens: number | undefined;
  /** Whether a law reads the supply, and so knows what it costs to repeat tokens. */
  readonly isRepetitionKnown: boolean;
  /** All constraints of the request by key, for a kind that goes with another one. */
  readonly request: Readonly<Record<string, unknown>>;
  /** The loss of a target whose fit a kind asked for with `targets`. */
  readonly lossOf: (target: string) => {
    /** At the reference mixture. */
    readonly atReference: number;
    /** The loss divided by `unit`, as a function of the mixture. */
    readonly over: (unit: number) => Smooth;
  };
}

/** How the command line reads what a flag's text holds, or the file that it names. */
export interface TextReader {
  /** The domains of the fit: their names are known, whatever signs they hold. */
  readonly domains: readonly string[];
  /** Token counts by domain: "web=1.2T,code=300B", or a table or a map of them. */
  tokens(text: string): Promise<Readonly<Record<string, number>>>;
  /** Numbers by name: "loss_web=1.02"; `example` is for the message where a text is not so. */
  numbers(
    flag: string,
    texts: readonly string[],
    example: string,
  ): Readonly<Record<string, number>>;
}

/** The flag of `mixlaw optimize` and `mixlaw design`. */
export interface ConstraintFlag<T> {
  readonly name: `--${string}`;
  /** How help shows its value: "<SHARES>". */
  readonly metavar: string;
  readonly help: string;
  /** Whether it may be given several times. */
  readonly repeats: boolean;
  /** Throws InputError that names the flag and the piece that cannot be read. */
  parse(texts: readonly string[], reader: TextReader): T | Promise<T>;
  /** Throws InputError for a text that is wrong whatever the domains and targets are called. */
  check?(text: string): void;
}

export interface ConstraintKind<T = unknown> {
  /** The first word of its constraints' names. */
  readonly name: string;
  /** Its key in `constraints` of the library and in a constraints file. */
  readonly key: string;
  readonly flag: ConstraintFlag<T>;
  /** What the library and a file may give, and how it becomes a value. */
  readonly schema: GenericSchema<unknown, T>;
  /** A file's value and the flag's together. Throws InputError where both say the same thing. */
  merge(file: T, flag: T): T;
  /** Throws InputError where it goes with another kind, which the request does not have. */
  checkTogether?(request: Readonly<Record<string, unknown>>): void;
  /** The targets whose losses it is about. Default: none. */
  targets?(value: T): readonly string[];
  /** Throws InputError that names the constraint, what was found and what to do. */
  contribute(value: T, setting: Setting): Contribution;
  /**
   * How what it demands depends on N and D. "moves": the bound is another one at another scale.
   * "closes": at ever more tokens it leaves no mixture. Default: not at all.
   */
  readonly withScale?: "moves" | "closes";
  /** "one more percent": what `perPercent` is the price of, for a constraint of this name. */
  moreRoom(constraint: string): string;
}

/** The kind whose value is the one key of R. @example KindOf<{ lattice?: number }> */
export type KindOf<R> = {
  [K in keyof R & string]-?: ConstraintKind<NonNullable<R[K]>> & { readonly key: K };
}[keyof R & string];

/** The price of a bound in shares: the multiplier is the gain by one more share of 1. */
export const sharePrice = (multiplier: number): Price => ({
  perPercent: 0.01 * multiplier,
  perEpoch: null,
});

/** The row that is the share of one domain. */
export const shareOfDomain = (index: number, domains: readonly string[]): Float64Array =>
  Float64Array.from(domains, (_, i) => (i === index ? 1 : 0));

/** A kind in messages: the first word of its constraints' names, and the option that holds it. */
export interface KindName {
  readonly name: string;
  /** "constraints.floors" */
  readonly path: string;
}

/** The row of a share by its name. Throws InputError for one that the fit does not have. */
export function rowOf(
  kind: KindName,
  name: string,
  { space }: Pick<Setting, "space">,
): Float64Array {
  const row = shareRow(space, name);
  if (row !== undefined) return row;
  throw new InputError(
    `the ${kind.name} names the domain "${name}", which the fit does not have; ${suggest(name, shareNames(space), "domains")}`,
    { option: kind.path },
  );
}

/** The row of a sum of shares by their names, each counted once. */
export function sumRow(
  kind: KindName,
  names: readonly string[],
  setting: Pick<Setting, "space">,
): Float64Array {
  const rows = [...new Set(names)].map((name) => rowOf(kind, name, setting));
  return Float64Array.from(setting.space.domains, (_, i) =>
    rows.reduce((sum, row) => sum + itemAt(row, i), 0),
  );
}

/** For a kind that can be said once: a file and a flag cannot both say it. */
export const sayOnce = (path: string) => (): never => {
  throw new InputError(
    `both ${option(path)} and the constraints file are given: say it in one place.`,
    { option: path },
  );
};
