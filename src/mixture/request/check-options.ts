/**
 * What a library caller asks of `optimize`, checked for its shape: an unknown key or a wrong type
 * is said and not ignored.
 */
import * as v from "valibot";
import { InputError } from "../../base/errors.ts";
import { suggest } from "../../base/wording.ts";
import { INTERVALS } from "../../base/fit-options.ts";
import { MOST_SAMPLES } from "../../gpu/montecarlo/mixtures.ts";
import type { OptimizeOptions } from "./optimum.ts";

const number = v.number("must be a number");
const positive = v.pipe(number, v.check((x) => x > 0 && x < Infinity, "must be a positive number")); // prettier-ignore
const byName = v.custom<object>(
  (x) => typeof x === "object" && x !== null && !Array.isArray(x),
  "must be an object by name",
);
const numbers = v.pipe(byName, v.record(v.string(), number));
const choice = <const T extends readonly string[]>(...values: T) =>
  v.picklist(values, `must be ${values.join(" or ")}`);

const SCHEMA = {
  params: positive,
  tokens: positive,
  inputs: numbers,
  objective: v.union([v.literal("worst"), numbers], 'must be "worst", or weights by target'),
  law: v.union(
    [v.string(), v.pipe(byName, v.record(v.string(), v.string()))],
    "must be a law's name, or names by target",
  ),
  constraints: byName, // its parts are checked by `checkConstraints`
  reference: numbers,
  noWorse: numbers,
  solver: choice("gradient", "mirror"),
  samples: v.pipe(number, v.check((n) => Number.isInteger(n) && n >= 0 && n <= MOST_SAMPLES, `must be a whole number from 0 to ${MOST_SAMPLES}`)), // prettier-ignore
  seed: v.pipe(number, v.check((n) => Number.isSafeInteger(n), "must be a whole number within ±(2^53 − 1)")), // prettier-ignore
  epsilon: v.pipe(number, v.check((x) => x >= 0 && x < Infinity, "must be a number of at least 0")), // prettier-ignore
  intervals: v.boolean("must be true or false"),
  level: number,
  interval: choice(...INTERVALS),
  robust: v.string("must be mean, or a quantile such as q95"),
  candidates: v.array(
    v.object({ name: v.string(), weights: numbers }),
    "must be a list of names and weights",
  ),
  signal: v.unknown(),
  onProgress: v.unknown(),
} satisfies Record<keyof OptimizeOptions, v.GenericSchema>;

const FLAGS: Readonly<Record<string, string>> = { noWorse: "--no-worse" };

/**
 * Throws InputError naming the option, what it is and what it must be. @example checkOptions({
 * sampels: 3 }) // did you mean "samples"?
 */
export function checkOptions(options: object): void {
  for (const [key, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined) continue;
    if (!Object.hasOwn(SCHEMA, key))
      throw new InputError(
        `optimize has no option "${key}"; ${suggest(key, Object.keys(SCHEMA), "options")}`,
      );
    const checked = v.safeParse(SCHEMA[key as keyof OptimizeOptions], value);
    if (checked.success) continue;
    const [issue] = checked.issues;
    const path = v.getDotPath(issue);
    const flag = FLAGS[key] ?? `--${key}`;
    const found = typeof issue.input === "number" ? `${issue.input}` : JSON.stringify(issue.input); // NaN has no JSON
    throw new InputError(
      `${flag}${path === null ? "" : ` ${path}`} is ${found}; it ${issue.message}.`,
      { flag },
    );
  }
}
