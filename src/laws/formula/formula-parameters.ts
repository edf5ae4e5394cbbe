/** A formula's parameters: as its author describes them, else as their part in it says. */
import { ownOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { add, exp, log, sub } from "../../expr/graph.ts";
import type { Syntax } from "../../syntax/formula.ts";
import { children } from "../../syntax/tree.ts";
import type { ParameterDefinition } from "../law.ts";
import { type Chart, type ChartVariables, exponential } from "../parameters/chart.ts";
import type { ParameterSpec } from "../parameters/parameter-spec.ts";
import type { ChartKind } from "../law.ts";
import { assumed, isUsual, LOG_BOUNDS, logarithm } from "./assumed-parameters.ts";
import { type Charts, shiftOf } from "./centering.ts";
import { type Origin, originChart, originsOf } from "./origins.ts";
import type { ParameterUse, Reading } from "./read-formula.ts";

/** A scale in units of its own may be anything that float64 holds. */
const WIDE_LOG_BOUNDS = [-230, 230] as const;

type Range = readonly [number, number];

/** A formula's parameters: their specs by coordinate, and how each is optimized. */
export interface FormulaParameters {
  readonly specs: ReadonlyMap<string, ParameterSpec>;
  readonly charts: Charts;
  readonly origins: ReadonlyMap<string, Origin>;
}

/**
 * The specs of a formula's parameters by coordinate ("lnA" for a positive A), in the formula's
 * order, and each parameter's coordinate.
 *
 * @throws InputError for descriptions that cannot be.
 */
export function formulaParameters(
  reading: Reading,
  described: Readonly<Record<string, ParameterDefinition>>,
): FormulaParameters {
  const charts = chartsOf(reading, described);
  const origins = originsOf(reading.tree, {
    ...reading,
    may: new Set(
      [...reading.parameters.keys()].filter((name) => mayMove(name, reading, described)),
    ),
  });
  const specs = [...reading.parameters].map(([name, use]): [string, ParameterSpec] => {
    const spec = new Description(name, use, ownOf(described, name) ?? {}, reading.origin).spec();
    const { key, log: isLog } = charts.get(name) ?? { key: name, log: false };
    const origin = origins.get(name);
    if (origin !== undefined) return [key, { ...spec, chart: originChart(origin, charts) }];
    if (!isLog) return [key, spec];
    const isCentered = reading.centered.has(name);
    return [
      key,
      { ...spec, chart: isCentered ? centered(name, reading, charts) : exponential(name) },
    ];
  });
  return { specs: new Map(specs), charts, origins };
}

/**
 * Whether a parameter's coordinate may be another than the parameter: one of any sign, of which its
 * author says no more, and that stands in the formula once.
 */
function mayMove(
  name: string,
  { parameters, tree }: Reading,
  described: Readonly<Record<string, ParameterDefinition>>,
): boolean {
  const use = parameters.get(name);
  if (use === undefined || use.per === "domain") return false;
  const { chart, start, bounds = [null, null] } = described[name] ?? {};
  const isFree = (chart ?? assumed(use).kind) === "free";
  const isOpen = start === undefined && bounds.every((end) => end === null);
  return isFree && isOpen && occurrences(tree, name) === 1;
}

const occurrences = (node: Syntax, name: string): number =>
  node.kind === "name" && node.name === name
    ? 1
    : children(node).reduce((sum, child) => sum + occurrences(child, name), 0);

/** "lnA" for a positive A, with as many "ln" as it takes to be no other parameter's name. */
function chartsOf(
  { parameters }: Reading,
  described: Readonly<Record<string, ParameterDefinition>>,
): Charts {
  const charts = new Map<string, { readonly key: string; readonly log: boolean }>();
  const taken = new Set(parameters.keys());
  for (const [name, use] of parameters) {
    const isLog = (ownOf(described, name)?.chart ?? assumed(use).kind) === "log";
    let key = name;
    while (isLog && taken.has(key)) key = `ln${key}`;
    taken.add(key);
    charts.set(name, { key, log: isLog });
  }
  return charts;
}

/** A = e^(coordinate + shift). */
function centered(name: string, reading: Reading, charts: Charts): Chart {
  const shift = (x: ChartVariables) => shiftOf(name, reading.centered, charts, x);
  return {
    symbol: name,
    value: (u, x) => exp(add(u, shift(x))),
    coordinate: (A, x) => sub(log(A), shift(x)),
  };
}

/** One parameter as its author describes it. */
class Description {
  readonly kind: ChartKind;
  /** What its place says, where that has the same chart. */
  readonly #usual: ParameterSpec | undefined;
  readonly #bounds: Range;

  constructor(
    readonly name: string,
    readonly use: ParameterUse,
    readonly described: ParameterDefinition,
    readonly origin: string,
  ) {
    const { kind, spec } = assumed(use);
    this.kind = described.chart ?? kind;
    this.#usual = this.kind === kind ? spec : undefined;
    this.#bounds = this.#boundsOf();
    this.#checkStart();
  }

  /** Without its chart. */
  spec(): ParameterSpec {
    const { start, bounds, meaning } = this.described;
    const range = this.#range();
    const isFinite = this.#bounds.some(Number.isFinite);
    const truth = start === undefined && bounds === undefined ? this.#usual?.truth : undefined;
    return {
      meaning: meaning ?? assumed(this.use).spec.meaning,
      per: this.use.per,
      start: (scale, domains) => within(range(scale, domains), this.#bounds),
      ...this.#startKind(),
      ...(isFinite ? { bounds: this.#bounds } : {}),
      ...(truth === undefined ? {} : { truth }),
      ...(start !== undefined && this.kind !== "log"
        ? { unit: Math.max(...start.map(Math.abs)) }
        : {}),
      drawnTo: this.described.ridge ?? (this.kind === "log" ? "mean" : "zero"),
    };
  }

  /** A value of the parameter as its coordinate. */
  #coordinate(value: number): number {
    return this.kind === "log" ? Math.log(value) : value;
  }

  /** What the start range follows from; nothing said of those that are usual. */
  #startKind(): Pick<ParameterSpec, "startKind"> {
    if (this.described.start !== undefined) return { startKind: "given" };
    const isKnown = this.#usual !== undefined && isUsual(this.use);
    return isKnown ? {} : { startKind: "data" };
  }

  #range(): ParameterSpec["start"] {
    const { start } = this.described;
    if (start !== undefined) return () => [this.#coordinate(start[0]), this.#coordinate(start[1])];
    if (this.#usual !== undefined) return this.#usual.start;
    if (this.kind === "log") return logarithm.start;
    return () => [this.kind === "positive" ? 0 : -1, 1];
  }

  /** In the coordinate. */
  #boundsOf(): Range {
    const { start, bounds } = this.described;
    const widest = {
      log: start === undefined ? LOG_BOUNDS : WIDE_LOG_BOUNDS,
      positive: [0, Infinity] as const,
      free: [-Infinity, Infinity] as const,
    }[this.kind];
    // A start range that is given says that what is assumed of the parameter may not hold.
    if (bounds === undefined) return start === undefined ? (this.#usual?.bounds ?? widest) : widest;
    const [low, high] = bounds;
    const says = `bounds are [${low}, ${high}]`;
    if (this.kind === "log" && ((low ?? 1) < 0 || (high ?? 1) <= 0))
      throw this.#fail(`${says}, and the chart "log" is for positive values`);
    const box = [
      low === null ? widest[0] : Math.max(widest[0], this.#coordinate(low)),
      high === null ? widest[1] : this.#coordinate(high),
    ] as const;
    if (!(box[0] < box[1])) throw this.#fail(`${says}; the first must be below the second`);
    return box;
  }

  #checkStart(): void {
    const { start } = this.described;
    if (start === undefined) return;
    const says = `start is [${start.join(", ")}]`;
    if (start.length !== 2 || !start.every(Number.isFinite) || start[0] > start[1])
      throw this.#fail(`${says}; it must be [low, high]`);
    if (this.kind === "log" && start[0] <= 0)
      throw this.#fail(`${says}, and the chart "log" is for positive values`);
    const [low, high] = [this.#coordinate(start[0]), this.#coordinate(start[1])];
    if (low < this.#bounds[0] || high > this.#bounds[1])
      throw this.#fail(`${says}, which is not within its bounds`);
  }

  #fail(problem: string): InputError {
    return new InputError(`${this.origin}: parameter ${this.name}: ${problem}`);
  }
}

/**
 * The part of a range that lies within bounds; where there is none, a unit from the nearer bound
 * on.
 */
function within([low, high]: Range, [least, most]: Range): Range {
  if (high > least && low < most) return [Math.max(low, least), Math.min(high, most)];
  return high <= least ? [least, Math.min(most, least + 1)] : [Math.max(least, most - 1), most];
}
