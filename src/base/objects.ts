/** Objects with fewer properties, and objects by name. */

/** The properties `T` that have a value: an undefined one is left out. */
export type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/**
 * The properties that are not undefined.
 *
 * @example given({ seed: 1, level: undefined }) // { seed: 1 }
 */
export const given = <T extends object>(values: T): Partial<Given<T>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Given<T>
  >;

/**
 * The named properties, of those that are not undefined.
 *
 * @example pick({ seed: 1, level: undefined, folds: 5 }, ["seed", "level"]) // { seed: 1 }
 */
export const pick = <T extends object, K extends keyof T>(
  from: T,
  keys: readonly K[],
): Pick<T, K> => given(Object.fromEntries(keys.map((key) => [key, from[key]]))) as Pick<T, K>;

/**
 * An object by names that users give. It has no prototype, so that `__proto__`, `constructor` and
 * `toString` are names like all others: there where they were given, and not there otherwise.
 *
 * @example byNames([["constructor", 0.2]])["toString"] // undefined
 */
export function byNames<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const named = Object.create(null) as Record<string, T>;
  for (const [name, value] of entries) named[name] = value;
  return named;
}
