/**
 * How many single-character edits (insert, delete, replace, swap of neighbours) lead from `a` to
 * `b`.
 *
 * @example editDistance("splti", "split") // 1
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2] + 1);
      row.push(best);
    }
    before = above;
    above = row;
  }
  return above[b.length];
}

// Case is free, and a name inside the other ("tokens" in "n_tokens") counts as near however long
// the rest is.
function score(name: string, candidate: string): number {
  const a = name.toLowerCase();
  const b = candidate.toLowerCase();
  const inside = Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));
  const distance = editDistance(a, b);
  return inside ? Math.min(distance, 1 + distance / 100) : distance;
}

/** The names, nearest to `name` first; equally near ones keep their order. */
export function nearFirst(name: string, candidates: Iterable<string>): string[] {
  return [...candidates]
    .map((candidate) => ({ candidate, distance: score(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .map((entry) => entry.candidate);
}

/**
 * The candidate that `name` was probably meant to be, or `undefined` when none is near (a third of
 * its letters differ, or more).
 *
 * @example nearest("splt", ["split", "seed"]) // "split"
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const [best] = nearFirst(name, candidates);
  return best !== undefined && score(name, best) <= Math.max(1, Math.floor(name.length / 3))
    ? best
    : undefined;
}

/** `a, b, c and 5 more`: at most `limit` names. */
export function shorten(names: readonly string[], limit = 8): string {
  if (names.length <= limit) return names.join(", ");
  return `${names.slice(0, limit).join(", ")} and ${names.length - limit} more`;
}

/**
 * The sentence that every unknown-name error ends with.
 *
 * @example suggest("splt", ["split", "seed"], "columns") // `did you mean "split"?`
 * @example suggest("xyz", ["split", "seed"], "columns") // "the columns are: split, seed"
 */
export function suggest(name: string, candidates: readonly string[], what: string): string {
  const near = nearest(name, candidates);
  return near === undefined
    ? `the ${what} are: ${shorten(nearFirst(name, candidates))}`
    : `did you mean "${near}"?`;
}

/** The noun in the number that fits: "row" for 1, "rows" for 0, 2, 3, … */
export const plural = (n: number, noun: string): string => (n === 1 ? noun : `${noun}s`);

/** A number of things. @example count(3, "row") // "3 rows" */
export const count = (n: number, noun: string): string => `${n} ${plural(n, noun)}`;
