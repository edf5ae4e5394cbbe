/** Numbers and names by domain or target: "web=0.5,code=0.5", or a file of them. */
import { isTable } from "../../data/table/formats.ts";
import { toNumber } from "../../data/table/cells.ts";
import { either } from "../../base/kinds.ts";
import { byNames } from "../../base/objects.ts";
import { suggest } from "../../base/wording.ts";
import { type FitFile, InputError, readTable } from "../../node.ts";
import { targetsIn } from "../../mixture/problem/choose-fits.ts";
import { parseYaml } from "../../options/parse-file.ts";
import { type DataPaths, DOMAIN } from "../../mixture/formats/paths.ts";
import { readPairs } from "../../syntax/names.ts";
import { toCount } from "./counts.ts";
import { repeated } from "./values.ts";
import { readText } from "../io/read-text.ts";

/** The names that a fit file gives: flags may use them whatever signs they hold. */
export interface KnownNames {
  readonly domains: readonly string[];
  readonly targets: readonly string[];
}

/** The names of a fit file. */
export const namesOf = (file: FitFile): KnownNames => ({
  domains: [...(file.data.phases?.domains ?? []), ...file.data.domains],
  targets: targetsIn(file),
});

/** "a=x,b=y" by name, of all texts of a flag. Known names may hold any sign, others in quotes. */
export const pairs = (
  flag: string,
  texts: readonly string[],
  known: readonly string[],
  example: string,
): Record<string, string> =>
  named(flag, texts, known, example, (value) => (value === "" ? undefined : value));

/** "loss_code=2,loss_web=1" as numbers, of all texts of a flag. */
export const weighted = (
  flag: string,
  texts: readonly string[],
  known: readonly string[],
  example: string,
): Record<string, number> => named(flag, texts, known, example, toNumber);

function named<T>(
  flag: string,
  texts: readonly string[],
  known: readonly string[],
  example: string,
  value: (text: string) => T | undefined,
): Record<string, T> {
  const empty = texts.find((text) => text.replaceAll(",", "").trim() === "");
  if (empty !== undefined) throw new InputError(`${flag} is empty; write it like ${example}`);
  return readPairs(texts, {
    where: flag,
    known: new Set(known),
    value,
    wrong(piece) {
      const at = piece.lastIndexOf("=");
      const [name, text] = [piece.slice(0, at).trim(), piece.slice(at + 1).trim()];
      return new InputError(
        at < 0 || name === "" || text === ""
          ? `${flag}: ${JSON.stringify(piece)} is no NAME=VALUE; write it like ${example}`
          : `${flag}: ${name} is ${JSON.stringify(text)}, which is no number; write it like ${example}`,
      );
    },
  });
}

/**
 * A mixture by name: "uniform", "web=0.5,code=50%", or a file: an optimum, a YAML or JSON map of
 * domains to shares, or a table with the columns domain and weight, or domain and tokens: their
 * shares. Undefined for uniform, which is the default. Whether the names and the sum are right is
 * for the library to say.
 */
export async function mixtureOf(
  text: string,
  domains: readonly string[],
  flag = "--reference",
): Promise<Record<string, number> | undefined> {
  if (text.trim() === "uniform") return undefined;
  const example = "web=0.5,code=50%, uniform, or a file";
  const { column, entries } = await entriesOf(flag, text, domains, ["weight", "tokens"], example);
  if (column === "weight") return values(flag, "share", entries, toNumber);
  const tokens = values(flag, "tokens", entries, toNumber);
  const all = Object.values(tokens).reduce((sum, count) => sum + count, 0);
  if (!(all > 0) || Object.values(tokens).some((count) => count < 0))
    throw new InputError(
      `${flag} ${text}: the tokens of each domain must be at least 0, and not all of them 0`,
      { file: text },
    );
  return byNames(Object.entries(tokens).map(([domain, count]) => [domain, count / all]));
}

/**
 * `--available`: unique tokens by domain, "web=1.2T,code=300B" or a file, as for a mixture but with
 * the column tokens.
 */
export async function tokensOf(
  text: string,
  domains: readonly string[],
): Promise<Record<string, number>> {
  const flag = "--available";
  const { entries } = await entriesOf(
    flag,
    text,
    domains,
    ["tokens"],
    "web=1.2T,code=300B, or a file",
  );
  return values(flag, "tokens", entries, (value) => (/^0+$/.test(value) ? 0 : toCount(value)));
}

function values(
  flag: string,
  what: string,
  entries: Readonly<Record<string, unknown>>,
  read: (text: string) => number | undefined,
): Record<string, number> {
  return byNames(
    Object.entries(entries).map(([name, value]) => {
      const number =
        typeof value === "number"
          ? value
          : typeof value === "string"
            ? read(value.trim())
            : undefined;
      if (number === undefined)
        throw new InputError(
          `${flag}: ${name} has the ${what} ${JSON.stringify(value)}, which is no number`,
        );
      return [name, number];
    }),
  );
}

/**
 * Names with whatever stands there, and what it is: the name of a table's column, else the usual
 * one.
 */
interface Entries {
  readonly column: string;
  readonly entries: Readonly<Record<string, unknown>>;
}

/** The entries of a list or a file; `wanted` are the columns that a table may have. */
async function entriesOf(
  flag: string,
  text: string,
  domains: readonly string[],
  wanted: readonly [string, ...string[]],
  example: string,
): Promise<Entries> {
  const [usual] = wanted;
  if (text.includes("=")) return { column: usual, entries: pairs(flag, [text], domains, example) };
  const wrong = (problem: string): InputError =>
    new InputError(
      `${flag} ${text}: ${problem}; it can be a YAML or JSON map by domain, or a table with the columns domain and ${either(wanted)}`,
      { file: text },
    );
  if (!isTable(text)) return { column: usual, entries: mapOf(await readText(text), text, wrong) };
  const { columns } = await readTable(text);
  const column = wanted.find((name) => columns.has(name)) ?? usual;
  const [keys, numbers] = [columns.get("domain")?.cells, columns.get(column)?.cells];
  if (keys === undefined || numbers === undefined)
    throw wrong(`has no columns domain and ${either(wanted)}`);
  const rows = keys.map((domain, row) => [String(domain), numbers[row]] as const);
  const seen = new Set<string>();
  const twice = rows.find(([domain]) => seen.size === seen.add(domain).size);
  if (twice !== undefined) throw wrong(`has "${twice[0]}" twice`);
  return { column, entries: byNames(rows) };
}

/** A map in YAML, of which JSON is a part; of an optimum its weights. */
function mapOf(
  text: string,
  source: string,
  wrong: (problem: string) => InputError,
): Record<string, unknown> {
  const value = parseYaml(text, { source, remedy: "it can be a YAML or JSON map by domain" });
  const isMap = (x: unknown): x is object =>
    typeof x === "object" && x !== null && !Array.isArray(x);
  if (!isMap(value)) throw wrong("is no map of names to values");
  const map = Object.hasOwn(value, "weights") && "weights" in value ? value.weights : value;
  return byNames(Object.entries(isMap(map) ? map : value));
}

/** What a path may be: a text without signs that nobody sees, and without spaces around it. */
const isPath = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value.trim() === value && !/\p{C}/u.test(value);

/**
 * `--paths`: a pattern such as "/data/{domain}", names, or a file: a YAML or JSON map of domains to
 * a path or several, or a table with the columns domain and path. Whether the format can carry them
 * is for the library to say.
 */
export async function pathsOf(text: string, domains: readonly string[]): Promise<DataPaths> {
  const flag = "--paths";
  const example = `/data/${DOMAIN}, web=/data/web,code=/data/code, or a file`;
  if (text.includes(DOMAIN)) {
    if (isPath(text)) return text;
    throw new InputError(`${flag} ${JSON.stringify(text)} is no path; write it like ${example}`);
  }
  const { entries } = await entriesOf(flag, text, domains, ["path"], example);
  return byNames(
    Object.entries(entries).map(([name, value]) => {
      if (!domains.includes(name))
        throw new InputError(
          `${flag}: there is no domain "${name}"; ${suggest(name, domains, "domains")}`,
        );
      const paths: unknown[] = Array.isArray(value) ? value : [value];
      if (paths.length === 0 || !paths.every(isPath))
        throw new InputError(
          `${flag} ${text}: the path of ${name} is ${JSON.stringify(value)}; write it like ${example}`,
          { file: text },
        );
      return [name, paths];
    }),
  );
}

/** A number, a column, or "rest", by phase. */
export type PhaseParts = Readonly<Record<string, number | string>>;

/** "main=0.8,anneal=rest" or "main=main_fraction,anneal=rest"; several flags go together. */
export const phaseParts = repeated<PhaseParts>((text, before = {}) => {
  const parts = text.split(",").map((piece): readonly [string, number | string] => {
    const at = piece.lastIndexOf("=");
    const [name, part] = [piece.slice(0, at).trim(), piece.slice(at + 1).trim()];
    if (at > 0 && name !== "" && part !== "") return [name, toNumber(part) ?? part];
    throw new InputError(
      `--phases is ${JSON.stringify(text)}; write it PHASE=PART, such as main=0.8,anneal=rest`,
    );
  });
  return byNames([...Object.entries(before), ...parts]);
});
