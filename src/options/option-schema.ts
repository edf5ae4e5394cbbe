/**
 * The options of the library's verbs, checked at the edge. A verb has one schema: what an option
 * may be and its default follow from it, and inside every option has a value. An unknown option and
 * a wrong value are an InputError that names the option and says what it is and what it must be.
 */
import * as v from "valibot";
import { DURATION_IN_WORDS, LONGEST_DURATION, secondsIn } from "../records/duration.ts";
import { InputError } from "../base/errors.ts";
import { type LimitName, LIMITS, MOST_IN_SIZE } from "./limits.ts";
import { byNames, type Given, given } from "../base/objects.ts";
import { hinted, type JsonSchema } from "./json-hints.ts";
import { option } from "../base/option-text.ts";
import { printable } from "./printable.ts";
import { suggest } from "../base/wording.ts";

/**
 * Entries of a schema for the options `T`: each option of `T` has one, of a type that it may have.
 */
export type EntriesOf<T> = {
  readonly [K in keyof T]-?: v.GenericSchema<T[K] | undefined, unknown>;
};

// The messages of schemas complete the sentence "‘delta’ is 0; …".

export const aNumber = v.pipe(
  v.number("it must be a number"),
  v.finite("it must be a finite number"),
);
export const aText = v.string("it must be a text");
/** A name that is shown, written to files and matched: one line of printable text. */
export const aName = v.pipe(
  aText,
  v.maxLength(
    LIMITS.nameLength.most,
    `a name has at most ${LIMITS.nameLength.most} characters (limit "nameLength")`,
  ),
  v.check(
    (text) => printable(text) === text,
    "a name has no line breaks or control characters, and no spaces at its ends",
  ),
);
export const aSwitch = v.boolean("it must be true or false");

/** A number that `accepts`. @param json what JSON Schema says of it */
export const numberThat = (
  accepts: (value: number) => boolean,
  message: string,
  json: JsonSchema = {},
) => hinted(v.pipe(aNumber, v.check(accepts, message)), () => ({ type: "number", ...json }));

export const aPositive = numberThat((x) => x > 0 && x < Infinity, "it must be a positive number", {
  exclusiveMinimum: 0,
});

/** Parameters or tokens of a run. */
export const aRunSize = v.pipe(
  aPositive,
  v.check((x) => x <= MOST_IN_SIZE, `it must be at most ${MOST_IN_SIZE}`),
);

/** A size of something. */
export const atLeastZero = numberThat(
  (x) => x >= 0 && x < Infinity,
  "it must be a number of at least 0",
  { minimum: 0 },
);

/** A whole number from `least` to `most`. */
export const aWhole = (least: number, most = Infinity) =>
  numberThat(
    (x) => Number.isInteger(x) && x >= least && x <= most,
    `it must be a whole number ${most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`}`,
    { type: "integer", minimum: least, ...(most === Infinity ? {} : { maximum: most }) },
  );

/** Seconds, or a duration as people write it. */
export const aDuration = v.union(
  [
    numberThat((x) => x > 0 && x <= LONGEST_DURATION, ""),
    v.pipe(
      aText,
      v.check((text) => secondsIn(text) !== undefined, ""),
    ),
  ],
  `it must be seconds, or ${DURATION_IN_WORDS}`,
);

/** A seed: any whole number that float64 holds exactly. */
export const aSeed = numberThat(
  Number.isSafeInteger,
  "it must be a whole number within ±(2^53 − 1)",
  { type: "integer" },
);

/** One of a few words. */
export const oneOf = <const T extends readonly string[]>(words: T) =>
  v.picklist(words, `it must be one of ${words.join(", ")}`);

/** A list of values in a file, whose size is limited as a whole. */
export const listOf = <T extends v.GenericSchema>(value: T) => v.array(value, "it must be a list");

/** The domains of a mixture, as a file names them. */
export const DOMAINS = v.pipe(
  listOf(aName),
  v.maxLength(LIMITS.domains.most, `a mixture has at most ${LIMITS.domains.most} domains`),
  v.check((each) => new Set(each).size === each.length, "a domain is named twice"),
);

/** A list of values, of a length that is limited. */
export const aList = <T extends v.GenericSchema>(
  value: T,
  message = "it must be a list",
  limit: LimitName = "listed",
) =>
  v.pipe(
    v.array(value, message),
    v.maxLength(
      LIMITS[limit].most,
      `there can be at most ${LIMITS[limit].most} (limit "${limit}")`,
    ),
  );

/** One value, or a list of such values. What is wrong is told of the one that is there. */
export const oneOrList = <T extends v.GenericSchema>(
  value: T,
  message: string,
  limit: LimitName = "listed",
): v.GenericSchema<v.InferInput<T> | v.InferInput<T>[], v.InferOutput<T> | v.InferOutput<T>[]> => {
  const list = aList(value, message, limit);
  return hinted(
    v.lazy((input): T | typeof list => (Array.isArray(input) ? list : value)),
    (convert) => ({ anyOf: [convert(value), convert(list)] }),
  );
};

/** Two ends. */
export const aRange = <T extends v.GenericSchema>(end: T, message = "it must be [low, high]") =>
  v.strictTuple([end, end], message);

/** What is taken as it is: a signal, a function that is told. */
export const anything = <T>() => v.custom<T>(() => true);

/** An object with names of its own; what is in it is checked elsewhere. */
export const anyObject = <T extends object>(message = "it must be an object by name") =>
  hinted(
    v.custom<T>((x) => typeof x === "object" && x !== null && !Array.isArray(x), message),
    () => ({ type: "object" }),
  );

/**
 * A value for each name. Any text is a name, also `__proto__` and `constructor`, which valibot's
 * own records leave out: the names come as an object without a prototype. The issue is that of the
 * first value that has one, with its name in the path.
 *
 * @param name what each name must be; default: anything
 */
export function byName<T extends v.GenericSchema>(
  value: T,
  name?: v.GenericSchema<string>,
): v.GenericSchema<
  Readonly<Record<string, v.InferInput<T>>>,
  Readonly<Record<string, v.InferOutput<T>>>
> {
  type Values = Readonly<Record<string, v.InferOutput<T>>>;
  const whole = anyObject<Values>();
  const schema: v.GenericSchema<Values, Values> = {
    ...whole,
    "~run"(dataset, config): v.OutputDataset<Values, v.BaseIssue<unknown>> {
      const checked = whole["~run"](dataset, config);
      if (!checked.typed) return checked;
      const input: Readonly<Record<string, unknown>> = checked.value;
      const values = byNames<v.InferOutput<T>>();
      for (const [key, each] of Object.entries(input)) {
        const ofName = name?.["~run"]({ value: key }, config).issues;
        const result = value["~run"]({ value: each }, config);
        const [issue] = ofName ?? result.issues ?? [];
        if (issue !== undefined) {
          const at = { type: "object", origin: "value", input, key, value: each } as const;
          const path: [v.IssuePathItem, ...v.IssuePathItem[]] = [at, ...(issue.path ?? [])];
          const issues: [v.BaseIssue<unknown>] = [{ ...issue, path }];
          // Within a union, a part of the right type is told apart from one of another type.
          return result.typed
            ? { typed: true, value: values, issues }
            : { typed: false, value: values, issues };
        }
        values[key] = result.value;
      }
      return { typed: true, value: values };
    },
  };
  return hinted(schema, (convert) => ({
    type: "object",
    additionalProperties: convert(value),
    ...(name === undefined ? {} : { propertyNames: convert(name) }),
  }));
}

/** Options, or an option that is an object of named parts: an unknown name is refused. */
export const anObject = <const T extends v.ObjectEntries>(entries: T) =>
  v.pipe(
    anyObject<v.InferInput<v.StrictObjectSchema<T, undefined>>>("it must be an object of options"),
    v.strictObject(entries, ({ input }) => suggest(String(input), Object.keys(entries), "options")),
  );

/**
 * A part of a file, whose keys are checked. Others that a newer version may have added are let
 * through.
 */
export const aPart = <const T extends v.ObjectEntries>(entries: T) =>
  v.pipe(
    anyObject<v.InferInput<v.LooseObjectSchema<T, undefined>>>(),
    v.looseObject(entries, "it must be an object by name"),
  );

/** What the inputs of a law are divided by: params, tokens and others. */
export const INPUT_UNITS = v.pipe(
  byName(aPositive, aName),
  v.check(
    (units) => Object.hasOwn(units, "params") && Object.hasOwn(units, "tokens"),
    "it must have params and tokens",
  ),
);

/** What a schema makes of a value, or the first thing that is wrong with it. */
export function checkValue<T extends v.GenericSchema>(
  schema: T,
  value: unknown,
): { readonly output: v.InferOutput<T> } | { readonly issue: v.BaseIssue<unknown> } {
  const checked = v.safeParse(schema, value, { abortEarly: true });
  return checked.success ? { output: checked.output } : { issue: checked.issues[0] };
}

/**
 * The options with their defaults. An option that is undefined counts as left out.
 *
 * @param verb who is asked, for messages: "fit"
 * @throws InputError for an unknown option, with the name that may be meant, and a wrong value.
 * @example readOptions("fit", anObject({ seed: v.optional(aSeed, 1) }), {}) // { seed: 1 }
 */
export function readOptions<T extends v.GenericSchema<unknown, object>>(
  verb: string,
  schema: T,
  options: unknown,
): Given<v.InferOutput<T>> {
  const checked = checkValue(schema, options);
  if ("output" in checked) return given(checked.output) as Given<v.InferOutput<T>>;
  const { issue } = checked;
  const path = pathOf(issue).join(".");
  throw new InputError(describeIssue(issue, verb, option), path === "" ? {} : { option: path });
}

/**
 * What a schema found, as a sentence: what is wrong is named, with what it is and must be.
 *
 * @param owner who has the parts that the schema describes: "fit", "the constraints file"
 * @param named how a part is written: "‘delta’"
 * @param part what a part is called
 */
export function describeIssue(
  issue: v.BaseIssue<unknown>,
  owner: string,
  named: (path: string) => string,
  part = "option",
): string {
  const path = pathOf(issue);
  const message = printable(issue.message);
  if (path.length === 0) return `${owner}: ${message}.`;
  if (!isKey(issue))
    return `${named(path.join("."))} is ${shown(issue.path?.at(-1)?.value)}; ${message}.`;
  const parent = path.slice(0, -1).join(".");
  const whose = parent === "" ? owner : named(parent);
  const name = path.at(-1) ?? "";
  const isOption = issue.type === "strict_object";
  return issue.expected === "never"
    ? `${whose} has no ${part} "${name}"; ${message}`
    : `${whose} needs ${isOption ? `the ${part} ` : ""}"${name}".`;
}

/** Longer values, and names in paths, are cut in messages. */
const LONGEST = 100;

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** The keys on the way to what is wrong. Names from outside are among them. */
const pathOf = ({ path }: v.BaseIssue<unknown>): string[] =>
  path?.map(({ key }) => cut(printable(String(key)))) ?? [];

/** Whether a key is the problem, and not what is at it. */
const isKey = ({ path }: v.BaseIssue<unknown>): boolean => path?.at(-1)?.origin === "key";

/** A value in a message. */
function shown(value: unknown): string {
  if (value === undefined) return "missing"; // such as the second of two ends
  if (typeof value === "number") return String(value); // NaN has no JSON
  try {
    return cut(printable(JSON.stringify(value) ?? typeof value));
  } catch {
    return "a value without JSON"; // such as an object that contains itself
  }
}
