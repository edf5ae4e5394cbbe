/** Which rows are equal: groups of rows, found by hashing numbers and not texts of them. */

/** Numbers of rows: `width` for each, one row after the other. NaN equals NaN, and 0 equals −0. */
export interface RowValues {
  readonly values: Float64Array;
  readonly width: number;
}

/** Rows in groups of equal ones, numbered in the order of first appearance. */
export interface EqualRows {
  /** How many groups. */
  readonly count: number;
  readonly groupOf: Int32Array;
  /** The first row of each group. */
  readonly first: Int32Array;
}

/** The first row that equals a row: itself, where no earlier one does. */
export const firstAlike = ({ groupOf, first }: EqualRows, row: number): number =>
  first[groupOf[row]];

/**
 * The rows of each group in order, one group after the other: those of group g are
 * `order[start[g]]` up to `order[start[g + 1]]`.
 */
export function rowsByGroup({ count, groupOf }: Pick<EqualRows, "count" | "groupOf">): {
  readonly start: Int32Array;
  readonly order: Int32Array;
} {
  const start = new Int32Array(count + 1);
  for (const group of groupOf) start[group + 1]++;
  for (let group = 0; group < count; group++) start[group + 1] += start[group];
  const next = start.slice();
  const order = new Int32Array(groupOf.length);
  for (const [row, group] of groupOf.entries()) order[next[group]++] = row;
  return { start, order };
}

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/**
 * The groups of `rows` rows that are equal in all columns.
 *
 * @example equalRows(3, [{ values: Float64Array.of(1, 2, 1), width: 1 }]).groupOf // 0, 1, 0
 */
export function equalRows(rows: number, columns: readonly RowValues[]): EqualRows {
  const groupOf = new Int32Array(rows);
  const first = new Int32Array(rows);
  // Open addressing: the place of a row's hash, or the next that is free, has its group + 1.
  const places = new Int32Array(2 ** Math.ceil(Math.log2(2 * rows + 2)));
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let place = hashOf(columns, row) & (places.length - 1);
    let group = places[place] - 1;
    while (group >= 0 && !areEqual(columns, row, first[group])) {
      place = (place + 1) & (places.length - 1);
      group = places[place] - 1;
    }
    if (group < 0) {
      group = count++;
      places[place] = group + 1;
      first[group] = row;
    }
    groupOf[row] = group;
  }
  return { count, groupOf, first: first.slice(0, count) };
}

/** As MurmurHash3 mixes words (A. Appleby, public domain). */
function hashOf(columns: readonly RowValues[], row: number): number {
  let hash = 0;
  for (const { values, width } of columns) {
    for (let at = row * width; at < (row + 1) * width; at++) {
      // Adding 0 makes 0 of −0; all that is no number is the same one.
      number[0] = values[at] + 0;
      hash = mixed(hash, Number.isNaN(number[0]) ? 0 : words[0]);
      hash = mixed(hash, Number.isNaN(number[0]) ? 1 : words[1]);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function mixed(hash: number, word: number): number {
  const first = Math.imul(word, 0xcc9e2d51);
  const turned = Math.imul((first << 15) | (first >>> 17), 0x1b873593) ^ hash;
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

function areEqual(columns: readonly RowValues[], a: number, b: number): boolean {
  for (const { values, width } of columns) {
    for (let i = 0; i < width; i++) {
      const [x, y] = [values[a * width + i], values[b * width + i]];
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
    }
  }
  return true;
}
