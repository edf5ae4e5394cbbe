/**
 * The list of constraint kinds: flags, constraints files, the library's check, the feasible set and
 * what is printed follow from it.
 */
import { option } from "../../base/option-text.ts";
import { atLeastOrZero, type AtLeastOrZero } from "./kinds/at-least-or-zero.ts";
import { available, type AvailableTokens, maxEpochs, type MaxEpochs } from "./kinds/available.ts";
import { group, type Groups } from "./kinds/group.ts";
import type { ConstraintKind } from "./kinds/kind.ts";
import { lattice, type Lattice } from "./kinds/lattice.ts";
import { maxChange, type MaxChange } from "./kinds/max-change.ts";
import { noWorse, type NoWorse } from "./kinds/no-worse.ts";
import { ratio, type Ratios } from "./kinds/ratio.ts";
import { cap, fix, floor, type ShareBounds } from "./kinds/share-bounds.ts";
import {
  isTrainedLimit,
  TRAINED_FACTOR,
  trainedShares,
  type TrainedShares,
} from "./kinds/trained-shares.ts";
import { trust, type TrustRegion } from "./kinds/trust.ts";

/**
 * Constraints by domain name, as flags or a YAML file give them. Shares are numbers from 0 to 1.
 * @example { floors: { web: 0.1 }, groups: [{ domains: ["math", "code"], min: 0.2 }] }
 */
export interface ConstraintRequest
  extends
    ShareBounds,
    Groups,
    Ratios,
    AvailableTokens,
    MaxEpochs,
    TrustRegion,
    MaxChange,
    AtLeastOrZero,
    Lattice {}

/** The kinds of `constraints`, in the order in which help and messages list them. */
export const CONSTRAINT_KINDS: readonly ConstraintKind[] = [
  floor,
  cap,
  fix,
  group,
  ratio,
  available,
  maxEpochs,
  trust,
  maxChange,
  atLeastOrZero,
  lattice,
];

/** What a request demands beside its `constraints`. */
type OtherDemands = NoWorse & TrainedShares;

/** Everything that a request demands of a mixture: `constraints` and the options beside them. */
export interface Demands extends ConstraintRequest, OtherDemands {}

/** The kinds of all demands. */
const ALL_KINDS: readonly ConstraintKind[] = [noWorse, ...CONSTRAINT_KINDS, trainedShares];

/** The options of `optimize` that demand something of a mixture. */
export interface Demanding extends OtherDemands {
  readonly constraints?: ConstraintRequest;
}

/** The demands in the options of `optimize`. Shares are limited unless `beyond` says otherwise. */
export const demandsOf = ({
  constraints,
  noWorse: factors,
  beyond = false,
}: Demanding): Demands => ({
  ...constraints,
  ...(factors === undefined ? {} : { noWorse: factors }),
  beyond,
});

/** What a kind's value is among demands; undefined where it is left out. */
export const valueOf = (kind: ConstraintKind, demands: Demands): unknown =>
  (demands as Readonly<Record<string, unknown>>)[kind.key];

/** The kinds that something is demanded of. */
export const demandedKinds = (demands: Demands): ConstraintKind[] =>
  ALL_KINDS.filter((kind) => valueOf(kind, demands) !== undefined);

/** Throws InputError for demands that need others which are not there. */
export function checkTogether(demands: Demands): void {
  for (const kind of demandedKinds(demands))
    kind.checkTogether?.(demands as Readonly<Record<string, unknown>>);
}

/** What to do about constraints that cannot hold together, by their names. */
export function conflictRemedy(names: readonly string[]): string {
  const relax = `Relax ${names.length === 1 ? "it" : "one of them"}.`;
  return names.some(isTrainedLimit)
    ? `${relax} Those that begin with "trained" are ${TRAINED_FACTOR} × the largest share of any training run, and hold unless ${option("beyond")} lifts them.`
    : relax;
}

/** "one more percent": what the price of a constraint is for, by its name. */
export function moreRoom(constraint: string): string {
  const kind = ALL_KINDS.find(({ name }) => constraint.startsWith(`${name} `));
  return kind?.moreRoom(constraint) ?? "a little more room";
}
