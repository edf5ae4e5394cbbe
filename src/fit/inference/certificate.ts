/** What can be checked at a fitted point, in float64. */
import { NormalEquations } from "../../solve/normal-equations.ts";
import { gradientNorm } from "../../solve/stationarity.ts";
import type { Information } from "./information.ts";
import type { Problem } from "../search/problem.ts";
import type { Certificate } from "../result/fit-file.ts";

/**
 * The numbers of the certificate that can be computed at a point; `identify` adds which parameters
 * are not determined. `names` are those of the coordinates. See `Certificate`.
 */
export function certify(
  problem: Problem,
  target: number,
  theta: Float64Array,
  names: readonly string[],
  { directions, unseen }: Information,
): Omit<Certificate, "notIdentified" | "directions"> {
  const normal = new NormalEquations(
    problem.program,
    problem.packed,
    target,
    problem.losses[target],
  );
  const objective = normal.evaluate(theta);
  const { gradient, H } = normal;
  const spectrum = directions.map(({ value }) => value);
  const [most, least] = [spectrum[0] ?? 0, spectrum.at(-1) ?? 0];
  return {
    gradientNorm: gradientNorm({ theta, objective, gradient, H }, problem.box),
    conditionNumber: unseen.length > 0 || least <= 0 ? null : most / least,
    spectrum,
    atBound: names.filter(
      (_, i) => theta[i] <= problem.box.lower[i] || theta[i] >= problem.box.upper[i],
    ),
  };
}
