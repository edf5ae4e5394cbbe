/** Parameters that targets have in common. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { BoundLaw } from "./bind.ts";
import { flatten } from "./parameters/parameters.ts";

/** How far another coordinate is moved to see whether a reported parameter moves with it. */
const NUDGE = 1e-3;

/**
 * The coordinates of the parameters with these reported names ("alpha", "C", "C[web]"). Fixed and
 * tied parameters are none.
 *
 * @throws InputError for a parameter that is reported otherwise for each target, though its
 *   coordinate is common
 */
export function commonCoordinates(law: BoundLaw, names: readonly string[]): number[] {
  const { coordinates, size } = law;
  const common = [...coordinates.keys()].filter((i) =>
    [coordinates[i]?.symbol, coordinates[i]?.label].some((name) => names.includes(name ?? "")),
  );
  const theta = new Float64Array(size).fill(0.5);
  const reported = (i: number, moved: number): number | undefined =>
    flatten(law.reportAt(theta.map((x, j) => (j === moved ? x + NUDGE : x)))).get(
      coordinates[i]?.label ?? "",
    );
  for (const i of common)
    for (let j = 0; j < size; j++)
      if (!common.includes(j) && reported(i, j) !== reported(i, -1))
        throw new InputError(
          `${option("common")}: ${coordinates[i]?.label} of the law ${law.law.name} follows from ${coordinates[j]?.label} too; name both, or ${coordinates[j]?.label} alone`,
          { option: "common" },
        );
  return common;
}
