/** What can stand where a command line ends. Nothing of the line or of a file is ever evaluated. */
import type { Command, Option } from "commander";
import { itemAt } from "../../base/known.ts";
import { type Place, placeOfArgument, placeOfOption, type ValueKind } from "./places.ts";

/** A word that can stand there. */
export interface Candidate {
  /** The whole word. */
  readonly word: string;
  /** What it means, in a few words; "" where it says so itself. */
  readonly about: string;
}

/** What can stand there: some words, or names of files or folders, which the shell knows best. */
export interface Completion {
  readonly kind: "words" | "files" | "folders";
  readonly words: readonly Candidate[];
  /** What stands before the name of a file in the same word: "--out=". */
  readonly before: string;
}

/** Where names come from that the command's tables do not have. */
export interface Names {
  /** Names of a kind, by the files that the command line names. */
  of(kind: ValueKind, files: readonly string[]): Promise<readonly Candidate[]>;
}

const NOTHING: Completion = { kind: "words", words: [], before: "" };

/**
 * What the last word of a command line can be.
 *
 * @param words the words after "mixlaw"; the last is the one that is being typed, "" where it has
 *   not begun
 * @example (await complete(program, ["fit", "--ba"], names)).words // --backend, --backtest
 */
export async function complete(
  program: Command,
  words: readonly string[],
  names: Names,
): Promise<Completion> {
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const [name = "", ...rest] = before;
  const commands = program.commands.map((each) => candidate(each.name(), each.summary()));
  if (name === "help") return rest.length === 0 ? matching(commands, last) : NOTHING;
  const command = program.commands.find((each) => each.name() === name);
  if (command === undefined) {
    if (before.length > 0) return NOTHING;
    const help = { word: "help", about: "show help for a command" };
    return matching([...commands, help, ...optionsOf(program)], last);
  }
  const dashes = rest.indexOf("--");
  const takesCommand = command.registeredArguments.some((each) => each.name() === "COMMAND");
  if (dashes >= 0 && takesCommand) {
    const inner = rest.slice(dashes + 1);
    return complete(program, [...(inner[0] === "mixlaw" ? inner.slice(1) : inner), last], names);
  }
  return completeIn(command, rest, last, names);
}

/** The same within a command. */
async function completeIn(
  command: Command,
  before: readonly string[],
  last: string,
  names: Names,
): Promise<Completion> {
  const { positional, awaiting } = readLine(command, before);
  const files = positional;
  if (awaiting !== undefined) return valuesAt(placeOfOption(awaiting), last, "", { files, names });
  const [flag = "", equals = ""] = /^(--[^=]+)(=)/.exec(last)?.slice(1) ?? [];
  if (equals !== "" && !before.includes("--")) {
    const option = optionNamed(command, flag);
    if (option?.required !== true) return NOTHING;
    return valuesAt(placeOfOption(option), last.slice(flag.length + 1), `${flag}=`, { files, names }); // prettier-ignore
  }
  if (last.startsWith("-") && !before.includes("--")) return matching(optionsOf(command), last);
  const known = command.registeredArguments;
  const argument = known[positional.length] ?? (known.at(-1)?.variadic === true ? known.at(-1) : undefined); // prettier-ignore
  if (argument === undefined) return NOTHING;
  return valuesAt(placeOfArgument(command, argument), last, "", { files, names });
}

/** The arguments before the end of a line, and the option whose value comes next. */
function readLine(
  command: Command,
  before: readonly string[],
): { readonly positional: readonly string[]; readonly awaiting: Option | undefined } {
  const positional: string[] = [];
  let awaiting: Option | undefined;
  let allPositional = false;
  for (const word of before) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (!allPositional && word === "--") allPositional = true;
    else if (!allPositional && word.startsWith("-") && word !== "-") {
      const option = optionNamed(command, word);
      awaiting = option?.required === true ? option : undefined;
    } else positional.push(word);
  }
  return { positional, awaiting };
}

const optionNamed = (command: Command, word: string): Option | undefined =>
  command.options.find(({ long, short }) => word === long || word === short);

/** Options by their long names. */
const optionsOf = (command: Command): Candidate[] => [
  ...command.options
    .filter(({ hidden }) => !hidden)
    .map(({ long, description }) => candidate(long ?? "", description)),
  candidate("--help", "show help"),
];

const candidate = (word: string, about: string): Candidate => ({ word, about: shortened(about) });

/** Values of a place. `lead` stands before them in the same word. */
async function valuesAt(
  { kind, words, isList, isAfterEquals }: Place,
  typed: string,
  lead: string,
  { files, names }: { readonly files: readonly string[]; readonly names: Names },
): Promise<Completion> {
  const fixed = words.map((word): Candidate => ({ word, about: "" }));
  if (kind === "files" || kind === "folders")
    return { ...matching(fixed, typed, lead), kind, before: lead };
  if (isAfterEquals && !typed.includes("=")) return NOTHING;
  const start = isAfterEquals ? typed.indexOf("=") + 1 : isList ? typed.lastIndexOf(",") + 1 : 0;
  const given = new Set(isList ? typed.slice(0, start).split(",") : []);
  const all = fixed.length > 0 ? fixed : await names.of(kind, files);
  const open = all.filter(({ word }) => !given.has(word));
  return matching(open, typed.slice(start), lead + typed.slice(0, start));
}

/** The candidates that go on from what is typed, with what stands before them. */
const matching = (all: readonly Candidate[], typed: string, before = ""): Completion => ({
  kind: "words",
  words: all
    .filter(({ word }) => word !== "" && word.startsWith(typed))
    .map(({ word, about }) => ({ word: before + word, about })),
  before: "",
});

/** The words of a line in bash up to its end, without quotes, and what the last stands in. */
export function wordsOfLine(line: string): {
  readonly words: readonly string[];
  readonly quote: string;
} {
  const words = [""];
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    const isEscape = sign === "\\" && quote !== "'";
    if (isEscape) words.push(`${words.pop() ?? ""}${line.charAt(++at)}`);
    else if (quote === "" && /\s/.test(sign)) {
      if (words.at(-1) !== "") words.push("");
    } else if (sign === quote) quote = "";
    else if (quote === "" && (sign === "'" || sign === '"')) quote = sign;
    else words.push(`${words.pop() ?? ""}${sign}`);
  }
  return { words, quote };
}

/** The first words of a description. */
const shortened = (about: string): string => itemAt(about.split(/[:;,(]/), 0).trim();
