/** Where two trees of plain values differ. */

/** A place where they do: the keys that lead to it, and the value in each. */
export interface Leaf {
  readonly path: readonly string[];
  readonly recorded: unknown;
  readonly repeated: unknown;
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/**
 * The leaves in which `recorded` differs from `repeated`. What only `repeated` has is left out at
 * the keys of objects: an older file has fewer keys. Lists are compared item by item, those of
 * another length as a whole.
 */
export function differingLeaves(
  recorded: unknown,
  repeated: unknown,
  path: readonly string[] = [],
): Leaf[] {
  if (Object.is(recorded, repeated)) return [];
  const areLists = Array.isArray(recorded) && Array.isArray(repeated);
  if (areLists ? recorded.length !== repeated.length : !areTrees(recorded, repeated))
    return [{ path, recorded, repeated }];
  const [a, b] = [recorded, repeated] as Readonly<Record<string, unknown>>[];
  return Object.keys(a ?? {}).flatMap((key) =>
    differingLeaves(a?.[key], Object.hasOwn(b ?? {}, key) ? b?.[key] : undefined, [...path, key]),
  );
}

const areTrees = (a: unknown, b: unknown): boolean =>
  isTree(a) && isTree(b) && Array.isArray(a) === Array.isArray(b);
