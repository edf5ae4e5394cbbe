/** The same point of a law in other units. */
import { entryOf } from "../base/known.ts";
import { evaluateOne } from "../expr/float64.ts";
import { constant } from "../expr/graph.ts";
import type { BoundLaw } from "./bind.ts";
import type { ChartVariables } from "./parameters/chart.ts";
import { inputsOf } from "./inputs.ts";
import { isEmpty, originIn } from "./parameters/frame.ts";
import type { ParameterSpec } from "./parameters/parameter-spec.ts";

/**
 * Coordinates of `to` at which it reports, and so predicts, what `from` does at `theta`. Both are
 * the same law with the same options; they differ in the units of inputs.
 *
 * @throws Error for other units of a law whose family is not closed under a change of units.
 */
export function translate(from: BoundLaw, theta: ArrayLike<number>, to: BoundLaw): Float64Array {
  const inputs = [
    "params",
    "tokens",
    ...inputsOf(from.law, from.domains, from.phases).map(({ name }) => name),
  ];
  const isSame = inputs.every((input) => from.lnUnit(input) === to.lnUnit(input));
  if (isSame && isEmpty(from.frame) && isEmpty(to.frame)) return Float64Array.from(theta);
  if (from.law.units === "fit")
    throw new Error(`the law ${from.law.name} is not closed under a change of units`);
  const specs = from.law.parameters(from.options);
  const values = from.valuesAt(theta);
  const before: ChartVariables = { ...values, p: (name) => constant(values.value(name)) };
  const after: ChartVariables = {
    p: (name) => constant(moved(entryOf(specs, name), values.value(name))),
    lnUnit: to.lnUnit,
    origin: (parameter, text) => originIn(to.frame, parameter, text),
  };
  function moved({ chart }: ParameterSpec, coordinate: number): number {
    if (chart === undefined) return coordinate;
    return evaluateOne(chart.coordinate(chart.value(coordinate, before), after), () => NaN);
  }
  return to.vector(
    Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [
        name,
        spec.per === "law"
          ? moved(spec, values.value(name))
          : values.values(name).map((coordinate) => moved(spec, coordinate)),
      ]),
    ),
  );
}
