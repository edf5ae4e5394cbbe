/** Shares that are multiples of 1/n: `--lattice 1/1000`. */
import * as v from "valibot";
import { InputError } from "../../../base/errors.ts";
import { LIMITS } from "../../../options/limits.ts";
import { option } from "../../../base/option-text.ts";
import { type KindOf, sayOnce } from "./kind.ts";

export interface Lattice {
  /** n: shares are multiples of 1/n. */
  readonly lattice?: number;
}

const KIND = { name: "lattice", path: "constraints.lattice" } as const;
const FORM = /^\s*1\s*\/\s*(\d+)\s*$/;

/** "1/1000" is 1000. */
export function latticeFrom(text: string): number {
  const match = FORM.exec(text);
  if (match === null)
    throw new InputError(
      `${option(KIND.path)}: "${text}" is not of the form 1/N, such as 1/1000.`,
      { option: KIND.path },
    );
  return Number(match[1]);
}

function checkDenominator(denominator: number): void {
  if (!(Number.isInteger(denominator) && denominator >= 2 && denominator <= LIMITS.lattice.most))
    throw new InputError(
      `${option(KIND.path)} is 1/${denominator}; the denominator must be a whole number from 2 to ${LIMITS.lattice.most}.`,
      { option: KIND.path },
    );
}

export const lattice: KindOf<Lattice> = {
  name: KIND.name,
  key: "lattice",
  flag: {
    name: "--lattice",
    metavar: "<1/N>",
    help: "round the shares to multiples of 1/N that sum to exactly 1",
    repeats: false,
    parse: ([text = ""]) => latticeFrom(text),
    check: (text) => checkDenominator(latticeFrom(text)),
  },
  schema: v.union(
    [v.number(), v.pipe(v.string(), v.regex(FORM), v.transform(latticeFrom))],
    "it must be a lattice such as 1/1000, or its denominator 1000",
  ),
  merge: sayOnce(KIND.path),
  contribute(denominator, { space }) {
    checkDenominator(denominator);
    if (space.phases !== undefined)
      throw new InputError(
        `${option(KIND.path)} is for one mixture, and the fitted runs have phases: leave it out.`,
        { option: KIND.path },
      );
    return { lattice: denominator };
  },
  moreRoom: () => "a finer lattice",
};
