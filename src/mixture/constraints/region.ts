/** The region of mixtures that a request allows: what all of its constraints demand, together. */
import { extremesOf } from "../../stats/moments.ts";
import { checkTogether, demandedKinds, type Demands, valueOf } from "./constraint-kinds.ts";
import { isTrainedLimit } from "./kinds/trained-shares.ts";
import { percent } from "../../base/format-number.ts";
import { equationsOf, type Space } from "../space/space.ts";
import { type Contribution, type CurvedConstraint, type L1Ball, type Limit, type Setting, sharePrice } from "./kinds/kind.ts"; // prettier-ignore

/** The linear part of a convex piece of the region, besides h ≥ 0 and Σ h = 1. */
export interface LinearRegion {
  readonly domains: readonly string[];
  readonly limits: readonly Limit[];
  readonly l1: L1Ball | undefined;
}

export interface Region extends LinearRegion {
  readonly curved: readonly CurvedConstraint[];
  /** Pairs of limits of which one must hold. */
  readonly choices: readonly (readonly [Limit, Limit])[];
  /** n: shares are multiples of 1/n. */
  readonly lattice: number | undefined;
}

/** The targets whose losses the demands are about, each once, with the option that names it. */
export function targetsOf(demands: Demands): { target: string; path: string }[] {
  const paths = new Map<string, string>();
  for (const kind of demandedKinds(demands))
    for (const target of kind.targets?.(valueOf(kind, demands)) ?? []) paths.set(target, kind.key);
  return [...paths].map(([target, path]) => ({ target, path }));
}

/** Throws InputError naming the constraint, what was found and what to do. */
export function regionOf(demands: Demands, setting: Omit<Setting, "request">): Region {
  checkTogether(demands);
  const request = { ...demands };
  const parts: readonly Contribution[] = demandedKinds(demands).map((kind) =>
    kind.contribute(valueOf(kind, demands), { ...setting, request }),
  );
  return {
    domains: setting.space.domains,
    limits: [...parts.flatMap(({ limits = [] }) => limits), ...phaseLimits(setting.space)].filter(
      (limit) => !isVacuous(limit),
    ),
    l1: parts.find(({ l1 }) => l1 !== undefined)?.l1,
    curved: parts.flatMap(({ curved = [] }) => curved),
    choices: parts.flatMap(({ choices = [] }) => choices),
    lattice: parts.find(({ lattice }) => lattice !== undefined)?.lattice,
  };
}

/** What each phase's shares sum to, as limits. */
const phaseLimits = (space: Space): Limit[] =>
  equationsOf(space).map(({ phase, coefficients, part }) => ({
    name: `${PHASE}${phase} = ${percent(part)} of the tokens`,
    coefficients,
    min: part,
    max: part,
    price: sharePrice,
  }));

const PHASE = "phase ";

/** Whether a constraint is what the phases are, and nothing that was asked for, by its name. */
export const isPhaseLimit = (constraint: string): boolean => constraint.startsWith(PHASE);

/**
 * Whether every mixture keeps a limit of several domains: a weighted mean of its coefficients lies
 * between the least and the most of them. Such a limit must not change how an optimum is sought.
 */
function isVacuous({ coefficients, min, max }: Limit): boolean {
  const [least, most] = extremesOf(coefficients);
  const several = coefficients.filter((x) => x !== 0).length > 1;
  return several && least >= min && most <= max;
}

/** The region without the limits of shares that hold unless `beyond` lifts them. */
export const withoutTrainedLimits = (region: Region): Region => ({
  ...region,
  limits: region.limits.filter(({ name }) => !isTrainedLimit(name)),
});

/** The convex pieces of the region: one for each way to make the choices, first ones first. */
export function piecesOf({ domains, limits, l1, choices }: Region): LinearRegion[] {
  return Array.from({ length: 2 ** choices.length }, (_, bits) => ({
    domains,
    limits: [...limits, ...choices.map((choice, j) => choice[(bits >> j) % 2 === 0 ? 0 : 1])],
    l1,
  }));
}
