/**
 * The law's parameters as expressions over the optimizer's coordinates. A fixed parameter becomes a
 * constant of the graph and a tied one the other's node, through their charts. Neither is a
 * coordinate any more, so that both backends, the derivatives and the certificate need to know
 * nothing of them. With A fixed at 400, ln A₀ = ln 400 − α·ln N₀: exact, though the coordinate ln
 * A₀ is centered and depends on α.
 */
import { itemAt, ownOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { evaluate, evaluateOne } from "../../expr/float64.ts";
import { constant, mul, type Node, nodeOf, param, topological } from "../../expr/graph.ts";
import { type Centers, type Chart, type ChartVariables, isPlain } from "./chart.ts";
import { type Frame, powerOfTwo } from "./frame.ts";
import type { Parameter } from "./parameters.ts";
import type { ByPosition } from "./restrictions.ts";

/** The chart of a parameter that is optimized as it is reported. */
const plain = (symbol: string): Chart => ({
  symbol,
  value: (u) => nodeOf(u),
  coordinate: (v) => nodeOf(v),
});
const chartOf = ({ spec, symbol }: Parameter): Chart => spec.chart ?? plain(symbol);

/**
 * The unit of a parameter's coordinate: its typical size, by the user's range or starts where the
 * parameter is optimized as it is reported, else by the frame.
 */
function unitOf(
  { spec, label }: Parameter,
  range: readonly number[] | undefined,
  starts: readonly Readonly<Record<string, number>>[],
  units: Frame["units"],
): number {
  const own = [Object.hasOwn(units, label) ? (units[label] ?? 1) : (spec.unit ?? 1)];
  const given = starts.map((start) => ownOf(start, label) ?? 0).filter((value) => value !== 0);
  const wanted = range ?? (spec.chart === undefined && given.length > 0 ? given : own);
  const values = isPlain(spec.chart) ? wanted : own;
  return powerOfTwo(Math.max(...values.map(Math.abs)));
}

/** The nodes of a law's parameters. `i` is always a position in `parameters`. */
export class ParameterGraph {
  /** Each parameter's coordinate in the law's units, over the optimizer's coordinates. */
  readonly nodes: readonly Node[];
  /** Positions of the parameters that are neither fixed nor tied, in order. */
  readonly free: readonly number[];
  /** The unit of each parameter as a coordinate. */
  readonly units: readonly number[];
  readonly #first: ReadonlyMap<string, number>;
  readonly #terms: ChartVariables;
  /** Nodes that are ready. */
  readonly #built = new Map<number, Node>();
  /** Parameters whose nodes are being built, to notice ties in a circle. */
  readonly #entered: number[] = [];

  /** @throws InputError for a value that a parameter cannot have, and for ties in a circle. */
  constructor(
    readonly law: string,
    readonly parameters: readonly Parameter[],
    readonly restricted: ByPosition,
    starts: readonly Readonly<Record<string, number>>[],
    readonly frameUnits: Frame["units"],
    readonly centers: Centers,
  ) {
    const { fixed, tied, ranges } = restricted;
    this.free = [...parameters.keys()].filter((i) => !fixed.has(i) && !tied.has(i));
    this.units = parameters.map((parameter, i) =>
      unitOf(parameter, ranges.get(i), starts, frameUnits),
    );
    this.#first = new Map(
      [...parameters.entries()].toReversed().map(([i, { parameter }]) => [parameter, i]),
    );
    this.#terms = { ...centers, p: (name) => this.#node(this.first(name)) };
    this.nodes = parameters.map((_, i) => this.#node(i));
  }

  /** Position of a parameter of the definition, or of its value for the first domain. */
  first(parameter: string): number {
    const position = this.#first.get(parameter);
    if (position === undefined) throw new Error(`law ${this.law} has no parameter ${parameter}`);
    return position;
  }

  /**
   * The coordinate of parameter i, in its unit, at a reported value. `others` gives the coordinates
   * that its chart depends on, by their position among the coordinates.
   */
  coordinateAt(i: number, value: number, others: (position: number) => number): number {
    const coordinate = evaluateOne(this.#coordinate(i, value), (leaf) =>
      leaf.kind === "param" ? others(leaf.index) : NaN,
    );
    return coordinate / itemAt(this.units, i);
  }

  /** Whether the coordinate of parameter i follows from its reported value alone. */
  standsAlone(i: number): boolean {
    return !topological([this.#coordinate(i, 1)]).some((node) => node.kind === "param");
  }

  #coordinate(i: number, value: number | Node): Node {
    return chartOf(itemAt(this.parameters, i)).coordinate(value, this.#terms);
  }

  #node(i: number): Node {
    const built = this.#built.get(i);
    if (built !== undefined) return built;
    if (this.#entered.includes(i)) throw this.#circle(i);
    this.#entered.push(i);
    const node = this.#newNode(i);
    this.#entered.pop();
    this.#built.set(i, node);
    return node;
  }

  #newNode(i: number): Node {
    const value = this.restricted.fixed.get(i);
    if (value !== undefined) return this.#coordinate(i, this.#checked(i, value));
    const other = this.restricted.tied.get(i);
    if (other !== undefined)
      return this.#coordinate(
        i,
        chartOf(itemAt(this.parameters, other)).value(this.#node(other), this.#terms),
      );
    const leaf = param(this.free.indexOf(i), itemAt(this.parameters, i).name);
    return this.units[i] === 1 ? leaf : mul(itemAt(this.units, i), leaf);
  }

  /** The value, if the parameter's chart has a coordinate for it. */
  #checked(i: number, value: number): number {
    const terms: ChartVariables = { ...this.centers, p: () => constant(1) };
    const chart = chartOf(itemAt(this.parameters, i));
    const [coordinate] = evaluate([chart.coordinate(value, terms)], () => NaN);
    if (!Number.isFinite(coordinate))
      throw impossible(itemAt(this.parameters, i), String(value), "fix");
    return value;
  }

  #circle(i: number): InputError {
    const circle = [...this.#entered.slice(this.#entered.indexOf(i)), i];
    const labels = circle.map((j) => itemAt(this.parameters, j).label).join(" → ");
    return new InputError(`${option("tie")} goes in a circle (${labels}): leave one of them free`, {
      option: "tie",
    });
  }
}

/** The error of a value that a parameter cannot have. */
export const impossible = (
  { label, spec }: Parameter,
  value: string,
  restriction: string,
): InputError =>
  new InputError(
    `${option(`${restriction}.${label}`, value)}: ${label} (${spec.meaning}) cannot have that value; it must be ${isPlain(spec.chart) ? "a finite number" : "positive"}`,
    { option: `${restriction}.${label}` },
  );
