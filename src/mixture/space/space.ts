/**
 * The space that mixtures are of: the simplex of the domains, or a product of simplices, one for
 * each phase. A mixture of phases is one vector, the shares of their cells of all tokens
 * (options/phases.ts), so that the space is the simplex of the cells with a sum for each phase. All
 * that is particular to phases follows from this file.
 */
import { itemAt } from "../../base/known.ts";
import { cellsOf, type Phases } from "../../options/phases.ts";

/** Phases, and what part of the tokens each has. */
export interface PhaseParts extends Phases {
  /** They sum to 1. */
  readonly fractions: readonly number[];
}

/** What mixtures have shares of, and the phases where there are any. */
export interface Space {
  /** The domains, or the cells of phases. */
  readonly domains: readonly string[];
  readonly phases?: PhaseParts | undefined;
}

/** The phase of a cell, and the domain in it, from 0. */
const placeOf = ({ domains }: Phases, cell: number): readonly [number, number] => [
  Math.floor(cell / domains.length),
  cell % domains.length,
];

/** Equal shares, in each phase. */
export function uniformIn({ domains, phases }: Space): Float64Array {
  const k = phases?.domains.length ?? domains.length;
  return Float64Array.from(domains, (_, i) => partOf(phases, i) / k);
}

/** What part of all tokens the phase of a cell has; 1 without phases. */
const partOf = (phases: PhaseParts | undefined, cell: number): number =>
  phases === undefined ? 1 : itemAt(phases.fractions, placeOf(phases, cell)[0]);

/** The names of shares that constraints may be on: the domains and, of phases, the cells too. */
export const shareNames = ({ domains, phases }: Space): readonly string[] =>
  phases === undefined ? domains : [...phases.domains, ...domains];

/** The names that a share goes by: its own and, of a cell, that of its domain. */
export const namesAt = ({ domains, phases }: Space, cell: number): readonly string[] => [
  itemAt(domains, cell),
  ...(phases === undefined ? [] : [itemAt(phases.domains, placeOf(phases, cell)[1])]),
];

/**
 * The row whose product with a mixture is the share that a name stands for: of a domain, in all
 * phases together; of a cell such as "main/web", in its phase. Undefined for another name.
 *
 * @example shareRow({ domains: ["web", "code"] }, "code") // 0, 1
 */
export function shareRow({ domains, phases }: Space, name: string): Float64Array | undefined {
  const cell = domains.indexOf(name);
  if (cell >= 0) {
    const part = partOf(phases, cell);
    return Float64Array.from(domains, (_, i) => (i === cell ? 1 / part : 0));
  }
  const domain = phases?.domains.indexOf(name) ?? -1;
  if (phases === undefined || domain < 0) return undefined;
  return Float64Array.from(domains, (_, i) => (placeOf(phases, i)[1] === domain ? 1 : 0));
}

/**
 * The shares of a mixture in their phases: those of each sum to 1. Without phases, the mixture
 * itself.
 */
export const inPhases = ({ phases }: Space, h: ArrayLike<number>): Float64Array =>
  Float64Array.from(h, (share, i) => share / partOf(phases, i));

/** The mean of the phases' shares, weighted by tokens: a share of each domain. */
export function meanShares({ domains, phases }: Space, h: ArrayLike<number>): Float64Array {
  const k = phases?.domains.length ?? domains.length;
  return Float64Array.from({ length: k }, (_, domain) => {
    let share = 0;
    for (let i = domain; i < h.length; i += k) share += itemAt(h, i);
    return share;
  });
}

/** The mixture that has some shares of domains in each phase. */
export const sameInPhases = (space: Space, shares: ArrayLike<number>): Float64Array =>
  Float64Array.from(space.domains, (_, i) => partOf(space.phases, i) * itemAt(shares, i % shares.length)); // prettier-ignore

/** Makes the shares of each phase sum to its part of the tokens, in place. */
export function ontoSpace({ phases }: Space, h: Float64Array): void {
  const k = phases?.domains.length ?? h.length;
  for (const [p, part] of (phases?.fractions ?? []).entries()) {
    const own = h.subarray(p * k, (p + 1) * k);
    const sum = own.reduce((total, share) => total + share, 0);
    for (let i = 0; i < k; i++) own[i] = sum > 0 ? (part * itemAt(own, i)) / sum : part / k;
  }
}

/** A row with what its product with each mixture of the space is. */
export interface SpaceEquation {
  readonly phase: string;
  readonly coefficients: Float64Array;
  readonly part: number;
}

/** What makes mixtures of cells those of the space; of the last phase the sum of all says it. */
export const equationsOf = ({ domains, phases }: Space): SpaceEquation[] =>
  (phases?.names ?? []).slice(0, -1).map((phase, p) => ({
    phase,
    coefficients: Float64Array.from(domains, (_, i) =>
      phases !== undefined && placeOf(phases, i)[0] === p ? 1 : 0,
    ),
    part: phases?.fractions[p] ?? 0,
  }));

/** The space of phases with parts of the tokens. */
export const phaseSpace = (phases: PhaseParts): Space => ({ domains: cellsOf(phases), phases });
