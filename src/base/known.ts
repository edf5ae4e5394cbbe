/**
 * Items that are known to be there. Indexing a list or an object by name may give undefined; where
 * it cannot, these say so, and an item that is missing all the same is a bug and an error.
 */

/** The item at an index. @throws RangeError where there is none. */
export function itemAt<T>(list: ArrayLike<T>, index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`);
  return found;
}

/** The first item. @throws RangeError for an empty list. */
export const firstOf = <T>(list: ArrayLike<T>): T => itemAt(list, 0);

/** The last item. @throws RangeError for an empty list. */
export const lastOf = <T>(list: ArrayLike<T>): T => itemAt(list, list.length - 1);

/** The value of a name, where the object itself has it: a prototype's properties are no values. */
export const ownOf = <T>(
  values: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined =>
  values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;

/** The value of a name. @throws RangeError where the object has no such name. */
export function entryOf<T>(values: Readonly<Record<string, T>>, name: string): T {
  const found = ownOf(values, name);
  if (found === undefined) throw new RangeError(`nothing is called ${JSON.stringify(name)}`);
  return found;
}
