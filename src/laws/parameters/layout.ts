/** The coordinates of a law for given domains, as far as the user leaves its parameters free. */
import { itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { checkLimit } from "../../options/limits.ts";
import { option } from "../../base/option-text.ts";
import type { Restrictions } from "../../options/fit-options.ts";
import type { Node } from "../../expr/graph.ts";
import { type Centers, isPlain } from "./chart.ts";
import { type Frame, NO_FRAME } from "./frame.ts";
import type { LossScale, ParameterSpec } from "./parameter-spec.ts";
import { type Coordinate, type Parameter, parametersOf } from "./parameters.ts";
import { impossible, ParameterGraph } from "./parameter-graph.ts";
import { byPosition, restrictionsByPosition } from "./restrictions.ts";

type Range = readonly [number, number];

export interface Layout {
  readonly parameters: readonly Parameter[];
  /** The parameters that are left to the optimizer. */
  readonly coordinates: readonly Coordinate[];
  /** Each parameter's coordinate over the optimizer's coordinates. */
  readonly nodes: readonly Node[];
  /** Position in `nodes` of a parameter, or of its value for the first domain. */
  readonly first: (parameter: string) => number;
  /** Values of fixed parameters, by label. */
  readonly fixed: Readonly<Record<string, number>>;
  /** Labels of the parameters that tied ones equal, by label. */
  readonly tied: Readonly<Record<string, string>>;
  /** The coordinate vector at reported values, by label or symbol. */
  readonly point: (values: Readonly<Record<string, number>>) => Float64Array;
}

/**
 * Lays out a law's parameters. Restrictions on parameters that the law does not have are ignored:
 * another law may have them (see `checkSymbols`).
 *
 * @throws InputError for restrictions that contradict each other or cannot be met.
 */
export function layOut(
  law: string,
  specs: Readonly<Record<string, ParameterSpec>>,
  domains: readonly string[],
  restrictions: Partial<Restrictions>,
  centers: Centers,
  { units }: Frame = NO_FRAME,
): Layout {
  const parameters = parametersOf(specs, domains);
  checkLimit("parameters", parameters.length, {
    what: `the law ${law}`,
    remedy: "write it with fewer, or take domains together",
  });
  const restricted = restrictionsByPosition(parameters, restrictions);
  const { starts = [] } = restrictions;
  const graph = new ParameterGraph(law, parameters, restricted, starts, units, centers);
  const label = (i: number): string => itemAt(parameters, i).label;
  return {
    parameters,
    coordinates: graph.free.map((i) => coordinateOf(graph, i)),
    nodes: graph.nodes,
    first: (parameter) => graph.first(parameter),
    fixed: Object.fromEntries([...restricted.fixed].map(([i, value]) => [label(i), value])),
    tied: Object.fromEntries([...restricted.tied].map(([i, other]) => [label(i), label(other)])),
    point: (values) => pointOf(graph, values),
  };
}

function coordinateOf(graph: ParameterGraph, i: number): Coordinate {
  const parameter = itemAt(graph.parameters, i);
  const unit = itemAt(graph.units, i);
  const [low, high] = parameter.spec.bounds ?? [-Infinity, Infinity];
  const own: Range = [low / unit, high / unit];
  const bounds = boundsOf(graph, i, own);
  const range = graph.restricted.ranges.get(i);
  if (range?.some((value) => !Number.isFinite(graph.coordinateAt(i, value, () => 0))) === true)
    throw impossible(parameter, range.join(":"), "ranges");
  const start: ParameterSpec["start"] = (scale, domains) =>
    within(startOf(graph, i, scale, domains), bounds);
  const kind = range === undefined ? {} : { startKind: "given" as const };
  return { ...parameter, spec: { ...parameter.spec, bounds: own, start, ...kind }, unit, bounds };
}

/**
 * The law's own bounds, narrowed by the user's where there are any. An end that the user gives
 * beyond the law's own takes its place, where the coordinate is the parameter itself: E of −10 and
 * more. An open end does not.
 */
function boundsOf(graph: ParameterGraph, i: number, own: Range): Range {
  const wanted = graph.restricted.bounds.get(i);
  if (wanted === undefined) return own;
  const parameter = itemAt(graph.parameters, i);
  const { label, spec } = parameter;
  if (!graph.standsAlone(i)) throw dependent(graph, i);
  const coordinate = (value: number): number => graph.coordinateAt(i, value, () => 0);
  const [a, b] = [coordinate(wanted[0]), coordinate(wanted[1])];
  const throughZero = !isPlain(spec.chart) && wanted[0] < 0 && wanted[1] > 0;
  if (Number.isNaN(a) || Number.isNaN(b) || throughZero)
    throw impossible(parameter, wanted.join(":"), "bounds");
  const [low, high] = sorted(a, b);
  const narrowed = [Math.max(own[0], low), Math.min(own[1], high)] as const;
  if (narrowed[0] < narrowed[1])
    return isPlain(spec.chart)
      ? [low === -Infinity ? own[0] : low, high === Infinity ? own[1] : high]
      : narrowed;
  throw new InputError(
    `${option(`bounds.${label}`, wanted.join(":"))} leaves no room: ${label} of the law ${graph.law} lies elsewhere; to hold it at a value use ${option("fix")}`,
    { option: "bounds" },
  );
}

/** Where random starts are drawn: the user's range, or the law's own. */
function startOf(graph: ParameterGraph, i: number, scale: LossScale, domains: number): Range {
  const ownRange = (j: number): Range => {
    const { spec, label } = itemAt(graph.parameters, j);
    // Of a unit that the data gave, one either way.
    if (spec.startKind === "data" && Object.hasOwn(graph.frameUnits, label)) return [-1, 1];
    const [low, high] = spec.start(scale, domains);
    return [low / itemAt(graph.units, j), high / itemAt(graph.units, j)];
  };
  const range = graph.restricted.ranges.get(i);
  if (range === undefined) return ownRange(i);
  const middle = (position: number): number => {
    const [low, high] = ownRange(itemAt(graph.free, position));
    return (low + high) / 2;
  };
  return sorted(graph.coordinateAt(i, range[0], middle), graph.coordinateAt(i, range[1], middle));
}

const sorted = (a: number, b: number): Range => (a <= b ? [a, b] : [b, a]);

/**
 * The part of a start range inside the bounds; a range outside moves to the near end, as wide as it
 * was where there is room.
 */
function within([low, high]: Range, [from, to]: Range): Range {
  if (low >= to) return [Math.max(from, to - (high - low)), to];
  if (high <= from) return [from, Math.min(to, from + (high - low))];
  return [Math.max(low, from), Math.min(high, to)];
}

/** The coordinate vector at reported values, by label or symbol. */
function pointOf(graph: ParameterGraph, values: Readonly<Record<string, number>>): Float64Array {
  const { free, parameters } = graph;
  const given = byPosition(parameters, values);
  const labels = (positions: readonly number[]): string =>
    positions.map((i) => itemAt(parameters, i).label).join(", ");
  const missing = free.filter((i) => !given.has(i));
  if (missing.length > 0)
    throw new InputError(
      `${option("starts")} gives no value for ${labels(missing)}: a start needs all parameters of the law ${graph.law} (${labels(free)})`,
      { option: "starts" },
    );
  const theta = new Float64Array(free.length);
  const done = new Set<number>();
  /** A chart may need other coordinates: those come first. */
  const coordinate = (position: number): number => {
    if (done.has(position)) return itemAt(theta, position);
    done.add(position);
    const i = itemAt(free, position);
    const value = graph.coordinateAt(i, given.get(i) ?? NaN, coordinate);
    if (!Number.isFinite(value))
      throw impossible(itemAt(parameters, i), String(given.get(i)), "starts");
    theta[position] = value;
    return value;
  };
  for (const position of free.keys()) coordinate(position);
  return theta;
}

function dependent({ parameters, free }: ParameterGraph, i: number): InputError {
  const { label, parameter } = itemAt(parameters, i);
  const others = free
    .map((j) => itemAt(parameters, j))
    .filter(({ domain }) => domain === undefined);
  return new InputError(
    `${option(`bounds.${label}`)}: what is fitted is ${parameter} at the center of the data, from which ${label} follows together with an exponent, so that a box cannot bound it; fix the exponent too, or bound another parameter (${others.map((other) => other.label).join(", ")})`,
    { option: "bounds" },
  );
}
