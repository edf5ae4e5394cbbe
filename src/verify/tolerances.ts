/**
 * How much a value of a repeated fit may differ from the recorded one.
 *
 * On the same adapter with the same version nothing should: the same input, settings and seed give
 * the same file. Elsewhere the search takes another way to the same optimum, which the float64
 * polish ends within rounding of the objective. A parameter may then move as far as raises the mean
 * objective by that much. One standard error raises it by about 1/n (n rows), so that it may move
 * 2·√(n·1e-9) standard errors.
 */

/** Relative, of the mean objective. */
export const OBJECTIVE = 1e-9;
/** Relative, of predicted losses and of scores. */
const PREDICTION = 1e-6;
/** Relative, of what is computed directly from the runs. */
export const ROUNDING = 1e-9;
/**
 * Of the width of intervals of predicted losses, the mean over the fitted rows. Replicates are
 * refitted until a step changes them by a small part of a standard error, and may end in another
 * basin (see `Bootstrap.tolerance`): intervals of single parameters can then be far apart where
 * those of predictions are not.
 */
const INTERVAL = 0.2;

/** The key under which the largest relative difference of predicted losses stands. */
export const PREDICTIONS = "predictions";

/** The key under which the mean difference of intervals at the fitted rows stands, in widths. */
export const INTERVALS = "intervals";

/** What is to be known of a fit to judge how much its values may differ. */
export interface FitScale {
  /** Rows that were fitted. */
  readonly rows: number;
  /** Standard errors, of parameters by label ("C[web]"), of coordinates by name ("lnC[web]"). */
  readonly errors: Readonly<Record<"parameters" | "coordinates", ReadonlyMap<string, number>>>;
}

/** How the value at a key of a fit is judged. */
export interface Rule {
  /** The most that it may differ by; null: it must be equal. */
  readonly tolerance: number | null;
  /** Whether it depends on the way of the search: elsewhere it counts for nothing. */
  readonly isOfSearch: boolean;
}

const exact: Rule = { tolerance: null, isOfSearch: false };
const within = (tolerance: number): Rule => ({ tolerance, isOfSearch: false });

/** Keys of a fit that are decided by data and settings alone. */
const GIVEN = new Set(["law", "target", "formula", "fixed", "tied", "units", "delta", "degreesOfFreedom"]); // prettier-ignore

/**
 * How the leaf at a path of a fit is judged.
 *
 * @param label the reported parameter or the coordinate that the path leads to, where it does
 */
export function ruleFor(
  path: readonly string[],
  recorded: unknown,
  label: string,
  { rows, errors }: FitScale,
): Rule {
  const [section = "", ...rest] = path;
  const size = typeof recorded === "number" ? Math.abs(recorded) : 0;
  if (section === "objective") return within(OBJECTIVE * size);
  if (section === "parameters" || section === "coordinates") {
    const moves = 2 * Math.sqrt(OBJECTIVE * rows) * (errors[section].get(label) ?? 0);
    return within(Math.max(moves, ROUNDING * size));
  }
  if (section === "train" || section === "test") return within(PREDICTION * Math.max(size, 1));
  if (section === "center" || section === "frame") return within(ROUNDING * size);
  if (section === PREDICTIONS) return within(PREDICTION);
  if (section === INTERVALS) return within(INTERVAL);
  if (GIVEN.has(section)) return exact;
  // Whether a fit holds or is limited may hang on how many starts agreed; whether it failed, not.
  if (section === "verdict" && rest[0] === "status" && recorded === "failed") return exact;
  return { tolerance: typeof recorded === "number" ? PREDICTION * size : null, isOfSearch: true };
}

/** Whether a value lies within a tolerance of another. */
export function isWithin(recorded: unknown, repeated: unknown, tolerance: number | null): boolean {
  if (Object.is(recorded, repeated)) return true;
  if (tolerance === null || typeof recorded !== "number" || typeof repeated !== "number")
    return false;
  return Math.abs(recorded - repeated) <= tolerance;
}
