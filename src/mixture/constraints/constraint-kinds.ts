/**
 * The list of constraint kinds: flags, constraints files, the library's check, the feasible set and
 * what is printed follow from it.
 */
import { atLeastOrZero, type AtLeastOrZero } from "./kinds/at-least-or-zero.ts";
import { available, type AvailableTokens, maxEpochs, type MaxEpochs } from "./kinds/available.ts";
import { group, type Groups } from "./kinds/group.ts";
import type { ConstraintKind } from "./kinds/kind.ts";
import { lattice, type Lattice } from "./kinds/lattice.ts";
import { noWorse, type NoWorse } from "./kinds/no-worse.ts";
import { ratio, type Ratios } from "./kinds/ratio.ts";
import { cap, fix, floor, type ShareBounds } from "./kinds/share-bounds.ts";
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
  atLeastOrZero,
  lattice,
];

/** Everything that a request demands of a mixture: `constraints` and the option `noWorse`. */
export interface Demands extends ConstraintRequest, NoWorse {}

/** The kinds of all demands. */
const ALL_KINDS: readonly ConstraintKind[] = [noWorse, ...CONSTRAINT_KINDS];

/** The demands in the options of `optimize`. */
export const demandsOf = ({
  constraints,
  noWorse: factors,
}: NoWorse & { readonly constraints?: ConstraintRequest }): Demands => ({
  ...constraints,
  ...(factors === undefined ? {} : { noWorse: factors }),
});

/** What a kind's value is among demands; undefined where it is left out. */
export const valueOf = (kind: ConstraintKind, demands: Demands): unknown =>
  (demands as Readonly<Record<string, unknown>>)[kind.key];

/** The kinds that something is demanded of. */
export const demandedKinds = (demands: Demands): ConstraintKind[] =>
  ALL_KINDS.filter((kind) => valueOf(kind, demands) !== undefined);

/** "one more percent": what the price of a constraint is for, by its name. */
export function moreRoom(constraint: string): string {
  const kind = ALL_KINDS.find(({ name }) => constraint.startsWith(`${name} `));
  return kind?.moreRoom(constraint) ?? "a little more room";
}
