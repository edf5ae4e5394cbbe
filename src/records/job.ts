/** What a store's records are for: two runs of one job end in the same result. */

/** Plain data, as JSON has it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** A job: everything that its result depends on, backend and time aside. */
export interface Job {
  /** What is done: "fit", "validate", "optimize". */
  readonly verb: string;
  /** The release of mixlaw. */
  readonly version: string;
  /** What it is done to: hashes, numbers of rows, names. */
  readonly data: Json;
  /** How it is done: laws, options with their defaults, the seed. */
  readonly settings: Json;
}

/** How much of a value a message shows. */
const SHOWN = 60;

/**
 * What differs between two jobs, each as "settings.seed is 1 there and 2 here"; none where they are
 * the same job.
 *
 * @example differences(jobOfFolder, thisJob) // ["settings.seed is 1 there and 2 here"]
 */
export const differences = (there: Job, here: Job): string[] =>
  differencesAt("", there as unknown as Json, here as unknown as Json);

function differencesAt(path: string, there: Json | undefined, here: Json | undefined): string[] {
  if (isNamed(there) && isNamed(here)) {
    const names = new Set([...Object.keys(there), ...Object.keys(here)]);
    return [...names].flatMap((name) =>
      differencesAt(path === "" ? name : `${path}.${name}`, there[name], here[name]),
    );
  }
  const [before, now] = [shown(there), shown(here)];
  return JSON.stringify(there) === JSON.stringify(here)
    ? []
    : [before === now ? `${path} differs` : `${path} is ${before} there and ${now} here`];
}

const isNamed = (value: Json | undefined): value is { readonly [name: string]: Json | undefined } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function shown(value: Json | undefined): string {
  if (value === undefined) return "not given";
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
