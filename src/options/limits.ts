/**
 * What is too much: the one table of limits. Each bounds memory, or hours of work, and is checked
 * before the work begins. docs/limits.md says why each is where it is.
 */
import { InputError, type Place } from "../base/errors.ts";

interface Limit {
  /** The most that is taken. */
  readonly most: number;
  /** What is counted. */
  readonly of: string;
}

export const LIMITS = {
  jsonSize: { most: 2 ** 29 - 24, of: "bytes" },
  yamlSize: { most: 2 ** 17, of: "bytes of YAML" },
  nesting: { most: 100, of: "levels of nesting" },
  nameLength: { most: 1000, of: "characters in a name" },
  domains: { most: 256, of: "domains" },
  formulaLength: { most: 5000, of: "characters in a formula" },
  formulaNodes: { most: 50_000, of: "operations (sums over the domains written out)" },
  filterLength: { most: 200_000, of: "characters in a filter" },
  parameters: { most: 2000, of: "parameters over its domains" },
  startsEach: { most: 2 ** 20, of: "random starts of a target" },
  starts: { most: 2 ** 27, of: "random starts of all laws and targets together" },
  replicates: { most: 1e6, of: "replicates" },
  replicateNumbers: {
    most: 45e6,
    of: "numbers in the replicates of all laws and targets together",
  },
  folds: { most: 10_000, of: "folds" },
  threads: { most: 256, of: "threads" },
  constraints: { most: 1000, of: "constraints of a kind" },
  candidateNumbers: { most: 1e8, of: "candidates × replicates" },
  lattice: { most: 1e6, of: "parts of a lattice" },
  pathStops: { most: 1000, of: "stops on a path" },
  simulatedRows: { most: 1e6, of: "simulated rows" },
  targets: { most: 1000, of: "targets" },
  designedRuns: { most: 10_000, of: "designed runs" },
  laws: { most: 100, of: "laws" },
  inputs: { most: 100, of: "inputs beside params and tokens" },
  listPieces: { most: 5000, of: "pieces" },
  jobParts: { most: 1000, of: "parts of a section in a job file" },
  listed: { most: 100_000, of: "items of a list in an option" },
} as const satisfies Readonly<Record<string, Limit>>;

/**
 * The most that a number of a run may be in size, in a table or asked for. Covariances have fourth
 * powers: 1e200, well within float64's 1.8e308.
 */
export const MOST_IN_SIZE = 1e50;

/** How far the shares of a row may sum from 1: they are divided by their sum then. */
export const SUM_TOLERANCE = 1e-3;

export type LimitName = keyof typeof LIMITS;

/** What is asked for, where its limit is passed. */
interface Asked {
  /** What asks for it: "the fit", "fit.json". */
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly where?: Place;
}

/**
 * Throws the InputError for more than a limit allows: it names the limit, what was asked, and the
 * remedy.
 *
 * @example checkLimit("starts", 2 ** 30, { what: "the fit", remedy: "lower ‘restarts’" })
 */
export function checkLimit(name: LimitName, count: number, { what, remedy, where }: Asked): void {
  const { most, of }: Limit = LIMITS[name];
  if (count <= most) return;
  throw new InputError(
    `${what} has ${count} ${of}, and at most ${most} are taken (limit "${name}"): ${remedy}`,
    where,
  );
}
