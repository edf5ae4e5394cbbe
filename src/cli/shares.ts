/** Numbers and names by domain or target: "web=0.5,code=0.5", or a file of them. */
import { basename } from "node:path";
import Papa from "papaparse";
import { parse } from "yaml";
import { toNumber } from "../data/cells.ts";
import { suggest } from "../data/names.ts";
import { InputError } from "../errors.ts";
import { readText } from "./schema.ts";
import { words } from "./values.ts";

/** "a=x,b=y" as pairs; a flag that is given several times adds to what it had. */
export const pairs =
  (flag: string, example: string) =>
  (text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> => {
    const all: Record<string, string> = { ...before };
    const parts = words(text);
    if (parts.length === 0) throw new InputError(`${flag} is empty; write it like ${example}`, { flag });
    for (const part of parts) {
      const at = part.indexOf("=");
      const [name, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      if (at < 0 || name === "" || value === "")
        throw new InputError(`${flag}: ${JSON.stringify(part)} is no NAME=VALUE; write it like ${example}`, { flag });
      if (Object.hasOwn(all, name)) throw new InputError(`${flag}: "${name}" is named twice`, { flag });
      all[name] = value;
    }
    return all;
  };

/** "loss_code=2,loss_web=1" as numbers. */
export const weighted =
  (flag: string, example: string) =>
  (text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> => {
    const found = Object.entries(pairs(flag, example)(text)).map(([name, value]) => [name, numberOf(name, value, flag, example)] as const);
    const twice = found.find(([name]) => Object.hasOwn(before, name));
    if (twice !== undefined) throw new InputError(`${flag}: "${twice[0]}" is named twice`, { flag });
    return { ...before, ...Object.fromEntries(found) };
  };

function numberOf(name: string, value: string, flag: string, example: string): number {
  const number = toNumber(value);
  if (number === undefined)
    throw new InputError(`${flag}: ${name} is ${JSON.stringify(value)}, which is no number; write it like ${example}`, { flag });
  return number;
}

const REFERENCE = "--reference";
const EXAMPLE = "web=0.5,code=0.5, uniform, or a file";

/**
 * A mixture by name: "uniform", "web=0.5,code=50%", or a file: an optimum, a YAML or JSON map of domains to shares, or CSV with the columns
 * domain and weight. Undefined for uniform, which is the default. Whether the names and the sum are right is for the library to say.
 */
export async function mixtureOf(text: string): Promise<Record<string, number> | undefined> {
  if (text.trim() === "uniform") return undefined;
  const named = text.includes("=") ? pairs(REFERENCE, EXAMPLE)(text) : await fromFile(text);
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, share(name, value)]));
}

/** 0.05 or 5%. */
function share(name: string, value: unknown): number {
  const text = typeof value === "string" ? value.trim() : value;
  const number =
    typeof text === "string" && text.endsWith("%")
      ? (toNumber(text.slice(0, -1)) ?? NaN) / 100
      : toNumber(typeof text === "number" || typeof text === "string" ? text : null);
  if (number === undefined || Number.isNaN(number))
    throw new InputError(`${REFERENCE}: the share of ${name} is ${JSON.stringify(value)}, which is no number`, { flag: REFERENCE });
  return number;
}

/** The entries of a file: names with whatever stands there. */
async function fromFile(path: string): Promise<Record<string, unknown>> {
  const text = await readText(path);
  const wrong = (problem: string): InputError =>
    new InputError(
      `${REFERENCE} ${path}: ${problem}; it can be an optimum, a YAML or JSON map of domains to shares, or CSV with the columns domain,weight`,
      {
        file: path,
        flag: REFERENCE,
      },
    );
  if (/\.(csv|tsv)$/i.test(basename(path))) {
    const { data } = Papa.parse<Record<string, string>>(text.trim(), { header: true, skipEmptyLines: true });
    return Object.fromEntries(
      data.map((row) => {
        const { domain, weight } = row;
        if (domain === undefined || weight === undefined) throw wrong("has no columns domain and weight");
        return [domain, weight];
      }),
    );
  }
  const value = readYaml(text, wrong);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("is no map of domains to shares");
  const inner = "weights" in value ? value.weights : value;
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) throw wrong("is no map of domains to shares");
  return { ...inner };
}

/** YAML, of which JSON is a part. */
function readYaml(text: string, wrong: (problem: string) => InputError): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw wrong(`is no YAML or JSON (${error instanceof Error ? error.message.split("\n")[0] : String(error)})`);
  }
}

/** `--paths`: names, or a YAML or JSON file of them. */
export async function pathsOf(text: string, domains: readonly string[]): Promise<Record<string, string>> {
  const flag = "--paths";
  const wrong = (problem: string): InputError =>
    new InputError(`${flag} ${text}: ${problem}; write it like web=/data/web,code=/data/code`, { flag });
  const value: unknown = text.includes("=") ? pairs(flag, "web=/data/web,code=/data/code")(text) : readYaml(await readText(text), wrong);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("is no map of domains to paths");
  for (const [name, path] of Object.entries(value)) {
    if (!domains.includes(name))
      throw new InputError(`${flag}: the fit has no domain "${name}"; ${suggest(name, domains, "domains")}`, { flag });
    if (typeof path !== "string" || path === "" || /\s/.test(path))
      throw wrong(`the path of ${name} is ${JSON.stringify(path)}; it must be one word`);
  }
  return { ...value } as Record<string, string>;
}
