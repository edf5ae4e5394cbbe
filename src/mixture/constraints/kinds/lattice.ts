/** Shares that are multiples of 1/n: `--lattice 1/1000`. */
import * as v from "valibot";
import { InputError } from "../../../base/errors.ts";
import { type KindOf, sayOnce } from "./kind.ts";

export interface Lattice {
  /** n: shares are multiples of 1/n. */
  readonly lattice?: number;
}

const NAME = "lattice";
const FLAG = "--lattice";
const FORM = /^\s*1\s*\/\s*(\d+)\s*$/;
const LARGEST = 1e6;

/** "1/1000" is 1000. */
export function latticeFrom(text: string): number {
  const match = FORM.exec(text);
  if (match === null)
    throw new InputError(`${FLAG}: "${text}" is not of the form 1/N, such as 1/1000.`, {
      flag: FLAG,
    });
  return Number(match[1]);
}

export const lattice: KindOf<Lattice> = {
  name: NAME,
  key: "lattice",
  flag: {
    name: FLAG,
    metavar: "<1/N>",
    help: "round the shares to multiples of 1/N that sum to exactly 1",
    repeats: false,
    parse: ([text = ""]) => latticeFrom(text),
  },
  schema: v.union(
    [v.number(), v.pipe(v.string(), v.regex(FORM), v.transform(latticeFrom))],
    "is no lattice; write 1/1000, or its denominator 1000",
  ),
  merge: sayOnce(FLAG),
  contribute(denominator) {
    if (!(Number.isInteger(denominator) && denominator >= 2 && denominator <= LARGEST))
      throw new InputError(
        `${FLAG} is 1/${denominator}; the denominator must be a whole number from 2 to ${LARGEST}.`,
        { flag: FLAG },
      );
    return { lattice: denominator };
  },
  moreRoom: () => "a finer lattice",
};
