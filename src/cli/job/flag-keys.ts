/**
 * The keys of a job file that are flags. They are derived from the flags of the commands, so that a
 * new flag is a key: its name without the dashes.
 */
import { type Command, CommanderError, type Option } from "commander";
import * as v from "valibot";
import { InputError } from "../../base/errors.ts";
import { byNames } from "../../base/objects.ts";
import { aList, aSwitch, byName, oneOf } from "../../options/option-schema.ts";
import { withFlagNames } from "../../words/option-flags.ts";
import { exactly } from "../../words/command-line.ts";
import { quoted } from "../../syntax/names.ts";
import { choicesOf } from "../flags/values.ts";

/** A value in YAML that is one text of a flag. */
type Scalar = string | number;
/** Two ends of an interval; `null` is an open one. */
type Ends = readonly [number | null, number | null];
type ByName = Readonly<Record<string, Scalar | Ends>>;
/** What a key of a flag may hold. */
export type FlagValue = boolean | Scalar | ByName | readonly (Scalar | ByName)[];

/** A key of a job file, which is a flag of a command. */
export interface FlagKey {
  readonly name: string;
  readonly schema: v.GenericSchema<FlagValue, FlagValue>;
  /** What help says of the flag. */
  readonly about: string;
  /** The group of help that the flag is in. */
  readonly group: string;
  /** The words of the command line for a value that the schema has let through. */
  readonly words: (value: FlagValue) => string[];
}

/** Values NAME=VALUE: such flags may be maps. */
const PAIRS = /=|^(SHARES|MIX|WEIGHTS|TOKENS|UNITS|PATHS|FACTORS|SPEC|SCALE|POINT|PHASES)$/;
/** A map is one text: a point or a start, of which there may be several, or all phases. */
const TOGETHER = /^(POINT|PHASES)$|,…/;
/** Of these the names are domains and targets, which may hold any sign. */
const NAMED = /^(SHARES|MIX|WEIGHTS|TOKENS|PATHS|FACTORS|POINT)$/;

/** How help shows a flag's value: "NAME=X". */
const valueOf = ({ flags }: Option): string => /<(.*)>/.exec(flags)?.[1] ?? "";

const isSwitch = (option: Option): boolean => valueOf(option) === "";

const repeats = ({ parseArg }: Option): boolean => parseArg !== undefined && "repeats" in parseArg;

const aNumber = v.pipe(v.number("it must be a number or a text"), v.finite("it must be finite"));
const aScalar = v.union([v.string(), aNumber], "it must be a text or a number");
const anEnd = v.nullable(v.number());
const anInterval = v.strictTuple([anEnd, anEnd]);
const aMap = byName(
  v.union([v.string(), aNumber, anInterval], "it must be a text, a number or [low, high]"),
);

/** Texts of a flag. */
function textsOf(option: Option, value: FlagValue): string[] {
  if (Array.isArray(value))
    return (value as readonly (Scalar | ByName)[]).flatMap((each) => textsOf(option, each));
  if (typeof value === "object") return pairsIn(valueOf(option), value as ByName);
  return [typeof value === "number" ? exactly(value) : String(value)];
}

/** A flag for each entry of a map, or one of all where they belong together. */
function pairsIn(metavar: string, values: ByName): string[] {
  const end = (x: number | null): string => (x === null ? "" : exactly(x));
  const texts = Object.entries(values).map(([name, value]) => {
    const key = NAMED.test(metavar) && !/^[\w.*?-]+$/.test(name) ? quoted(name) : name;
    const text =
      typeof value === "object" ? `${end(value[0])}:${end(value[1])}` : typeof value === "number" ? exactly(value) : value; // prettier-ignore
    return `${key}=${text}`;
  });
  return TOGETHER.test(metavar) ? [texts.join(",")] : texts;
}

/** What is wrong with a value, as the flag's own parser says it; undefined where nothing is. */
function problemOf(option: Option, value: FlagValue): string | undefined {
  try {
    let before: unknown;
    for (const text of textsOf(option, value)) before = option.parseArg?.(text, before);
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError || error instanceof CommanderError)) throw error;
    const [sentence = ""] = withFlagNames(error.message).split("\n");
    return sentence.replace(/^--[\w-]+(?: is .*?;|:) /, "").replace(/\.$/, "");
  }
}

/** What a flag with a value takes. */
function schemaOf(option: Option): FlagKey["schema"] {
  const choices = choicesOf(option);
  if (choices !== undefined) return oneOf(choices);
  const hasPairs = PAIRS.test(valueOf(option));
  const forms = !repeats(option)
    ? [aScalar]
    : hasPairs
      ? [aScalar, aMap, aList(v.union([aScalar, aMap]))]
      : [aScalar, aList(aScalar)];
  const list = repeats(option) ? ", or a list of them" : "";
  const message = `it must be a text or a number${hasPairs ? ", or a map by name" : ""}${list}`;
  return v.pipe(
    v.union(forms, message) as FlagKey["schema"],
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? problemOf(option, dataset.value) : undefined;
      if (problem !== undefined) addIssue({ message: problem });
    }),
  );
}

/** The keys of a command's flags, by name. */
export function flagKeys(command: Command): Readonly<Record<string, FlagKey>> {
  const options = command.options.filter(({ long }) => long !== undefined && long !== "--help");
  const longs = new Set(options.map(({ long }) => long));
  return byNames(
    options.flatMap((option): [string, FlagKey][] => {
      const flag = option.long ?? "";
      const name = flag.replace(/^--/, "");
      const shared = { about: option.description, group: option.helpGroupHeading ?? "" };
      if (!isSwitch(option)) {
        const words = (value: FlagValue): string[] =>
          textsOf(option, value).flatMap((text) => [flag, text]);
        return [[name, { ...shared, name, schema: schemaOf(option), words }]];
      }
      const key = (own: string, on: string[], off: string[]): [string, FlagKey] => [
        own,
        { ...shared, name: own, schema: aSwitch, words: (is) => (is === true ? on : off) }, // prettier-ignore
      ];
      const opposite = `--no-${name}`;
      if (!option.negate) return [key(name, [flag], longs.has(opposite) ? [opposite] : [])];
      const positive = name.replace(/^no-/, "");
      const itself = key(name, [flag], []);
      return longs.has(`--${positive}`) ? [itself] : [itself, key(positive, [], [flag])];
    }),
  );
}
