/**
 * Fixed, tied and bounded parameters, under the names that reports show. A fixed parameter becomes
 * a constant of the graph and a tied one the other's node, through their charts: neither is a
 * coordinate any more, so that both backends, the derivatives and the certificate need to know
 * nothing of them. `--fix A=400` makes ln A₀ = ln 400 − α·ln N₀: exact, though the coordinate ln A₀
 * is centered and depends on α.
 */
import { InputError } from "../base/errors.ts";
import { evaluate } from "../expr/float64.ts";
import { constant, mul, type Node, param, topological } from "../expr/graph.ts";
import type { Restrictions } from "../base/fit-options.ts";
import type { Chart, ChartTerms, LossScale, ParameterSpec } from "./chart.ts";

/** A coordinate that is left to the optimizer. */
interface Coordinate {
  readonly name: string;
  readonly parameter: string;
  /** −1 for a parameter of the law as a whole. */
  readonly domain: number;
  /** Start range and bounds are in the coordinate's unit. */
  readonly spec: ParameterSpec;
  readonly unit: number;
  readonly bounds: readonly [number, number];
}

export interface Layout {
  readonly coordinates: readonly Coordinate[];
  /** Each of the law's parameters, in its chart, over the coordinates. */
  readonly nodes: readonly Node[];
  /** Position in `nodes` of a parameter, or of its first domain. */
  readonly at: (parameter: string) => number;
  readonly fixed: Readonly<Record<string, number>>;
  readonly tied: Readonly<Record<string, string>>;
  readonly point: (values: Readonly<Record<string, number>>) => Float64Array;
  /** Reported names that can be fixed, tied, bounded or started from: "A", "C", "C[web]". */
  readonly symbols: readonly string[];
}

/** One parameter of one domain. */
interface Place {
  readonly parameter: string;
  readonly domain: number;
  readonly spec: ParameterSpec;
  readonly chart: Chart;
  /** "A", "C[web]": what reports call it. */
  readonly symbol: string;
}

const plain = (symbol: string): Chart => ({
  symbol,
  value: (u) => node(u),
  coordinate: (v) => node(v),
});
const node = (x: Node | number): Node => (typeof x === "number" ? constant(x) : x);

/** The nearest power of two: a change of units without rounding. */
const powerOfTwo = (x: number): number =>
  x === 0 || !Number.isFinite(x) ? 1 : 2 ** Math.round(Math.log2(Math.abs(x)));

/**
 * Throws InputError for restrictions that contradict each other or cannot be met; those on
 * parameters that the law does not have are left to others.
 */
export function restrict(
  law: string,
  parameters: Readonly<Record<string, ParameterSpec>>,
  domains: readonly string[],
  restrictions: Partial<Restrictions>,
  lnUnit: ChartTerms["lnUnit"],
): Layout {
  const { fix = {}, tie = {}, bounds = {}, ranges = {}, starts = [] } = restrictions;
  const offset = new Map<string, number>();
  const places: Place[] = [];
  for (const [parameter, spec] of Object.entries(parameters)) {
    offset.set(parameter, places.length);
    const chart = spec.chart ?? plain(parameter);
    for (const domain of spec.per === "law" ? [-1] : domains.keys()) {
      places.push({
        parameter,
        domain,
        spec,
        chart,
        symbol: domain < 0 ? chart.symbol : `${chart.symbol}[${domains[domain]}]`,
      });
    }
  }
  const at = (parameter: string): number => {
    const position = offset.get(parameter);
    if (position === undefined) throw new Error(`law ${law} has no parameter ${parameter}`);
    return position;
  };
  /**
   * Positions of a name; none where the law has no such parameter. Of "gamma" and "gamma[web]" the
   * second wins.
   */
  const find = (name: string): number[] =>
    [...places.keys()].filter((i) => places[i].symbol === name || places[i].chart.symbol === name);
  const spread = <T>(of: Readonly<Record<string, T>>): Map<number, T> => {
    const general = Object.entries(of).sort(
      ([a], [b]) => Number(a.includes("[")) - Number(b.includes("[")),
    );
    return new Map(general.flatMap(([name, value]) => find(name).map((i) => [i, value] as const)));
  };
  const fixed = spread(fix);
  const tied = new Map(Object.entries(tie).flatMap(([name, other]) => ties(name, other)));
  const bounded = spread(
    Object.fromEntries(
      Object.entries(bounds).map(([name, [a, b]]) => [
        name,
        [a ?? -Infinity, b ?? Infinity] as const,
      ]),
    ),
  );
  const ranged = spread(ranges);

  function ties(name: string, other: string): (readonly [number, number])[] {
    const from = find(name);
    const to = find(other);
    if (from.length === 0 || to.length === 0) return [];
    if (name === other) return from.slice(1).map((i) => [i, from[0]] as const);
    if (to.length > 1 && to.length !== from.length)
      throw new InputError(
        `--tie ${name}=${other}: ${other} has one value a domain and ${name} has not; name one, such as ${places[to[0]].symbol}`,
        { flag: "--tie" },
      );
    return from
      .map((i, n) => [i, to.length === 1 ? to[0] : to[n]] as const)
      .filter(([i, j]) => i !== j);
  }
  for (const i of [...tied.keys(), ...bounded.keys(), ...ranged.keys()]) {
    if (fixed.has(i))
      throw twice(
        places[i].symbol,
        "fixed",
        tied.has(i) ? "tied" : bounded.has(i) ? "bounded" : "given a start range",
      );
  }
  for (const i of [...bounded.keys(), ...ranged.keys()])
    if (tied.has(i))
      throw twice(places[i].symbol, "tied", bounded.has(i) ? "bounded" : "given a start range");

  const free = [...places.keys()].filter((i) => !fixed.has(i) && !tied.has(i));
  const unitOf = (i: number): number => {
    const { spec, symbol } = places[i];
    const range = ranged.get(i);
    const given = starts.map((start) => Math.abs(start[symbol] ?? 0)).filter((x) => x > 0);
    const typical =
      range !== undefined
        ? Math.max(...range.map(Math.abs))
        : given.length > 0
          ? Math.max(...given)
          : undefined;
    return powerOfTwo(spec.chart === undefined ? (typical ?? spec.unit ?? 1) : (spec.unit ?? 1));
  };
  const units = new Map(free.map((i) => [i, unitOf(i)]));
  const label = ({ parameter, domain }: Place): string =>
    domain < 0 ? parameter : `${parameter}[${domains[domain]}]`;

  const built = new Map<number, Node>();
  const entered: number[] = [];
  const terms: ChartTerms = { p: (name) => build(at(name)), lnUnit };
  function build(i: number): Node {
    const known = built.get(i);
    if (known !== undefined) return known;
    if (entered.includes(i)) {
      const circle = [...entered.slice(entered.indexOf(i)), i]
        .map((j) => places[j].symbol)
        .join(" → ");
      throw new InputError(`--tie goes in a circle (${circle}): leave one of them free`, {
        flag: "--tie",
      });
    }
    entered.push(i);
    const place = places[i];
    const value = fixed.get(i);
    const other = tied.get(i);
    const position = free.indexOf(i);
    let result: Node;
    if (value !== undefined) result = place.chart.coordinate(checked(place, value, "--fix"), terms);
    else if (other !== undefined)
      result = place.chart.coordinate(places[other].chart.value(build(other), terms), terms);
    else {
      const unit = units.get(i) ?? 1;
      const leaf = param(position, label(place));
      result = unit === 1 ? leaf : mul(unit, leaf);
    }
    entered.pop();
    built.set(i, result);
    return result;
  }
  const nodes = [...places.keys()].map(build);

  /**
   * The coordinate, in its unit, of a reported value where it depends on no other parameter; else
   * `elsewhere` gives those.
   */
  const chartAt = (i: number, value: number, elsewhere: (position: number) => number): number => {
    const [result] = evaluate([places[i].chart.coordinate(value, terms)], (leaf) =>
      leaf.kind === "param" ? elsewhere(leaf.index) : NaN,
    );
    return result / (units.get(i) ?? 1);
  };
  const ownRange = (i: number, scale: LossScale, k: number): readonly [number, number] => {
    const [low, high] = places[i].spec.start(scale, k);
    const unit = units.get(i) ?? 1;
    return [low / unit, high / unit];
  };
  const sorted = (a: number, b: number): readonly [number, number] => (a <= b ? [a, b] : [b, a]);

  const coordinates = free.map((i): Coordinate => {
    const place = places[i];
    const unit = units.get(i) ?? 1;
    const [low, high] = place.spec.bounds ?? [-Infinity, Infinity];
    let box: readonly [number, number] = [low / unit, high / unit];
    const wanted = bounded.get(i);
    if (wanted !== undefined) {
      const depends = topological([place.chart.coordinate(1, terms)]).some(
        (n) => n.kind === "param",
      );
      if (depends)
        throw dependent(
          place,
          free.map((j) => places[j]),
        );
      const [a, b] = wanted.map((value) => chartAt(i, value, () => 0));
      if (
        Number.isNaN(a) ||
        Number.isNaN(b) ||
        (place.spec.chart !== undefined && wanted[0] < 0 && wanted[1] > 0)
      )
        throw impossible(place, wanted.join(":"), "--bounds");
      const [from, to] = sorted(a, b);
      box = [Math.max(box[0], from), Math.min(box[1], to)];
      if (box[0] >= box[1])
        throw new InputError(
          `--bounds ${place.symbol}=${wanted.join(":")} leaves no room: ${place.symbol} of the law ${law} lies elsewhere; to hold it at a value use --fix`,
          { flag: "--bounds" },
        );
    }
    const range = ranged.get(i);
    const start = (scale: LossScale, k: number): readonly [number, number] => {
      let own = ownRange(i, scale, k);
      if (range !== undefined) {
        const middle = (position: number): number =>
          (ownRange(free[position], scale, k)[0] + ownRange(free[position], scale, k)[1]) / 2;
        own = sorted(chartAt(i, range[0], middle), chartAt(i, range[1], middle));
      }
      return within(own, box);
    };
    if (range !== undefined && range.some((value) => !Number.isFinite(chartAt(i, value, () => 0))))
      throw impossible(place, range.join(":"), "--range");
    return {
      name: label(place),
      parameter: place.parameter,
      domain: place.domain,
      spec: { ...place.spec, start },
      unit,
      bounds: box,
    };
  });

  return {
    symbols: [...new Set(places.flatMap(({ chart, symbol }) => [chart.symbol, symbol]))],
    coordinates,
    nodes,
    at,
    fixed: Object.fromEntries([...fixed].map(([i, value]) => [places[i].symbol, value])),
    tied: Object.fromEntries([...tied].map(([i, j]) => [places[i].symbol, places[j].symbol])),
    point(values) {
      const given = spread(values);
      const lost = free.filter((i) => !given.has(i)).map((i) => places[i].symbol);
      if (lost.length > 0)
        throw new InputError(
          `--start gives no value for ${lost.join(", ")}: a start needs all parameters of the law ${law} (${free.map((i) => places[i].symbol).join(", ")})`,
          { flag: "--start" },
        );
      const theta = new Float64Array(free.length);
      const done = new Set<number>();
      const set = (position: number): number => {
        if (!done.has(position)) {
          done.add(position);
          const i = free[position];
          theta[position] = chartAt(i, given.get(i) ?? NaN, set);
          if (!Number.isFinite(theta[position]))
            throw impossible(places[i], String(given.get(i)), "--start");
        }
        return theta[position];
      };
      for (const position of free.keys()) set(position);
      return theta;
    },
  };

  function checked(place: Place, value: number, flag: string): number {
    const [coordinate] = evaluate(
      [place.chart.coordinate(value, { p: () => constant(0), lnUnit })],
      () => NaN,
    );
    if (!Number.isFinite(coordinate)) throw impossible(place, String(value), flag);
    return value;
  }
}

/**
 * The part of a start range inside the box; a range outside moves to the near end, as wide as it
 * was where there is room.
 */
function within(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): readonly [number, number] {
  if (low >= to) return [Math.max(from, to - (high - low)), to];
  if (high <= from) return [from, Math.min(to, from + (high - low))];
  return [Math.max(low, from), Math.min(high, to)];
}

const twice = (symbol: string, one: string, other: string): InputError =>
  new InputError(
    `${symbol} is ${one} and ${other}: only one of --fix, --tie, --bounds and --range can be said of a parameter (bounds and a range together can)`,
    { flag: "--fix" },
  );

const impossible = (place: Place, value: string, flag: string): InputError =>
  new InputError(
    `${flag} ${place.symbol}=${value}: ${place.symbol} (${place.spec.meaning}) cannot have that value; it must be ${place.spec.chart === undefined ? "a finite number" : "positive"}`,
    { flag },
  );

function dependent(place: Place, free: readonly Place[]): InputError {
  const others = free.filter((other) => other.domain < 0).map((other) => other.symbol);
  return new InputError(
    `--bounds ${place.symbol}: what is fitted is ${place.parameter} at the center of the data, from which ${place.symbol} follows together with an exponent, so that a box cannot bound it; fix the exponent too, or bound another parameter (${others.join(", ")})`,
    { flag: "--bounds" },
  );
}
