/** Where the data of domains are, as formats of trainers have it. */
import { ownOf } from "../../base/known.ts";

/** Data paths by domain, one or several; a pattern for all of them has {domain} in it. */
export type DataPaths = Readonly<Record<string, string | readonly string[]>> | string;

/** What stands for the name of a domain in a pattern. */
export const DOMAIN = "{domain}";

/** The paths of a domain; none where it has no path of its own. */
export function pathsIn(paths: DataPaths, domain: string): readonly string[] {
  if (typeof paths === "string") return [paths.replaceAll(DOMAIN, () => domain)];
  const own = ownOf(paths, domain) ?? [];
  return typeof own === "string" ? [own] : own;
}

/** What a shell takes as one word and as nothing else, and a program as no flag. */
const PLAIN_WORD = /^(?!-)[\p{L}\p{M}\p{N}_./:@%+,-]+$/u;

/** What is said of words that are none. */
export const NO_PLAIN_WORD =
  "is no plain word (letters, digits and _ . / : @ % + , -, which does not come first)";

/** Whether a shell takes a text as one word, and as nothing else. */
export const isPlainWord = (text: string): boolean => PLAIN_WORD.test(text);
