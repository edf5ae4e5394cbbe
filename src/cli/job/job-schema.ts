/**
 * What a job file may hold. The keys of a section are the flags of its command; a few others name
 * files and parts.
 */
import * as v from "valibot";
import { InputError } from "../../base/errors.ts";
import { entryOf } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import { checkFile, parseYaml } from "../../options/parse-file.ts";
import { hinted } from "../../options/json-hints.ts";
import {
  anObject,
  aList,
  aName,
  aText,
  oneOf,
  oneOrList,
  aSwitch,
} from "../../options/option-schema.ts";
import { FORMATS } from "../print/optimum/format-optimum.ts";
import { type FlagKey, flagKeys, type FlagValue } from "./flag-keys.ts";
import { jobCommand, type JobVerb } from "./job-commands.ts";

type Keys = Readonly<Record<string, FlagKey>>;

/** The keys of each command's flags. */
export const KEYS: Readonly<Record<JobVerb, Keys>> = {
  fit: flagKeys(jobCommand("fit")),
  validate: flagKeys(jobCommand("validate")),
  optimize: flagKeys(jobCommand("optimize")),
  predict: flagKeys(jobCommand("predict")),
  report: flagKeys(jobCommand("report")),
};

const inGroup = (keys: Keys, group: string): Keys =>
  byNames(Object.entries(keys).filter(([, key]) => key.group === group));

const named = (keys: Keys, names: readonly string[]): Keys =>
  byNames(Object.entries(keys).filter(([name]) => names.includes(name)));

/** Flags that fit and validate have: sections of their own, which hold for both. */
export const SHARED = {
  data: inGroup(KEYS.fit, "Data:"),
  laws: inGroup(KEYS.fit, "Laws:"),
} as const satisfies Readonly<Record<string, Keys>>;

/** Flags that hold for all commands that have them. */
export const GENERAL = named(KEYS.fit, ["backend", "adapter", "threads", "deadline", "progress"]);

/** Groups of flags that validate takes from the section of fit. */
export const INHERITED: readonly string[] = ["Loss and parameters:", "Search:"];

/** The keys of a section that are flags, as entries of a schema. */
const entriesOf = (keys: Keys) =>
  byNames(
    Object.entries(keys).map(([name, { schema, about }]) => [
      name,
      v.pipe(v.optional(schema), v.description(about)),
    ]),
  ) as Record<string, v.GenericSchema<FlagValue | undefined, FlagValue | undefined>>;

/** A file of results: a name in the folder of the job. */
const aFileName = v.pipe(
  aName,
  v.regex(/^[^/\\]+$/, "it must be a name without a folder: all results go to one folder"),
  v.check(
    (name) => !RESERVED.includes(name) && !/^\.+$/.test(name),
    "it must be another name: the job's own files are called so",
  ),
);

/** Files and folders that every job writes. */
const RESERVED = ["job.yaml", "run.json", "commands.sh", "records"];

const files = oneOrList(aText, "it must be the name of a file, or a list of them");
const partName = v.pipe(
  aName,
  v.regex(/^[\w.+-]+$/, "a name of a part is letters, digits and _ . + -: files are called by it"),
);

/** Keys that name a file beside that of `out`: only the first command of a section writes it. */
export const FILES_BESIDE = ["trace", "register"];

/** A section: the flags of a command, and keys besides. */
const sectionOf = <T extends v.ObjectEntries>(keys: Keys, others: T) => {
  const entries = entriesOf(keys);
  const names = ["out", ...FILES_BESIDE].filter((name) => name in keys);
  const written = byNames(names.map((name) => [name, v.optional(aFileName)]));
  return anObject({ ...entries, ...written, ...others });
};

/** A section that may stand there empty. */
const empty = <T extends v.GenericSchema>(section: T) => v.optional(v.nullable(section));

const DATA = sectionOf(SHARED.data, { tables: v.optional(files) });
/** Formats beside the optimum: one, a list, or a map with the data paths of each. */
const aFormat = oneOf(FORMATS);
const formats = v.lazy((input): v.GenericSchema => {
  if (Array.isArray(input)) return formatList;
  return typeof input === "object" ? formatMap : aFormat;
});
const formatList = aList(aFormat);
const formatMap = anObject(
  byNames(
    FORMATS.map((name) => [name, v.optional(v.nullable(entryOf(KEYS.optimize, "paths").schema))]),
  ) as v.ObjectEntries,
);

const OPTIMIZE = sectionOf(KEYS.optimize, {
  name: v.optional(partName),
  format: v.optional(
    hinted(formats, (convert) => ({ anyOf: [aFormat, formatList, formatMap].map(convert) })),
  ),
});
const PREDICT = sectionOf(KEYS.predict, {
  name: v.optional(partName),
  points: v.optional(aText),
});

/** A job file. */
export const JOB = anObject({
  data: empty(DATA),
  laws: empty(sectionOf(SHARED.laws, {})),
  fit: empty(sectionOf(KEYS.fit, {})),
  validate: empty(sectionOf(KEYS.validate, { choose: v.optional(aSwitch) })),
  optimize: empty(oneOrList(OPTIMIZE, "it must be a map of flags, or a list of such maps", "jobParts")), // prettier-ignore
  predict: empty(oneOrList(PREDICT, "it must be a map of flags, or a list of such maps", "jobParts")), // prettier-ignore
  report: empty(sectionOf(KEYS.report, { optima: v.optional(aList(aText)) })),
  out: v.optional(aText),
  ...entriesOf(GENERAL),
});

/** The values of a section by key. */
export type Section = Readonly<Record<string, unknown>>;

/** A job file that was found to be one. */
export type JobFile = Readonly<
  Partial<Record<"data" | "laws" | "fit" | "validate" | "report", Section | null>> &
    Partial<Record<"optimize" | "predict", Section | readonly Section[] | null>> & { out?: string }
>;

/**
 * The job of a text in YAML or JSON, all of it checked.
 *
 * @throws InputError that names the file, the key, what is there and what must be.
 */
export function parseJob(text: string, source: string): JobFile {
  const words = { source, remedy: "docs/jobs.md has the keys", part: "key" };
  const value = parseYaml(text, words);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InputError(`${source} is no job: it must be a map of the sections data, laws, fit, validate, optimize, predict and report; ${words.remedy}`, { file: source }); // prettier-ignore
  return checkFile(JOB, value, "is no job", words) as JobFile;
}
