/** How a law is written down, once, and what `bind` makes of it for given domains and data. */
import { type Expr, input, log, type Node, param, sub, weight } from "../expr/graph.ts";

/** What start ranges may depend on: the observed losses of one target, in nats (or whatever the column holds). */
export interface LossScale {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** A coordinate the optimizer moves. "lnA" is the chart coordinate of a positive A, so that A = e^lnA. */
export interface ParameterSpec {
  readonly meaning: string;
  /** One value, or one a domain. */
  readonly per: "law" | "domain";
  /** Random starts are uniform in this range. */
  readonly start: (scale: LossScale, domains: number) => readonly [number, number];
  /** Box of the coordinate; default unbounded. */
  readonly bounds?: readonly [number, number];
}

/** Logarithms of the runs' inputs over their unit, shares, and the parameters by name, as expressions. */
export interface Terms {
  readonly p: (name: string) => Node;
  /** A per-domain parameter's coordinate of domain i. */
  readonly pd: (name: string, i: number) => Node;
  readonly h: (i: number) => Node;
  readonly domains: number;
  /** ln(N/N₀), ln(D/D₀): centered, because the fit's conditioning needs it (2003 → 62 on the Chinchilla points). */
  readonly lnN: Node;
  readonly lnD: Node;
}

/** Nested, JSON-ready parameters as the law's source writes them. A number that does not exist (γ = 1/0) is null. */
export type Reported = Readonly<Record<string, number | null | Readonly<Record<string, number | null>>>>;

/** The coordinates of one fit by name, for `report` and `embed`. */
export interface Coordinates {
  readonly of: (name: string) => number;
  readonly all: (name: string) => readonly number[];
  readonly domains: readonly string[];
  readonly perDomain: (f: (i: number) => number | null) => Readonly<Record<string, number | null>>;
  /** ln N₀ and ln D₀ of the fit's centering. */
  readonly lnUnits: { readonly params: number; readonly tokens: number };
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
  /** Whether it uses N, D and the shares. */
  readonly uses: { readonly params: boolean; readonly tokens: boolean; readonly weights: boolean };
  readonly parameters: (options: LawOptions) => Readonly<Record<string, ParameterSpec>>;
  readonly loss: (x: Terms) => Node;
  /** The source's own parameters, in units of one parameter and one token unless `units` is "fit". */
  readonly report: (c: Coordinates) => Reported;
  /** "fit": the family is not closed under a change of units, so the centering units are part of the reported formula. */
  readonly units: "absolute" | "fit";
  /** Laws contained in this one, with the coordinates that make this law equal the smaller. */
  readonly contains: Readonly<Record<string, (smaller: Coordinates) => Readonly<Record<string, readonly number[] | number>>>>;
}

/** Checks nothing and changes nothing: it gives the literal its type. */
export const defineLaw = (law: Law): Law => law;

/** A law for given domains, options and units: coordinates are now positions 0 … size − 1. */
export interface BoundLaw {
  readonly law: Law;
  readonly options: LawOptions;
  readonly domains: readonly string[];
  readonly units: Units;
  readonly size: number;
  /** Per coordinate: "lnC[arxiv]". */
  readonly names: readonly string[];
  readonly specs: readonly ParameterSpec[];
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The predicted loss. */
  readonly loss: Node;
  readonly coordinates: (theta: ArrayLike<number>) => Coordinates;
  /** The coordinate vector of named values; for `contains`. */
  readonly vector: (values: Readonly<Record<string, readonly number[] | number>>) => Float64Array;
}

/** N and D are divided by these before their logarithm is taken. */
export interface Units {
  readonly params: number;
  readonly tokens: number;
}

/** Lays the parameters out: scalars and per-domain vectors in the order of their definition. */
export function bind(law: Law, domains: readonly string[], options: LawOptions, units: Units): BoundLaw {
  const parameters = law.parameters(options);
  const offset = new Map<string, number>();
  const names: string[] = [];
  const specs: ParameterSpec[] = [];
  for (const [name, spec] of Object.entries(parameters)) {
    offset.set(name, names.length);
    for (const label of spec.per === "law" ? [name] : domains.map((d) => `${name}[${d}]`)) {
      names.push(label);
      specs.push(spec);
    }
  }
  const at = (name: string): number => {
    const position = offset.get(name);
    if (position === undefined) throw new Error(`law ${law.name} has no parameter ${name}`);
    return position;
  };
  const leaf = (position: number): Node => param(position, names[position] ?? "");
  const ln = (name: "params" | "tokens", unit: Expr): Node => sub(log(input(name)), unit);
  const lnUnits = { params: Math.log(units.params), tokens: Math.log(units.tokens) };
  return {
    law,
    options,
    domains,
    units,
    size: names.length,
    names,
    specs,
    lower: Float64Array.from(specs, (s) => s.bounds?.[0] ?? -Infinity),
    upper: Float64Array.from(specs, (s) => s.bounds?.[1] ?? Infinity),
    loss: law.loss({
      p: (name) => leaf(at(name)),
      pd: (name, i) => leaf(at(name) + i),
      h: (i) => weight(i, domains[i] ?? ""),
      domains: domains.length,
      lnN: ln("params", lnUnits.params),
      lnD: ln("tokens", lnUnits.tokens),
    }),
    coordinates: (theta) => ({
      of: (name) => theta[at(name)],
      all: (name) => domains.map((_, i) => theta[at(name) + i]),
      domains,
      perDomain: (f) => Object.fromEntries(domains.map((d, i) => [d, f(i)])),
      lnUnits,
    }),
    vector: (values) => {
      const theta = new Float64Array(names.length);
      for (const name of offset.keys()) {
        const value = values[name];
        if (value === undefined) throw new Error(`no value for parameter ${name} of law ${law.name}`);
        theta.set(typeof value === "number" ? [value] : value, at(name));
      }
      return theta;
    },
  };
}
