/** What kind of file a value is, which version of it, and who wrote it: by what it says itself. */
import { VERSION } from "../base/version.ts";
import { printable } from "./printable.ts";

/** The longest name that messages quote. */
const LONGEST = 100;

/** What a file of any kind says of itself, fit to be printed. */
export interface FileNames {
  /** Its format and the format's version: "mixlaw/fit@2". */
  readonly schema: string | undefined;
  /** The version of mixlaw that wrote it. */
  readonly version: string | undefined;
}

/** @example namesIn(JSON.parse(text)) // { schema: "mixlaw/fit@2", version: "0.2.0" } */
export function namesIn(value: unknown): FileNames {
  const named = typeof value === "object" && value !== null ? value : {};
  const textAt = (key: string): string | undefined => {
    const text: unknown = (named as Readonly<Record<string, unknown>>)[key];
    return typeof text === "string" ? printable(text).slice(0, LONGEST) : undefined;
  };
  return { schema: textAt("schema"), version: textAt("version") };
}

/**
 * What is said of a file of the right kind in a version that is not read; undefined for a file of
 * another kind.
 *
 * @param kind "fit", for "mixlaw/fit@2"
 * @param read the schemas that are read
 */
export function otherVersion(
  value: unknown,
  kind: string,
  read: readonly (string | undefined)[],
): string | undefined {
  const { schema = "", version } = namesIn(value);
  const [, name, number] = /^mixlaw\/(\w+)@(\d+)$/.exec(schema) ?? [];
  if (name !== kind || number === undefined || read.includes(schema)) return undefined;
  const writer = version === undefined ? "" : `, written by mixlaw ${version}`;
  const article = /^[aeiou]/.test(kind) ? "an" : "a";
  return `is ${article} ${kind} file of another version (${schema}${writer}; this is mixlaw ${VERSION}, which reads ${read.join(" and ")}): use the mixlaw that wrote it, or a newer one`;
}
