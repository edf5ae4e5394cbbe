/** What became of a start, as the value of a record: float64 numbers, the point last. */
import { itemAt } from "../../base/known.ts";
import type { Ending } from "../../solve/iterate.ts";
import type { Polished, StartEnd } from "../search/problem.ts";

/** "interrupted" is no end, and is not recorded. */
const ENDINGS = ["converged", "stalled", "limit", "nonfinite"] as const satisfies Ending[];
/** Numbers before the point. */
const HEAD = 4;

/** The value of an end; undefined for one that is not to be recorded. */
export function valueOf(end: StartEnd | Polished): Uint8Array | undefined {
  const { ending, objective, lambda, theta } = end;
  if (ending === "interrupted") return undefined;
  const norm = "norm" in end ? end.norm : NaN;
  const numbers = Float64Array.of(ENDINGS.indexOf(ending), objective, lambda, norm, ...theta);
  return new Uint8Array(numbers.buffer);
}

/** The end of a value; undefined where it is none of a point with so many coordinates. */
export function endOf(value: Uint8Array, coordinates: number): Polished | undefined {
  if (value.length !== 8 * (HEAD + coordinates)) return undefined;
  const numbers = new Float64Array(new Uint8Array(value).buffer);
  const number = (i: number): number => itemAt(numbers, i);
  return {
    theta: numbers.slice(HEAD),
    objective: number(1),
    ending: itemAt(ENDINGS, number(0)),
    lambda: number(2),
    norm: number(3),
  };
}
