/** The flags of `mixlaw optimize` and `mixlaw design` that say which mixtures are allowed. */
import { type Command, Option } from "commander";
import {
  CONSTRAINT_KINDS,
  type ConstraintRequest,
} from "../../mixture/constraints/constraint-kinds.ts";
import type { ConstraintKind, TextReader } from "../../mixture/constraints/kinds/kind.ts";
import { parseConstraints, withFlags } from "../../mixture/constraints/read-constraints.ts";
import { readText } from "../io/read-text.ts";
import { refuseSecond } from "./one-file.ts";
import { type KnownNames, tokensOf, weighted } from "./shares.ts";
import { repeated, several } from "./values.ts";

/** What commander keeps of them: of each kind, its texts under the flag's camel-case name. */
export interface ConstraintFlags {
  readonly constraints?: string;
}

/** How kinds read the texts of their flags. */
export const readerOf = ({ domains, targets }: KnownNames): TextReader => ({
  domains,
  tokens: (text) => tokensOf(text, domains),
  numbers: (flag, texts, example) => weighted(flag, texts, targets, example),
});

/** The flag of a kind. */
export function constraintOption({ flag }: ConstraintKind): Option {
  const option = new Option(`${flag.name} ${flag.metavar}`, flag.help);
  // Commander takes "--no-…" for the denial of another flag.
  option.negate = false;
  const read = (text: string, before?: readonly string[]): readonly string[] => {
    const [first] = before ?? [];
    if (!flag.repeats && first !== undefined) refuseSecond(flag.name, first, text);
    flag.check?.(text);
    return flag.repeats ? several(text, before) : [text];
  };
  return option.argParser(flag.repeats ? repeated(read) : read);
}

/** The flags of all kinds, and the file that may hold constraints too. */
export function addConstraints(command: Command): void {
  command.optionsGroup("Constraints:");
  for (const kind of CONSTRAINT_KINDS) command.addOption(constraintOption(kind));
  command.option("--constraints <FILE>", "constraints in YAML or JSON; flags add to them");
}

/** The texts of a kind's flag; undefined where it is not given. */
export const textsOf = (kind: ConstraintKind, flags: object): readonly string[] | undefined =>
  (flags as Readonly<Record<string, readonly string[]>>)[constraintOption(kind).attributeName()];

/** All constraints, of the file and the flags; undefined when there are none. */
export async function constraintsOf(
  flags: ConstraintFlags,
  names: KnownNames,
): Promise<ConstraintRequest | undefined> {
  const file =
    flags.constraints === undefined
      ? {}
      : parseConstraints(await readText(flags.constraints), flags.constraints);
  const texts = CONSTRAINT_KINDS.flatMap((kind) => {
    const given = textsOf(kind, flags);
    return given === undefined ? [] : [[kind.key, given] as const];
  });
  const all = await withFlags(file, Object.fromEntries(texts), readerOf(names));
  const says = (value: unknown): boolean =>
    typeof value === "object" && value !== null
      ? Object.keys(value).length > 0
      : value !== undefined;
  return Object.values(all).some(says) ? all : undefined;
}
