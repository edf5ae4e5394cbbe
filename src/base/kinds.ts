/** Kinds of something: a table from which the type, the check, the help and messages follow. */

/** By name, each kind in a few words for people; "" where its name says it. */
export type Kinds<K extends string> = Readonly<Record<K, string>>;

/** The names, in the order of the table. */
export const namesOf = <K extends string>(kinds: Kinds<K>): K[] => Object.keys(kinds) as K[];

/** @example either(["a", "b", "c"]) // "a, b or c" */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

/**
 * All kinds, as help lists them.
 *
 * @example inWords({ raw: "predicted - observed", log: "" }) // "raw (predicted - observed) or log"
 */
export const inWords = <K extends string>(kinds: Kinds<K>): string =>
  either(namesOf(kinds).map((name) => (kinds[name] === "" ? name : `${name} (${kinds[name]})`)));
