/** Objects with fewer properties. */

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
