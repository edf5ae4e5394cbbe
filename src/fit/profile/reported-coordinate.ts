/**
 * A law whose coordinate is what it reports. Holding the coordinate of N_c in (N_c/N)^α, which is
 * α·ln N_c, would let N_c move with α; of this law the coordinate is ln N_c.
 */
import { evaluate } from "../../expr/float64.ts";
import { constant, exp, type Node } from "../../expr/graph.ts";
import { bind, type BindOptions, type BoundLaw } from "../../laws/bind.ts";
import { type Chart, type ChartVariables, exponential } from "../../laws/parameters/chart.ts";
import type { Law } from "../../laws/law.ts";
import { type Coordinate, flatten } from "../../laws/parameters/parameters.ts";

/** How far another coordinate is moved to see whether a reported parameter moves with it. */
const NUDGE = 1e-3;
/** Start range of the logarithm: only its width is used, for the walk's first step. */
const START = [-4, 4] as const;

/** The reported value of coordinate `i`'s parameter; NaN where it has none. */
const valueAt = (law: BoundLaw, theta: Float64Array, i: number): number =>
  flatten(law.reportAt(theta)).get(law.coordinates[i].label) ?? NaN;

/** Whether coordinate `i`'s parameter, as it is reported, moves with other coordinates too. */
export function movesWithOthers(law: BoundLaw, theta: Float64Array, i: number): boolean {
  const value = valueAt(law, theta, i);
  return theta.some((x, j) => j !== i && valueAt(law, theta.with(j, x + NUDGE), i) !== value);
}

/** A law in another coordinate, and the way of points there and back. */
export interface ReportedLaw {
  readonly law: BoundLaw;
  readonly to: (theta: Float64Array) => Float64Array;
  readonly from: (theta: Float64Array) => Float64Array;
}

/**
 * The same law with ln of coordinate `i`'s parameter, as it is reported, for that coordinate. The
 * parameter is one of the law as a whole, and positive.
 *
 * @param options that `bound` was bound with
 */
export function withReported(bound: BoundLaw, i: number, options: BindOptions): ReportedLaw {
  const coordinate = bound.coordinates[i];
  const { chart } = coordinate.spec;
  if (chart === undefined) throw new Error(`${coordinate.name} is reported as it is`);
  const { shares, phases, units, frame } = bound;
  const law = bind(
    reportedLaw(bound.law, coordinate, chart),
    shares,
    { ...options, frame, phases },
    units,
  );
  return {
    law,
    to: (theta) => theta.with(i, Math.log(valueAt(bound, theta, i))),
    from: (theta) => {
      const { value, ...centers } = law.valuesAt(theta);
      const p = (name: string): Node => constant(value(name));
      const own = chart.coordinate(exp(constant(theta[i])), { ...centers, p });
      return theta.with(i, evaluate([own], () => NaN)[0] / coordinate.unit);
    },
  };
}

/** The chart of the parameter becomes part of the law. */
function reportedLaw(law: Law, { parameter, symbol, spec }: Coordinate, chart: Chart): Law {
  const { unit: _, bounds: __, ...rest } = spec;
  const replaced = { ...rest, chart: exponential(symbol), start: () => START };
  const own = (x: ChartVariables): Node => chart.coordinate(exp(x.p(parameter)), x);
  return {
    ...law,
    parameters: (options) => ({ ...law.parameters(options), [parameter]: replaced }),
    loss: (x) => law.loss({ ...x, p: (name) => (name === parameter ? own(x) : x.p(name)) }),
    report: (c) => {
      const x = { ...c, p: (name: string) => constant(c.value(name)) };
      const [value] = evaluate([own(x)], () => NaN);
      return law.report({ ...c, value: (name) => (name === parameter ? value : c.value(name)) });
    },
    contains: {},
  };
}
