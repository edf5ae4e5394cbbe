/**
 * Charts, start ranges and bounds of a formula's parameters: as its author describes them, else by
 * the part they play.
 */
import { InputError } from "../../base/errors.ts";
import { add, exp, log, sub } from "../../expr/graph.ts";
import { type Chart, type ChartTerms, exponential } from "../parameters/chart.ts";
import type { ParameterDefinition } from "../law.ts";
import type { ParameterSpec } from "../parameters/parameter-spec.ts";
import { exponent, irreducible, logCoefficient } from "../terms/shared-parameters.ts";
import { mixtureParameters } from "../terms/mixture-term.ts";
import { type Charts, shiftOf } from "./build.ts";
import type { ParameterUse, Reading } from "./roles.ts";

/**
 * Exponentials of more overflow float32. A scale in units of its own may be anything that float64
 * holds.
 */
const LOG_BOUNDS = [-60, 60] as const;
const WIDE_LOG_BOUNDS = [-230, 230] as const;
const OPEN = [-Infinity, Infinity] as const;

type Kind = "log" | "positive" | "free";
type Range = readonly [number, number];

/**
 * The specs of a formula's parameters by coordinate ("lnA" for a positive A), in the formula's
 * order, and each parameter's coordinate.
 */
export function partsOf(
  reading: Reading,
  given: Readonly<Record<string, ParameterDefinition>>,
): { readonly specs: ReadonlyMap<string, ParameterSpec>; readonly charts: Charts } {
  const names = [...reading.parameters.keys()];
  const kinds = new Map(
    [...reading.parameters].map(([name, use]) => [name, given[name]?.chart ?? assumed(use).kind]),
  );
  const keys = new Map<string, string>();
  for (const name of names) {
    let key = kinds.get(name) === "log" ? `ln${name}` : name;
    while (key !== name && (names.includes(key) || [...keys.values()].includes(key)))
      key = `ln${key}`;
    keys.set(name, key);
  }
  const charts: Charts = new Map(
    names.map((name) => [name, { key: keys.get(name) ?? name, log: kinds.get(name) === "log" }]),
  );
  const specs = [...reading.parameters].map(([name, use]): [string, ParameterSpec] => {
    const spec = specOf(name, use, given[name] ?? {}, reading.flag);
    const chart =
      kinds.get(name) === "log"
        ? {
            chart: reading.centered.has(name) ? centered(name, reading, charts) : exponential(name),
          }
        : {};
    return [keys.get(name) ?? name, { ...spec, ...chart }];
  });
  return { specs: new Map(specs), charts };
}

/** A = e^(coordinate + shift). */
function centered(name: string, reading: Reading, charts: Charts): Chart {
  const shift = (x: ChartTerms) => shiftOf(name, reading, charts, x, x.lnUnit);
  return {
    symbol: name,
    value: (u, x) => exp(add(u, shift(x))),
    coordinate: (A, x) => sub(log(A), shift(x)),
  };
}

/** What a parameter's place in the formula says of it. */
function assumed({ role, per }: ParameterUse): {
  readonly kind: Kind;
  readonly spec: ParameterSpec;
} {
  switch (role.kind) {
    case "scale": {
      const { start } = role.inverse ? mixtureParameters.lnC : logCoefficient("", exponential(""));
      return { kind: "log", spec: { meaning: "scale, positive", per, start, bounds: LOG_BOUNDS } };
    }
    case "exponent": {
      if (role.of === "share")
        return {
          kind: "positive",
          spec: { ...mixtureParameters.gamma, meaning: "exponent of a share, at least 0", per },
        };
      if (role.of === "count" && role.inverse)
        return {
          kind: "positive",
          spec: { ...exponent("exponent in a denominator, at least 0"), per },
        };
      return {
        kind: "free",
        spec: {
          meaning: "exponent, of any sign",
          per,
          start: () => [-0.9, 0.9],
          bounds: [-10, 10],
        },
      };
    }
    case "constant":
      return {
        kind: "positive",
        spec: { ...irreducible, meaning: "constant term, at least 0", per },
      };
    case "level":
      return {
        kind: "free",
        spec: { meaning: "constant term, of any sign", per, start: (s) => [s.min, s.max] },
      };
    case "free":
      return { kind: "free", spec: { meaning: "of any sign", per, start: () => [-1, 1] } };
  }
}

/** The spec of a parameter, without its chart: as described, and else as assumed. */
function specOf(
  name: string,
  use: ParameterUse,
  given: ParameterDefinition,
  flag: string,
): ParameterSpec {
  const fail = (problem: string): InputError =>
    new InputError(`${flag}: parameter ${name}: ${problem}`, { flag });
  const guess = assumed(use);
  const kind = given.chart ?? guess.kind;
  const usual = kind === guess.kind ? guess.spec : undefined;
  const { start } = given;
  const to = kind === "log" ? Math.log : (value: number): number => value;
  const bounds = boundsOf(given.bounds);
  if (start !== undefined) {
    const says = `start is [${start.join(", ")}]`;
    if (start.length !== 2 || !start.every(Number.isFinite) || start[0] > start[1])
      throw fail(`${says}; it must be [low, high]`);
    if (kind === "log" && start[0] <= 0)
      throw fail(`${says}, and the chart "log" is for positive values`);
    if (to(start[0]) < bounds[0] || to(start[1]) > bounds[1])
      throw fail(`${says}, which is not within its bounds`);
  }
  const range: ParameterSpec["start"] =
    start !== undefined ? () => [to(start[0]), to(start[1])] : (usual?.start ?? (kind === "log" ? logCoefficient("", exponential("")).start : () => [kind === "positive" ? 0 : -1, 1])); // prettier-ignore
  return {
    meaning: given.meaning ?? guess.spec.meaning,
    per: use.per,
    start: (scale, domains) => within(range(scale, domains), bounds),
    ...(bounds.some(Number.isFinite) ? { bounds } : {}),
    ...(start !== undefined && kind !== "log" ? { unit: Math.max(...start.map(Math.abs)) } : {}),
  };

  function boundsOf(box: ParameterDefinition["bounds"]): Range {
    const base =
      kind === "log"
        ? start === undefined
          ? LOG_BOUNDS
          : WIDE_LOG_BOUNDS
        : kind === "positive"
          ? ([0, Infinity] as const)
          : OPEN;
    // A start range that is given says that what is assumed of the parameter may not hold.
    if (box === undefined) return start === undefined ? (usual?.bounds ?? base) : base;
    const [low, high] = box;
    if (kind === "log" && ((low ?? 1) < 0 || (high ?? 1) <= 0))
      throw fail(`bounds are [${low}, ${high}], and the chart "log" is for positive values`);
    const ends = [
      low === null ? base[0] : Math.max(base[0], to(low)),
      high === null ? base[1] : to(high),
    ] as const;
    if (!(ends[0] < ends[1]))
      throw fail(`bounds are [${low}, ${high}]; the first must be below the second`);
    return ends;
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
