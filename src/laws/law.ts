/** How a law is written down, once, and what `bind` makes of it for given domains and data. */
import { evaluate } from "../expr/float64.ts";
import { constant, input, log, logz, mul, type Node, step, sub, weight } from "../expr/graph.ts";
import type { Restrictions } from "../base/fit-options.ts";
import type { ParameterSpec, Units } from "./chart.ts";
import { layOut } from "./layout.ts";
import type { Coordinate, Parameter, Reported } from "./parameters.ts";

export type { Reported } from "./parameters.ts";
export type { Chart, ChartTerms, LossScale, ParameterSpec, Units } from "./chart.ts";

/** An input of a law beside N, D and the shares: a column of the runs. */
export interface LawInput {
  readonly name: string;
  /** Its letter in the law's equation: "S". */
  readonly symbol?: string;
  readonly meaning: string;
  /**
   * What values it may have. Of positive ones, and of those that may be 0 too, the logarithm is
   * centered over the positive values.
   */
  readonly values: "positive" | "nonnegative" | "any";
  /** Values such as runs have, for simulations and examples. */
  readonly typical: readonly number[];
  /**
   * Share of the parameters that work on a token, of an input that decides it: training takes 6 ×
   * active parameters × tokens.
   */
  readonly active?: (value: number) => number;
}

/**
 * What an operation of the law needs of its operand. Where the operand depends on data only, it is
 * checked before the fit.
 */
export interface Guard {
  readonly node: Node;
  readonly needs: "positive" | "nonnegative" | "nonzero";
  /** The operation and its operand, for messages: "log(1 - sparsity)" and "1 - sparsity". */
  readonly operation: string;
  readonly operand: string;
}

/**
 * Logarithms of the runs' inputs over their unit, shares, and the parameters by name, as
 * expressions.
 */
export interface Terms {
  readonly p: (name: string) => Node;
  /** A per-domain parameter's coordinate of domain i. */
  readonly pd: (name: string, i: number) => Node;
  readonly h: (i: number) => Node;
  readonly domains: number;
  readonly domainNames: readonly string[];
  /**
   * ln(N/N₀), ln(D/D₀): centered, because the fit's conditioning needs it (2003 → 62 on the
   * Chinchilla points).
   */
  readonly lnN: Node;
  readonly lnD: Node;
  /**
   * Any input as it is, and the centered logarithm of a positive one (at 0 it is 0: multiply by a
   * step), with the logarithm of its unit.
   */
  readonly input: (name: string) => Node;
  readonly ln: (name: string) => Node;
  readonly lnUnit: (name: string) => number;
  /** Notes what an operation needs, and returns the operand. */
  readonly guard: (guard: Guard) => Node;
}

/** The law's parameters at one point, in their charts, by the names of its definition. */
export interface CoordinateValues {
  /** The value of a parameter of the law as a whole. */
  readonly value: (name: string) => number;
  /** The values of a parameter that has one for each domain. */
  readonly values: (name: string) => readonly number[];
  readonly domains: readonly string[];
  /** A record by domain: what `f` gives for each domain's position. */
  readonly perDomain: (f: (i: number) => number | null) => Readonly<Record<string, number | null>>;
  /** ln of an input's unit in the fit: ln N₀ of "params", ln D₀ of "tokens". */
  readonly lnUnit: (input: string) => number;
}

export interface LawOptions {
  /** Signs of the exponents γᴬ, γᴮ (and γ^α, γ^β): positive as in the paper, or free. */
  readonly signs: "positive" | "free";
}

export interface Law {
  readonly name: string;
  /** The equation as its source writes it. */
  readonly equation: string;
  readonly source: string;
  readonly about: string;
  /** Whether it uses N, D and the shares, and what else. */
  readonly uses: {
    readonly params: boolean;
    readonly tokens: boolean;
    readonly weights: boolean;
    readonly inputs?: readonly LawInput[];
  };
  readonly parameters: (options: LawOptions) => Readonly<Record<string, ParameterSpec>>;
  readonly loss: (x: Terms) => Node;
  /**
   * The source's own parameters, in units of one parameter and one token unless `units` is "fit".
   */
  readonly report: (c: CoordinateValues) => Reported;
  /**
   * "fit": the family is not closed under a change of units, so the centering units are part of the
   * reported formula.
   */
  readonly units: "absolute" | "fit";
  /**
   * Of a law that has a form for each target that is a training domain: that form. It has the same
   * name and parameters.
   */
  readonly forDomain?: (domain: number) => Law;
  /** How a law that is no part of the catalog was written; fit files carry it. */
  readonly definition?: LawDefinition;
  /** Laws contained in this one, with the coordinates that make this law equal the smaller. */
  readonly contains: Readonly<
    Record<
      string,
      (smaller: CoordinateValues) => Readonly<Record<string, readonly number[] | number>>
    >
  >;
}

/**
 * One parameter of a formula, as its author describes it; what is left out follows from its place
 * in the formula.
 */
export interface ParameterDefinition {
  readonly meaning?: string | undefined;
  /** One value, or one a domain. */
  readonly per?: "law" | "domain" | undefined;
  /** log: positive, and its logarithm is optimized. positive: at least 0. free: any sign. */
  readonly chart?: "log" | "positive" | "free" | undefined;
  /**
   * Random starts are drawn from here: uniformly, for "log" in the logarithm. In the parameter's
   * own units.
   */
  readonly start?: readonly [number, number] | undefined;
  /** null: no bound on that side. */
  readonly bounds?: readonly [number | null, number | null] | undefined;
}

/** A law as a formula: JSON-ready, and all that is needed to make the law again. */
export interface LawDefinition {
  readonly name: string;
  readonly formula: string;
  /** Inputs beside params and tokens. */
  readonly inputs: Readonly<
    Record<
      string,
      { readonly meaning?: string | undefined; readonly positive?: boolean | undefined }
    >
  >;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly source?: string | undefined;
  readonly about?: string | undefined;
}

/**
 * Every parameter in its own units, as its chart has it: the report of a law whose coordinates are
 * its parameters one by one.
 */
export function reportCharts(
  specs: Readonly<Record<string, ParameterSpec>>,
  c: CoordinateValues,
): Reported {
  const terms = { p: (name: string) => constant(c.value(name)), lnUnit: c.lnUnit };
  const value = ({ chart }: ParameterSpec, u: number): number =>
    evaluate([chart?.value(u, terms) ?? constant(u)], () => NaN)[0];
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      spec.chart?.symbol ?? name,
      spec.per === "law"
        ? value(spec, c.value(name))
        : c.perDomain((i) => value(spec, c.values(name)[i])),
    ]),
  );
}

/** Checks nothing and changes nothing: it gives the literal its type. */
export const defineLaw = (law: Law): Law => law;

/** How a law is bound: its options, and what the user says of single parameters. */
export interface BindOptions extends LawOptions, Partial<Restrictions> {}

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
  readonly domains: readonly string[];
  readonly units: Units;
  /** ln of an input's unit, 0 of one that has none: what the loss, charts and reports go by. */
  readonly lnUnit: (input: string) => number;
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

/**
 * Lays the parameters out: scalars and per-domain vectors in the order of their definition. Throws
 * InputError for restrictions that cannot be.
 */
export function bind(
  law: Law,
  domains: readonly string[],
  options: BindOptions,
  units: Units,
): BoundLaw {
  const lnUnit = (name: string): number => Math.log(units[name] ?? 1);
  const layout = layOut(law.name, law.parameters(options), domains, options, lnUnit);
  const { coordinates, first } = layout;
  const zero = new Set(
    (law.uses.inputs ?? []).filter((one) => one.values === "nonnegative").map((one) => one.name),
  );
  const ln = (name: string): Node => {
    const of = input(name);
    // Where the input is 0 so is this: its logarithm stands for nothing there.
    return zero.has(name) ? mul(step(of), sub(logz(of), lnUnit(name))) : sub(log(of), lnUnit(name));
  };
  const guards: Guard[] = [];
  const valuesAt = (theta: ArrayLike<number>): CoordinateValues => {
    const values = evaluate(layout.nodes, (leaf) =>
      leaf.kind === "param" ? theta[leaf.index] : NaN,
    );
    return {
      value: (name) => values[first(name)],
      values: (name) => values.slice(first(name), first(name) + domains.length),
      domains,
      perDomain: (f) => Object.fromEntries(domains.map((d, i) => [d, f(i)])),
      lnUnit,
    };
  };
  return {
    law,
    options: { signs: options.signs },
    fixed: layout.fixed,
    tied: layout.tied,
    parameters: layout.parameters,
    coordinates,
    domains,
    units,
    lnUnit,
    size: coordinates.length,
    lower: Float64Array.from(coordinates, (c) => c.bounds[0]),
    upper: Float64Array.from(coordinates, (c) => c.bounds[1]),
    loss: law.loss({
      p: (name) => layout.nodes[first(name)],
      pd: (name, i) => layout.nodes[first(name) + i],
      h: (i) => weight(i, domains[i] ?? ""),
      domains: domains.length,
      domainNames: domains,
      lnN: ln("params"),
      lnD: ln("tokens"),
      input,
      ln,
      lnUnit,
      guard: (guard) => {
        guards.push(guard);
        return guard.node;
      },
    }),
    guards,
    valuesAt,
    reportAt: (theta) => law.report(valuesAt(theta)),
    vector: (values) =>
      Float64Array.from(coordinates, ({ parameter, domain, unit }) => {
        const value = values[parameter];
        if (value === undefined)
          throw new Error(`no value for parameter ${parameter} of law ${law.name}`);
        return (typeof value === "number" ? value : value[domain ?? 0]) / unit;
      }),
    point: layout.point,
  };
}
