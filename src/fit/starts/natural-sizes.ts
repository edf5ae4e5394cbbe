/**
 * Which values of a formula's parameters are of a size with the data, so that starts need no ranges
 * from the user. The graph of the loss is walked from its root down with the size that a part is
 * wanted to have at each row: the root that of the response's spread, the argument of an
 * exponential or a sine 1, a part of a sum that of the data beside it, a factor what the other
 * factors leave. What arrives at a parameter is its size. Beside data in a sum a parameter also has
 * places: of `x - c`, the values of x.
 */
import { itemAt } from "../../base/known.ts";
import { evaluateColumns } from "../../expr/float64.ts";
import { argumentsOf, type Call, type Node, topological } from "../../expr/graph.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { SampleRows } from "./sample-rows.ts";

/** What the data say of a coordinate, in its own unit. */
export interface NaturalSizes {
  /** Sizes, a row of the data each; above 0. */
  readonly sizes: Float64Array;
  /** Values at which it cancels what stands beside it in a sum, a row of the data each. */
  readonly places: Float64Array;
  /**
   * Inside a sine or cosine, where other values are other frequencies: 1 where larger ones are
   * higher, −1 where they are lower (a period). Elsewhere 0.
   */
  readonly periodic: Periodic;
  /** Whether its sign changes nothing, as that of a width that is squared. */
  readonly even: boolean;
}

type Periodic = -1 | 0 | 1;

/** A number a row. */
type Values = Float64Array;

/** A part of a sum. */
interface Summand {
  readonly node: Node;
  readonly sign: 1 | -1;
}

/** Where a node stands. */
interface Place {
  /** In the sum that is the prediction itself. */
  readonly top: boolean;
  readonly periodic: Periodic;
  /** In a product that is squared. */
  readonly even: boolean;
}

const FLIPPED = { [-1]: 1, 0: 0, 1: -1 } as const;
const ROOT: Place = { top: true, periodic: 0, even: false };
const INSIDE: Place = { ...ROOT, top: false };
const WAVE: Place = { ...INSIDE, periodic: 1 };
/** Nodes that are visited at most: a shared node is visited once for each place it has. */
const MOST_VISITS = 20_000;

/** What the rows say of a law's nodes, whatever its parameters and its response are. */
class KnownSizes {
  /** Values of the nodes that depend on data alone. */
  readonly data: ReadonlyMap<Node, Values>;
  readonly #typical = new Map<Node, Values | undefined>();

  constructor(
    { loss }: BoundLaw,
    readonly rows: SampleRows,
  ) {
    const order = topological([loss]);
    const free = new Set<Node>();
    for (const node of order)
      if (node.kind === "param" || argumentsOf(node).some((part) => free.has(part))) free.add(node);
    const known = order.filter((node) => !free.has(node));
    const columns = evaluateColumns(known, rows.count, rows.leafColumn);
    this.data = new Map(known.map((node, i) => [node, itemAt(columns, i)]));
  }

  dataOf(node: Node): Values {
    return this.data.get(node) ?? new Float64Array();
  }

  /** About how large a part is, whatever its parameters; undefined where they decide. */
  typicalOf(node: Node): Values | undefined {
    if (!this.#typical.has(node)) this.#typical.set(node, this.#newTypical(node));
    return this.#typical.get(node);
  }

  #newTypical(node: Node): Values | undefined {
    if (this.data.has(node)) return magnitude(this.dataOf(node));
    if (node.kind === "known") return this.typicalOf(node.value);
    if (node.kind !== "op") return undefined;
    const [a, b] = node.args.map((part) => this.typicalOf(part));
    switch (node.op) {
      case "add":
      case "sub":
      case "min":
      case "max":
        return combine(a, b, Math.max) ?? a ?? b;
      case "neg":
      case "abs":
        return a;
      case "mul":
        return combine(a, b, (x, y) => x * y);
      case "div":
        return combine(a, b, (x, y) => x / y);
      case "sqrt":
        return a?.map(Math.sqrt);
      default:
        return new Float64Array(this.rows.count).fill(1);
    }
  }
}

/** Finds the natural sizes of every coordinate of a law. */
export class SizeFinder {
  /** Of the rows that were asked for last: targets without gaps have the same. */
  #known: KnownSizes | undefined;

  constructor(readonly law: BoundLaw) {}

  /**
   * @param spread how much the response varies
   * @example new SizeFinder(bindToRuns(lawFromFormula("a*exp(b*x)", …), runs, settings)).find(rows,
   *   2)[1] // sizes of b: 1/|x| of each row
   */
  find(rows: SampleRows, spread: number): NaturalSizes[] {
    if (this.#known?.rows !== rows) this.#known = new KnownSizes(this.law, rows);
    return new Walk(this.law, this.#known).find(spread);
  }
}

/** The walk from the root down, for one response. */
class Walk {
  readonly #found: readonly {
    readonly sizes: number[];
    readonly places: number[];
    periodic: Periodic;
    even: boolean;
  }[];
  #visits = 0;

  constructor(
    readonly law: BoundLaw,
    readonly known: KnownSizes,
  ) {
    this.#found = law.coordinates.map(() => ({ sizes: [], places: [], periodic: 0, even: true }));
  }

  find(spread: number): NaturalSizes[] {
    this.#visit(this.law.loss, this.#all(spread), ROOT);
    return this.#found.map(({ sizes, places, ...rest }) => ({
      ...rest,
      sizes: Float64Array.from(sizes.filter((size) => size > 0 && Number.isFinite(size))),
      places: Float64Array.from(places),
    }));
  }

  #all(value: number): Values {
    return new Float64Array(this.known.rows.count).fill(value);
  }

  #visit(node: Node, wanted: Values | undefined, place: Place): void {
    if (this.known.data.has(node) || this.#visits++ > MOST_VISITS) return;
    if (node.kind === "param") {
      const { [node.index]: found } = this.#found;
      if (found === undefined) return;
      found.sizes.push(...(wanted ?? this.#all(1)));
      if (found.periodic === 0) found.periodic = place.periodic;
      found.even &&= place.even;
    } else if (node.kind === "known") this.#visit(node.value, wanted, place);
    else if (node.kind === "op") this.#visitCall(node, wanted, place);
  }

  #visitCall(node: Call, wanted: Values | undefined, place: Place): void {
    const [a, b] = node.args;
    if (a === undefined) return;
    switch (node.op) {
      case "add":
      case "sub":
      case "neg":
        return this.#visitSum(node, wanted, place);
      case "min":
      case "max":
        for (const part of node.args) this.#visit(part, this.#beside(node, part) ?? wanted, INSIDE);
        return;
      case "mul":
        return this.#visitProduct(node, wanted, place);
      case "div":
        if (b === undefined) return;
        this.#visit(a, combine(wanted, this.known.typicalOf(b), (w, t) => w * t) ?? wanted, place);
        this.#visit(
          b,
          combine(this.known.typicalOf(a), wanted, (t, w) => t / w),
          { ...place, top: false, periodic: FLIPPED[place.periodic] },
        );
        return;
      case "sqrt":
        return this.#visit(
          a,
          wanted?.map((w) => w * w),
          INSIDE,
        );
      case "abs":
        return this.#visit(a, wanted, { ...place, top: false });
      case "sin":
      case "cos":
        return this.#visit(a, this.#all(1), WAVE);
      default:
        // exp, log, tanh, atan and others change where their argument is of the order of 1.
        return this.#visit(a, this.#all(1), INSIDE);
    }
  }

  #visitSum(node: Node, wanted: Values | undefined, place: Place): void {
    const summands = summandsOf(node);
    const known = summands.filter((summand) => this.known.data.has(summand.node));
    const data = this.#all(0);
    for (const { node: part, sign } of known)
      for (const [row, value] of this.known.dataOf(part).entries())
        data[row] = (data[row] ?? 0) + sign * value;
    const counts = !place.top && data.some((value) => value !== 0);
    const size = counts ? magnitude(data) : wanted;
    for (const { node: part, sign } of summands) {
      const leaf = leafOf(part);
      // Alone beside a wave's argument it is a phase, and has no frequency.
      const periodic = leaf === undefined ? place.periodic : 0;
      this.#visit(part, size, { ...place, periodic, even: place.even && summands.length === 1 });
      const found = leaf === undefined ? undefined : this.#found[leaf.index];
      if (!counts || leaf === undefined || found === undefined || !varies(data)) continue;
      found.places.push(...data.map((value) => (-sign * value) / leaf.factor));
    }
  }

  #visitProduct({ args: [a, b] }: Call, wanted: Values | undefined, place: Place): void {
    if (a === undefined || b === undefined) return;
    if (a === b)
      return this.#visit(a, wanted?.map(Math.sqrt), { ...place, top: false, even: true });
    for (const [part, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const typical = this.known.typicalOf(other);
      const left = combine(wanted, typical, (w, t) => w / t) ?? wanted;
      const isTop = place.top && other.kind === "const";
      this.#visit(part, left, { ...place, top: isTop });
    }
  }

  /** What is known beside a part of a minimum or maximum. */
  #beside({ args }: Call, part: Node): Values | undefined {
    const other = args.find((node) => node !== part && this.known.data.has(node));
    return other === undefined ? undefined : magnitude(this.known.dataOf(other));
  }
}

const combine = (
  a: Values | undefined,
  b: Values | undefined,
  f: (x: number, y: number) => number,
): Values | undefined =>
  a === undefined || b === undefined ? undefined : a.map((x, row) => f(x, b[row] ?? NaN));

/**
 * The size of data by row: of values of both signs, whose size at a row says little, their median
 * size.
 */
function magnitude(values: Values): Values {
  const isOneSided = values.every((v) => v >= 0) || values.every((v) => v <= 0);
  if (isOneSided) return values.map(Math.abs);
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  const median = sizes.toSorted()[Math.floor(sizes.length / 2)];
  return values.map(() => median);
}

const varies = (values: Values): boolean => values.some((value) => value !== values[0]);

/** The parts of a sum, through brackets and minus signs. */
function summandsOf(node: Node, sign: 1 | -1 = 1): Summand[] {
  if (node.kind !== "op") return [{ node, sign }];
  const [a, b] = node.args;
  const other = sign === 1 ? -1 : 1;
  if (node.op === "neg" && a !== undefined) return summandsOf(a, other);
  if ((node.op !== "add" && node.op !== "sub") || a === undefined || b === undefined)
    return [{ node, sign }];
  return [...summandsOf(a, sign), ...summandsOf(b, node.op === "add" ? sign : other)];
}

/** A coordinate that stands alone, or times its unit. */
function leafOf(node: Node): { readonly index: number; readonly factor: number } | undefined {
  if (node.kind === "param") return { index: node.index, factor: 1 };
  if (node.kind !== "op" || node.op !== "mul") return undefined;
  const [a, b] = node.args;
  return a?.kind === "const" && b?.kind === "param"
    ? { index: b.index, factor: a.value }
    : undefined;
}
