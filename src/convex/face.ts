/** Faces of a feasible set, and the planes that steps on them keep to. */
import { dot } from "./vectors.ts";

/** The face of the feasible set that a mixture lies on: the ways in which it can still move. */
export interface Face {
  /** Coordinates that are not held at a bound. */
  readonly free: readonly number[];
  /** Coefficients of the sums that stay as they are: of all shares, of active groups and balls. */
  readonly rows: readonly Float64Array[];
}

/** The steps d with normal·d = value. */
export interface Plane {
  readonly normal: Float64Array;
  readonly value: number;
}

/** A row that adds less than this to those before is a combination of them. */
const DEPENDENT = 1e-12;

/** The same planes with orthonormal normals, by Gram and Schmidt, twice. */
export function independent(planes: readonly Plane[]): Plane[] {
  const basis: Plane[] = [];
  for (const { normal, value } of planes) {
    const size = Math.sqrt(dot(normal, normal));
    const rest = normal.slice();
    let left = value;
    for (let pass = 0; pass < 2; pass++) {
      for (const unit of basis) {
        const part = dot(unit.normal, rest);
        for (let i = 0; i < rest.length; i++) rest[i] -= part * unit.normal[i];
        left -= part * unit.value;
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length > Math.max(DEPENDENT, 1e-9 * size))
      basis.push({ normal: rest.map((x) => x / length), value: left / length });
  }
  return basis;
}
