/** The library's options as the command line writes them. */
import { ownOf } from "../base/known.ts";
import { respell } from "../base/option-text.ts";
import { CONSTRAINT_KINDS } from "../mixture/constraints/constraint-kinds.ts";
import { shellWord } from "./command-line.ts";

/** Options whose flag is not their name with hyphens. The constraints have a flag each. */
const FLAGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CONSTRAINT_KINDS.map(({ key, flag }) => [key, flag.name])),
  costs: "--cost",
  inputs: "--input",
  laws: "--law",
  ranges: "--range",
  records: "--resume",
  starts: "--start",
  "tokens.checkpoints": "--checkpoints",
  "tokens.perParam": "--tokens-per-param",
};

/**
 * The flag of an option, and which part of its value is meant.
 *
 * @example flagOf("noWorse.loss_web") // { flag: "--no-worse", part: "loss_web" }
 * @example flagOf("constraints.floors.web") // { flag: "--floor", part: "web" }
 */
export function flagOf(path: string): { readonly flag: string; readonly part: string } {
  const at = path.replace(/^constraints\./, "");
  const own = ownOf(FLAGS, at);
  if (own !== undefined) return { flag: own, part: "" };
  const [name = ""] = at.split(".");
  const hyphens = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { flag: ownOf(FLAGS, name) ?? `--${hyphens}`, part: at.slice(name.length + 1) };
}

/**
 * A message of the library with flags in place of options.
 *
 * @example withFlagNames("‘fix.alpha: 2’ is outside") // "--fix alpha=2 is outside"
 * @example withFlagNames("use ‘residual: raw’") // "use --residual raw"
 */
export const withFlagNames = (text: string): string =>
  respell(text, (path, value) => {
    const { flag, part } = flagOf(path);
    if (value !== undefined && part === "") return `${flag} ${shellWord(value)}`;
    const setting = [part, value].filter((side) => side !== undefined && side !== "").join("=");
    return setting === "" ? flag : `${flag} ${shellWord(setting)}`;
  });
