/** The same point of a law in other units. */
import { evaluate } from "../expr/float64.ts";
import { constant } from "../expr/graph.ts";
import type { BoundLaw } from "./law.ts";
import type { ChartTerms, ParameterSpec } from "./chart.ts";

/**
 * Coordinates of `to` at which it reports what `from` reports at `theta`. Both are the same law and
 * options, and differ in units.
 */
export function translate(from: BoundLaw, theta: ArrayLike<number>, to: BoundLaw): Float64Array {
  const old = from.coordinates(theta);
  const terms = ({ units }: BoundLaw): ChartTerms => ({
    p: (name) => constant(old.of(name)),
    lnUnits: { params: Math.log(units.params), tokens: Math.log(units.tokens) },
  });
  const through = ({ chart }: ParameterSpec, coordinate: number): number => {
    if (chart === undefined) return coordinate;
    const [moved] = evaluate(
      [chart.coordinate(chart.value(coordinate, terms(from)), terms(to))],
      () => NaN,
    );
    return moved;
  };
  return to.vector(
    Object.fromEntries(
      Object.entries(from.law.parameters(from.options)).map(([name, spec]) => [
        name,
        spec.per === "law"
          ? through(spec, old.of(name))
          : old.all(name).map((u) => through(spec, u)),
      ]),
    ),
  );
}
