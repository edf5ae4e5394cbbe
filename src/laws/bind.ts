/** A law for given domains and data. */
import { InputError } from "../base/errors.ts";
import { byNames } from "../base/objects.ts";
import { itemAt, ownOf } from "../base/known.ts";
import type { Restrictions } from "../options/fit-options.ts";
import { fractionOf, type Phases } from "../options/phases.ts";
import { supplyOf } from "../options/supply.ts";
import { evaluation } from "../expr/float64.ts";
import { div, input, log, logz, mul, type Node, step, sub, sum, weight } from "../expr/graph.ts";
import type { Centerable, CoordinateValues, Guard, Law, LawOptions, LawVariables } from "./law.ts";
import type { Coordinate, Parameter, Reported } from "./parameters/parameters.ts";
import type { Centers } from "./parameters/chart.ts";
import { type Frame, NO_FRAME, originIn } from "./parameters/frame.ts";
import { type Layout, layOut } from "./parameters/layout.ts";

/**
 * N and D (and other positive inputs, by name) are divided by these before their logarithm is
 * taken.
 */
export interface Units {
  /** Unit of N. */
  readonly params: number;
  /** Unit of D. */
  readonly tokens: number;
  readonly [input: string]: number;
}

/** How a law is bound: its options, and what the user says of single parameters. */
export interface BindOptions extends LawOptions, Partial<Restrictions> {
  /** What the data decide of a formula's coordinates. Default: nothing. */
  readonly frame?: Frame | undefined;
  /** The phases of the runs. Default: they have one mixture. */
  readonly phases?: Phases | undefined;
}

/** A part of a formula that can be centered, and the parameter that takes its center in. */
export interface CenteredPart extends Centerable {
  readonly parameter: string;
  readonly text: string;
}

/**
 * A law for given domains, options and units: coordinates are now positions 0 … size − 1. Fixed and
 * tied parameters are no coordinates: the graph has the value, or the other parameter, in their
 * place.
 */
export interface BoundLaw {
  readonly law: Law;
  readonly options: LawOptions;
  /**
   * Fixed parameters with their values and tied ones with what they equal, as far as this law has
   * them, under reported names.
   */
  readonly fixed: Readonly<Record<string, number>>;
  readonly tied: Readonly<Record<string, string>>;
  /** All parameters: what can be fixed, tied, bounded or started from. */
  readonly parameters: readonly Parameter[];
  /** Those that are left to the optimizer. */
  readonly coordinates: readonly Coordinate[];
  /** What the law has shares of, and parameters: the domains, or those of each phase. */
  readonly domains: readonly string[];
  /** What the runs have shares of, in their order: the domains, or those of each phase. */
  readonly shares: readonly string[];
  readonly phases: Phases | undefined;
  readonly units: Units;
  /** ln of an input's unit, 0 of one that has none: what the loss, charts and reports go by. */
  readonly lnUnit: (input: string) => number;
  /** What the data decided of the coordinates. */
  readonly frame: Frame;
  /** The parts of the data that have a center in the frame, or could have one. */
  readonly centered: readonly CenteredPart[];
  /** How many coordinates there are. */
  readonly size: number;
  /** The coordinates' bounds, once more, for code that runs often. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The predicted loss. */
  readonly loss: Node;
  /** What its operations need of their operands. */
  readonly guards: readonly Guard[];
  /** The parameters at a point, in their charts: for `contains`. */
  readonly valuesAt: (theta: ArrayLike<number>) => CoordinateValues;
  /** What the law reports at a point. */
  readonly reportAt: (theta: ArrayLike<number>) => Reported;
  /** The coordinate vector of the law's parameters in their charts; for `contains`. */
  readonly vector: (values: Readonly<Record<string, readonly number[] | number>>) => Float64Array;
  /**
   * The coordinate vector of parameters as they are reported ("A", "C[web]"); for starts that a
   * user gives. Throws InputError for missing or unknown ones.
   */
  readonly point: (values: Readonly<Record<string, number>>) => Float64Array;
}

/** What a law's charts and loss are centered at: the units of its inputs, and its frame. */
const centersOf = ({ frame = NO_FRAME }: BindOptions, units: Units): Centers => ({
  lnUnit: (name) => Math.log(ownOf(units, name) ?? 1),
  origin: (parameter, text) => originIn(frame, parameter, text),
});

/**
 * What a law has shares and parameters of, by what the runs have shares of: the same, or the
 * domains of phases.
 */
export const domainsOfLaw = (
  { uses }: Pick<Law, "uses">,
  shares: readonly string[],
  phases: Phases | undefined,
): readonly string[] =>
  phases === undefined || uses.phases === "cells" || shares.length === 0 ? shares : phases.domains;

/** The parameters and coordinates alone, of what `bind` takes: the law's loss is not built. */
export const layoutOf = (
  law: Law,
  shares: readonly string[],
  options: BindOptions,
  units: Units,
): Layout =>
  layOut(
    law.name,
    law.parameters(options),
    domainsOfLaw(law, shares, options.phases),
    options,
    centersOf(options, units),
    options.frame,
  );

/**
 * Lays the parameters out: scalars and per-domain vectors in the order of their definition.
 *
 * @param shares names of the training domains, in the order of the runs' shares; of runs with
 *   phases, of the domains of each phase
 * @param units what inputs are divided by; one that is not named has the unit 1
 * @throws InputError for restrictions that cannot be.
 * @example bind(laws.chinchilla, [], { signs: "positive", fix: { alpha: 0.34 } }, { params: 1e8,
 *   tokens: 2e9 }).size // 4
 */
export function bind(
  law: Law,
  shares: readonly string[],
  options: BindOptions,
  units: Units,
): BoundLaw {
  const { frame = NO_FRAME, phases } = options;
  const domains = domainsOfLaw(law, shares, phases);
  const centers = centersOf(options, units);
  const layout = layoutOf(law, shares, options, units);
  const { parameters, coordinates, fixed, tied, point } = layout;
  const guards: Guard[] = [];
  const centered: CenteredPart[] = [];
  const loss = law.loss(
    termsOf(law, layout, { domains, shares, phases }, centers, { guards, centered }),
  );
  const valuesOfNodes = evaluation(layout.nodes);
  const valuesAt = (theta: ArrayLike<number>): CoordinateValues =>
    valuesOf(layout, domains, centers, valuesOfNodes, theta);
  return {
    law,
    options: { signs: options.signs },
    fixed,
    tied,
    parameters,
    coordinates,
    domains,
    shares,
    phases,
    units,
    lnUnit: centers.lnUnit,
    frame,
    centered,
    size: coordinates.length,
    lower: Float64Array.from(coordinates, ({ bounds }) => bounds[0]),
    upper: Float64Array.from(coordinates, ({ bounds }) => bounds[1]),
    loss,
    guards,
    valuesAt,
    reportAt: (theta) => law.report(valuesAt(theta)),
    vector: (values) =>
      Float64Array.from(coordinates, ({ parameter, domain, unit }) => {
        const value = values[parameter];
        if (value === undefined)
          throw new Error(`no value for parameter ${parameter} of law ${law.name}`);
        return (typeof value === "number" ? value : itemAt(value, domain ?? 0)) / unit;
      }),
    point,
  };
}

/** What a law's loss notes while it is built. */
interface Notes {
  /** What its operations need. */
  readonly guards: Guard[];
  readonly centered: CenteredPart[];
}

/** What the law's loss is written with. */
function termsOf(
  { uses }: Law,
  { nodes, first }: Layout,
  mixture: Pick<BoundLaw, "domains" | "shares" | "phases">,
  { lnUnit, origin }: Centers,
  { guards, centered }: Notes,
): LawVariables {
  const { domains } = mixture;
  const mayBeZero = new Set(
    (uses.inputs ?? []).flatMap(({ name, values }) => (values === "nonnegative" ? [name] : [])),
  );
  const ln = (name: string): Node => {
    const value = input(name);
    if (!mayBeZero.has(name)) return sub(log(value), lnUnit(name));
    // Where the input is 0 so is this: its logarithm stands for nothing there.
    return mul(step(value), sub(logz(value), lnUnit(name)));
  };
  const share = sharesOf(mixture);
  // Phases have the same supply.
  const owners = mixture.phases?.domains ?? domains;
  const supply = (i: number): Node => input(supplyOf(owners[i % owners.length] ?? ""));
  return {
    p: (name) => itemAt(nodes, first(name)),
    pd: (name, i) => itemAt(nodes, first(name) + i),
    h: share,
    inPhase: (p, i) => shareInPhase(mixture, p, i),
    u: supply,
    epochs: (i) => mul(share(i), div(input("tokens"), supply(i))),
    domains: domains.length,
    domainNames: domains,
    lnN: ln("params"),
    lnD: ln("tokens"),
    input,
    ln,
    lnUnit,
    origin: (parameter, text, part) => {
      if (part !== undefined) centered.push({ parameter, text, ...part });
      return origin(parameter, text);
    },
    guard: (guard) => {
      guards.push(guard);
      return guard.node;
    },
  };
}

/**
 * The share of each of the law's domains: the runs' own, or the sum over the phases, which is their
 * mean weighted by tokens, since a phase's shares in the runs are of all tokens.
 */
function sharesOf({ domains, shares }: Pick<BoundLaw, "domains" | "shares">): LawVariables["h"] {
  const own = (i: number): Node => weight(i, shares[i] ?? "");
  const phases = shares.length / domains.length;
  return phases > 1 ? (i) => sum(phases, (p) => own(p * domains.length + i)) : own;
}

/** The share of domain i in phase p. Throws InputError for a phase that the runs do not have. */
function shareInPhase(
  { domains, shares, phases }: Pick<BoundLaw, "domains" | "shares" | "phases">,
  p: number,
  i: number,
): Node {
  const phase = phases?.names[p];
  if (phases !== undefined && phase === undefined)
    throw new InputError(
      `the law reads h${p}[i], the shares in phase ${p + 1}, and the runs have ${phases.names.map((name, n) => `${name} (h${n})`).join(", ")}`,
    );
  const cell = p * domains.length + i;
  return div(weight(cell, shares[cell] ?? ""), input(fractionOf(phase ?? "")));
}

/** The law's parameters at a point, in their charts. */
function valuesOf(
  { first }: Layout,
  domains: readonly string[],
  centers: Centers,
  valuesOfNodes: ReturnType<typeof evaluation>,
  theta: ArrayLike<number>,
): CoordinateValues {
  const values = valuesOfNodes((leaf) => (leaf.kind === "param" ? itemAt(theta, leaf.index) : NaN));
  return {
    value: (name) => itemAt(values, first(name)),
    values: (name) => values.slice(first(name), first(name) + domains.length),
    domains,
    perDomain: (f) => byNames(domains.map((domain, i) => [domain, f(i)])),
    ...centers,
  };
}
