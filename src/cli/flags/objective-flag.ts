/** `--objective`: targets and their weights, by name, by `*`, or by families of a file. */
import { InputError } from "../../base/errors.ts";
import { byNames } from "../../base/objects.ts";
import { suggest } from "../../base/wording.ts";
import type { Objective } from "../../mixture/request/optimize-options.ts";
import { parseYaml } from "../../options/parse-file.ts";
import { matchesGlob } from "../../syntax/glob.ts";
import { quoted } from "../../syntax/names.ts";
import { readText } from "../io/read-text.ts";
import { type KnownNames, weighted } from "./shares.ts";

const FLAG = "--objective";
const EXAMPLE = "loss_code=2,loss_web=1";

/** "worst", or the weights that are given after it. */
export async function objectiveOf(texts: readonly string[], names: KnownNames): Promise<Objective> {
  const weights = texts.slice(texts.findLastIndex((text) => text.trim() === "worst") + 1);
  return weights.length === 0 ? "worst" : weightsOf(weights, names);
}

/**
 * Weights of targets. A name without a weight means 1, `*` means every target that it matches, and
 * a .yaml or .json file holds families of targets, whose members share the family's weight.
 */
export async function weightsOf(
  texts: readonly string[],
  { targets }: KnownNames,
): Promise<Record<string, number>> {
  const [first] = texts;
  if (texts.length === 1 && first !== undefined && /\.(ya?ml|json)$/i.test(first.trim()))
    return familiesIn(await readText(first.trim()), first.trim(), targets);
  const written = texts.map((text) => writtenOut(text, targets));
  return weighted(FLAG, written, targets, EXAMPLE);
}

const isGlob = (name: string, targets: readonly string[]): boolean =>
  /[*?]/.test(name) && !targets.includes(name);

/** The text with a weight for each target: as it is, where it gives weights to targets alone. */
function writtenOut(text: string, targets: readonly string[]): string {
  if (isWhole(text, targets)) return text;
  return text
    .split(",")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "")
    .flatMap((piece) => {
      const at = targets.includes(piece) ? -1 : piece.lastIndexOf("=");
      const [name, weight] =
        at < 0 ? [piece, "1"] : [piece.slice(0, at).trim(), piece.slice(at + 1)];
      return membersOf(name, targets).map((target) => `${quoted(target)}=${weight}`);
    })
    .join(",");
}

/** Whether a text is NAME=WEIGHT,… of targets. */
function isWhole(text: string, targets: readonly string[]): boolean {
  try {
    return Object.keys(weighted(FLAG, [text], targets, EXAMPLE)).every((name) => targets.includes(name)); // prettier-ignore
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The targets that a name or a glob means; throws InputError for none. */
function membersOf(name: string, targets: readonly string[], where = FLAG): readonly string[] {
  if (targets.includes(name)) return [name];
  const found = isGlob(name, targets) ? targets.filter((target) => matchesGlob(name, target)) : [];
  if (found.length > 0) return found;
  const problem = /[*?]/.test(name)
    ? `${name} matches no target of the fit`
    : `names "${name}", which is no target of the fit`;
  throw new InputError(`${where} ${problem}; ${suggest(name, targets, "targets")}`);
}

/** Families by name: a list of targets, or `weight` and `targets`; or a weight of a target. */
function familiesIn(
  text: string,
  source: string,
  targets: readonly string[],
): Record<string, number> {
  const where = `${FLAG} ${source}`;
  const remedy = "it can map families to lists of targets, or targets to weights";
  const wrong = (problem: string): InputError =>
    new InputError(`${where}: ${problem}; ${remedy}`, { file: source });
  const families = parseYaml(text, { source, remedy });
  if (typeof families !== "object" || families === null || Array.isArray(families))
    throw wrong("is no map");
  const weights = new Map<string, number>();
  for (const [name, family] of Object.entries(families as Record<string, unknown>)) {
    const { weight, list } = familyOf(name, family, wrong);
    const members = [...new Set(list.flatMap((each) => membersOf(each, targets, where)))];
    for (const target of members)
      weights.set(target, (weights.get(target) ?? 0) + weight / members.length);
  }
  if (weights.size === 0) throw wrong("names no target");
  return byNames([...weights]);
}

function familyOf(
  name: string,
  family: unknown,
  wrong: (problem: string) => InputError,
): { readonly weight: number; readonly list: readonly string[] } {
  if (typeof family === "number") return { weight: family, list: [name] };
  const { weight = 1, targets } = (
    Array.isArray(family) ? { targets: family } : typeof family === "object" ? (family ?? {}) : {}
  ) as { readonly weight?: unknown; readonly targets?: unknown };
  const isList = Array.isArray(targets) && targets.every((each) => typeof each === "string");
  if (!isList || targets.length === 0) throw wrong(`"${name}" has no list of targets`);
  if (typeof weight !== "number" || !(weight >= 0))
    throw wrong(
      `the weight of "${name}" is ${JSON.stringify(weight)}, which is no number from 0 on`,
    );
  return { weight, list: targets };
}
