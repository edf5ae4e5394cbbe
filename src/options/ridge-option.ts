/** The option `ridge`: which parameters are drawn together or to 0, and how strongly. */
import * as v from "valibot";
import { aName, aNumber, byName } from "./option-schema.ts";

/** λ of a ridge, or "auto" for the λ that predicts rows best that are held out of the fit. */
export type RidgeStrength = number | "auto";

/**
 * λ of the parameters that have one value a domain, or of parameters by reported name ("alpha",
 * "gamma"). With 0 there is no ridge. One "auto" is for all that are named.
 */
export type RidgeOption = RidgeStrength | Readonly<Record<string, RidgeStrength>>;

const aStrength = v.union(
  [v.pipe(aNumber, v.minValue(0, "")), v.literal("auto")],
  'the strength of a ridge is a number of at least 0, such as 1e-4, or "auto"',
);

/** What the option may be. */
export const aRidge: v.GenericSchema<RidgeOption, RidgeOption> = v.pipe(
  v.union(
    [aStrength, byName(aStrength, aName)],
    'it must be a number of at least 0, "auto", or one of them by parameter',
  ),
  v.check(
    (ridge) => new Set(strengthsIn(ridge).map((x) => x === "auto")).size < 2,
    'the strengths are all numbers, or all "auto"',
  ),
);

/** The strengths that an option has. */
const strengthsIn = (ridge: RidgeOption): RidgeStrength[] =>
  typeof ridge === "object" ? Object.values(ridge) : [ridge];

/** Whether there is a ridge. */
export const hasRidge = (ridge: RidgeOption): boolean =>
  strengthsIn(ridge).some((strength) => strength !== 0);

/** Whether its λ is to be found by cross-validation. */
export const isAutomatic = (ridge: RidgeOption): boolean => strengthsIn(ridge).includes("auto");
