/** Plan files: their schema, and their hash. They come from anywhere: every part is checked. */
import * as v from "valibot";
import { InputError } from "../base/errors.ts";
import { ownOf } from "../base/known.ts";
import { sha256Hex } from "../base/sha256.ts";
import { aCount, anInterval } from "../fit/file/fit-schema.ts";
import { option } from "../base/option-text.ts";
import { PHASES } from "../data/runs/runs-options.ts";
import { OPTIMIZE_ENTRIES } from "../mixture/request/check-options.ts";
import { someUnits } from "../options/count-units.ts";
import { aLevel } from "../options/fit-options.ts";
import { otherVersion } from "../options/file-version.ts";
import {
  aName,
  aNumber,
  aPart,
  aPositive,
  aSwitch,
  aText,
  byName,
  DOMAINS,
  type EntriesOf,
  listOf,
  numberThat,
} from "../options/option-schema.ts";
import { checkFile, checkNesting, type FileWords, parseJson } from "../options/parse-file.ts";
import type { Plan, RegisteredMixture, RegisteredPoint } from "./plan.ts";

/** The name and the version of the format. */
export const PLAN_VERSION = "mixlaw/plan@1";

/** Shares may be off by rounding, and a sum of very many by a little more. */
const ROUNDING = 1e-9;
const SUM = 1e-6;

const aHash = v.pipe(
  aText,
  v.regex(/^[0-9a-f]{64}$/, "it must be a SHA-256, 64 hexadecimal digits"),
);
const aShare = numberThat(
  (x) => x >= -ROUNDING && x <= 1 + ROUNDING,
  "it must be a share, from 0 to 1",
);
const shares = v.pipe(
  byName(aShare, aName),
  v.check(
    (weights) => Math.abs(Object.values(weights).reduce((sum, x) => sum + x, 0) - 1) <= SUM,
    "the shares of a mixture must sum to 1",
  ),
);
const numbers = byName(aNumber, aName);
const { signal: _, onProgress: __, records: ___, deadline: ____, ...REQUEST } = OPTIMIZE_ENTRIES;
const request = aPart(REQUEST) as v.GenericSchema as v.GenericSchema<RegisteredPoint["request"]>;

/** A plan file. */
export const PLAN = aPart({
  schema: v.literal(PLAN_VERSION, `it must be "${PLAN_VERSION}"`),
  version: aName,
  sha256: aHash,
  fit: aPart({ sha256: aHash, seed: aNumber }),
  data: aPart({
    source: aText,
    sha256: aText,
    rows: aCount,
    columns: aPart({
      params: v.exactOptional(aText),
      tokens: v.exactOptional(aText),
      units: v.exactOptional(someUnits),
      weights: v.exactOptional(aText),
      phases: v.exactOptional(PHASES),
      normalize: v.exactOptional(aSwitch),
      inputs: v.exactOptional(byName(aText, aName)),
    }),
  }),
  domains: DOMAINS,
  goal: v.union([v.literal("worst"), numbers], 'it must be "worst", or weights by target'),
  laws: byName(aName, aName),
  level: aLevel,
  levels: listOf(aLevel),
  points: listOf(
    aPart({
      at: aPart({
        params: v.nullable(aPositive),
        tokens: v.nullable(aPositive),
        inputs: numbers,
      }),
      request,
      reference: numbers,
      mixtures: listOf(
        aPart({
          name: aName,
          weights: shares,
          predictions: listOf(
            aPart({ law: aName, target: aName, value: aNumber, intervals: listOf(anInterval) }),
          ),
        }),
      ),
    }),
  ),
} satisfies EntriesOf<Plan>);

/** JSON without spaces and with keys in order: one text for one value, however it was written. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join()}}`;
}

/** The SHA-256 of a plan, whatever hash it records. */
export function planDigest(plan: object): string {
  const { sha256: _hash, ...rest } = plan as Partial<Plan>;
  return sha256Hex(new TextEncoder().encode(canonical(rest)));
}

/** What a plan must hold together, beside the schema of its parts; undefined where it does. */
function problemOf(plan: Plan): string | undefined {
  const { goal, laws, level, levels, points } = plan;
  if (points.length === 0) return "points is empty; it must have one or more";
  if (levels.some((each, n) => n > 0 && each <= (levels[n - 1] ?? 0))) return "levels must ascend";
  if (!levels.includes(level)) return "level must be one of levels";
  const targets = Object.keys(laws);
  if (targets.length === 0) return "laws is empty; it must have one target or more";
  const weighted = goal === "worst" ? [] : Object.keys(goal);
  if (goal !== "worst" && !weighted.some((target) => goal[target] !== 0))
    return "goal weighs no target; it must weigh one or more";
  const odd = weighted.find((target) => !Object.hasOwn(laws, target));
  if (odd !== undefined) return `goal names ${JSON.stringify(odd)}, which laws lacks`;
  for (const [p, { mixtures, reference }] of points.entries()) {
    const at = `points.${p}`;
    const relative = goal === "worst" ? targets : [];
    const lacking = relative.find((target) => !((ownOf(reference, target) ?? 0) > 0));
    if (lacking !== undefined)
      return `${at}.reference must have a loss above 0 of ${JSON.stringify(lacking)}`;
    if (mixtures.length === 0) return `${at}.mixtures is empty; it must have one or more`;
    if (new Set(mixtures.map(({ name }) => name)).size < mixtures.length)
      return `${at}.mixtures has two of one name`;
    for (const [m, mixture] of mixtures.entries()) {
      const problem = problemOfMixture(plan, mixture);
      if (problem !== undefined) return `${at}.mixtures.${m}.${problem}`;
    }
  }
  return undefined;
}

function problemOfMixture(
  { domains, laws, levels }: Plan,
  { weights, predictions }: RegisteredMixture,
): string | undefined {
  const known = new Set(domains);
  const stranger = Object.keys(weights).find((domain) => !known.has(domain));
  if (stranger !== undefined)
    return `weights names ${JSON.stringify(stranger)}, which domains lacks`;
  const key = (law: string | undefined, target: string): string => JSON.stringify([law, target]);
  const keys = new Set(predictions.map(({ law, target }) => key(law, target)));
  if (keys.size < predictions.length) return "predictions has two of one law and target";
  const missing = Object.entries(laws).find(([target, law]) => !keys.has(key(law, target)));
  if (missing !== undefined)
    return `predictions lacks ${JSON.stringify(missing[0])} by ${missing[1]}`;
  return predictions.some(({ intervals }) => intervals.length !== levels.length)
    ? "predictions must have an interval for each level"
    : undefined;
}

const NO_PLAN = "is no plan file";

/** The plan of a value, all of it checked, its hash included. */
function readPlan(value: unknown, words: FileWords): Plan {
  const { source, remedy } = words;
  const fail = (problem: string): InputError => new InputError(`${source} ${problem}`, { file: source }); // prettier-ignore
  const other = otherVersion(value, "plan", [PLAN_VERSION]);
  if (other !== undefined) throw fail(other);
  const plan = checkFile(PLAN, value, NO_PLAN, words) as unknown as Plan;
  const digest = planDigest(value as object);
  if (digest !== plan.sha256)
    throw fail(
      `was changed after it was registered: its SHA-256 is ${digest}, and it records ${plan.sha256}. Use the file as it was registered`,
    );
  const problem = problemOf(plan);
  if (problem !== undefined) throw fail(`${NO_PLAN}: ${problem}; ${remedy}`);
  return plan;
}

const REMEDY = `write one with "mixlaw optimize FIT ${option("register", "plan.json")}"`;
const checked = new WeakSet<Plan>();

/**
 * The plan that a JSON text is.
 *
 * @param source how messages name the file
 * @throws InputError when it is no JSON, is another kind of file, has a part that is wrong, or was
 *   changed after it was registered.
 */
export function parsePlan(text: string, source: string): Plan {
  const words = { source, remedy: REMEDY };
  const plan = readPlan(parseJson(text, words), words);
  checked.add(plan);
  return plan;
}

/**
 * An object that is handed in as a plan, found to be one. It stays as it is.
 *
 * @throws InputError as `parsePlan` does.
 */
export function checkedPlan(plan: Plan, source = "the plan"): Plan {
  if (checked.has(plan)) return plan;
  const words = { source, remedy: REMEDY };
  checkNesting(plan, words);
  readPlan(plan, words);
  checked.add(plan);
  return plan;
}
