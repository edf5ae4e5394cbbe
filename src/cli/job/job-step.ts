/** One command of a job: its words, from the sections that say how it is run. */
import { join } from "node:path";
import { fileWord } from "../../words/command-line.ts";
import { besideOf } from "../io/save.ts";
import {
  FILES_BESIDE,
  GENERAL,
  INHERITED,
  type JobFile,
  KEYS,
  type Section,
  SHARED,
} from "./job-schema.ts";
import type { FlagValue } from "./flag-keys.ts";
import type { JobVerb } from "./job-commands.ts";

/** One command of a job. */
export interface JobStep {
  /** "fit", "optimize small": how messages name it. */
  readonly name: string;
  readonly verb: JobVerb;
  /** The words of its command line, after the program's name. */
  readonly words: readonly string[];
  /** Names of the steps that it cannot do without. */
  readonly needs: readonly string[];
  /** Words that name results of other steps, by the step: they are left out where it has failed. */
  readonly wanted: Readonly<Record<string, string>>;
  /** Files that it writes to the folder, that of --out first. */
  readonly outputs: readonly string[];
  /** Steps whose files it changes. */
  readonly changes: readonly string[];
  /** Whether only its file is of use, and not what it prints. */
  readonly isQuiet: boolean;
  /** The path in the job file of a flag. */
  readonly pathOf: (flag: string) => string;
}

/** A value of a flag, and the section that gives it. */
interface Given {
  readonly value: FlagValue;
  readonly path: string;
}

/** Values of flags by key, in sections of which later ones go before earlier ones. */
function collect(
  sections: readonly (readonly [path: string, section: Section])[],
): Map<string, Given> {
  const all = new Map<string, Given>();
  for (const [path, section] of sections)
    for (const [name, value] of Object.entries(section)) {
      if (value === undefined) continue;
      all.set(name, { value: value as FlagValue, path: path === "" ? name : `${path}.${name}` });
    }
  return all;
}

/** The keys of a section that are kept. */
export const only = (section: Section, isKept: (name: string) => boolean): Section =>
  Object.fromEntries(Object.entries(section).filter(([name]) => isKept(name)));

/** The sections that say how a command is run, and then its own. */
function sectionsFor(job: JobFile, verb: JobVerb, path: string, own: Section): [string, Section][] {
  const keys = KEYS[verb];
  const general = only(job, (name) => name in GENERAL && name in keys);
  const isShared = verb === "fit" || verb === "validate";
  const shared: [string, Section][] = isShared
    ? [
        ["data", only(job.data ?? {}, (name) => name !== "tables" && name in keys)],
        ["laws", job.laws ?? {}],
      ]
    : [];
  const inherited: [string, Section][] =
    verb === "validate"
      ? [["fit", only(job.fit ?? {}, (name) => INHERITED.includes(keys[name]?.group ?? ""))]]
      : [];
  return [["", general], ...shared, ...inherited, [path, own]];
}

/** What a plan is made from. */
export interface Setting {
  readonly job: JobFile;
  /** The folder of results, as commands name it. */
  readonly folder: string;
  /** The name of the fit file in it. */
  readonly fitName: string;
}

/** The fit file, as commands name it. */
export const fitFile = ({ folder, fitName }: Setting): string => join(folder, fitName);

/** What makes a step. */
export interface StepRequest {
  readonly name: string;
  readonly verb: JobVerb;
  /** Where its section is: "optimize.0". */
  readonly path: string;
  readonly section: Section;
  readonly files: readonly string[];
  /** Of the file that --out names, in the folder. */
  readonly out: string;
  /** The folder of records, where it has some. */
  readonly records?: string;
  readonly needs?: readonly string[];
  readonly wanted?: Readonly<Record<string, string>>;
  readonly changes?: readonly string[];
  readonly isQuiet?: boolean;
}

/** The flags of a section as words, in the order in which help lists them. */
function flagWords(verb: JobVerb, values: ReadonlyMap<string, Given>): string[] {
  return Object.entries(KEYS[verb]).flatMap(([name, key]) => {
    const given = values.get(name);
    return given === undefined ? [] : key.words(given.value);
  });
}

/** The step of a request. */
export function stepOf({ job, folder }: Setting, request: StepRequest): JobStep {
  const { name, verb, path, section, files, records } = request;
  const out = typeof section["out"] === "string" ? section["out"] : request.out;
  const values = collect(sectionsFor(job, verb, path, section));
  const resume: Given | undefined =
    values.get("resume") ??
    (records === undefined ? undefined : { value: join(folder, "records", records), path: "" });
  if (resume !== undefined) values.set("resume", resume);
  const named = FILES_BESIDE.flatMap((key) => {
    const given = values.get(key);
    if (given === undefined) return [];
    values.set(key, { ...given, value: join(folder, given.value as string) });
    return [given.value as string];
  });
  values.set("out", { value: join(folder, out), path: `${path}.out` });
  const beside = ["curve", "candidates"]
    .filter((flag) => values.has(flag))
    .flatMap((flag) => besideOf(out, flag) ?? []);
  const isIn = (part: "data" | "laws", flag: string): boolean =>
    (verb === "fit" || verb === "validate") && flag in SHARED[part];
  return {
    name,
    verb,
    words: [verb, ...files.map(fileWord), ...flagWords(verb, values)],
    needs: request.needs ?? [],
    wanted: request.wanted ?? {},
    outputs: [out, ...beside, ...named],
    changes: request.changes ?? [],
    isQuiet: request.isQuiet ?? false,
    pathOf: (flag) =>
      values.get(flag)?.path ??
      (isIn("data", flag)
        ? `data.${flag}`
        : isIn("laws", flag)
          ? `laws.${flag}`
          : `${path}.${flag}`),
  };
}
