/** What may stand at a place of a command line, by the commands' own tables of options. */
import type { Argument, Command, Option } from "commander";
import { choicesOf } from "../flags/values.ts";

/** A kind of value. */
export type ValueKind =
  | "files"
  | "folders"
  | "laws"
  | "adapters"
  | "columns"
  | "domains"
  | "targets"
  | "commands"
  | "nothing";

/** What stands at a place: one of some words, or values of a kind. */
export interface Place {
  readonly kind: ValueKind;
  /** The words that it may be, where they are few. */
  readonly words: readonly string[];
  /** Whether several of them may be given, with commas. */
  readonly isList: boolean;
  /** What goes before each: "NAME=" of a flag that takes NAME=COL. */
  readonly isAfterEquals: boolean;
}

/**
 * Kinds by the words in angle brackets: "--out <FILE>". Other words are numbers and expressions.
 */
const KINDS: Readonly<Record<string, ValueKind>> = {
  FILE: "files",
  FIT: "files",
  RUNS: "files",
  OPTIMUM: "files",
  POINTS: "files",
  JOB: "files",
  PLAN: "files",
  TABLE: "files",
  MIX: "files",
  PATHS: "files",
  TOKENS: "files",
  DIR: "folders",
  COL: "columns",
  COLS: "columns",
  "NAME=COL": "columns",
  SHARES: "domains",
  WEIGHTS: "targets",
  COMMAND: "commands",
};

const LISTS: readonly string[] = ["COLS", "LAWS", "NAMES", "SHARES", "WEIGHTS"];

/** What an option takes. */
export function placeOfOption(option: Option): Place {
  const [, name = ""] = /[<[]([^>\]]+?)(?:\.\.\.)?[>\]]/.exec(option.flags) ?? [];
  const kind = { "--law": "laws", "--adapter": "adapters" }[option.long ?? ""] ?? KINDS[name];
  return placeOf(option, name, kind as ValueKind | undefined);
}

/** What an argument of a command is. */
export const placeOfArgument = (command: Command, argument: Argument): Place => {
  const name = argument.name();
  return placeOf(argument, name, command.name() === "laws" ? "laws" : KINDS[name]);
};

function placeOf(from: Option | Argument, name: string, kind: ValueKind = "nothing"): Place {
  const isList = LISTS.includes(name);
  return { kind, words: choicesOf(from) ?? [], isList, isAfterEquals: name.startsWith("NAME=") };
}
