/** Runs in groups by their size N, each with a color: the stronger, the larger. */
import { compact } from "../../base/format-number.ts";
import type { Key, Mark } from "../kit/legend.ts";
import { orderedColor } from "../kit/palette.ts";

/** Sizes that are drawn alike. */
export interface SizeGroup {
  readonly least: number;
  readonly most: number;
  readonly color: string;
}

/** More groups than this cannot be told apart by color. */
const MOST = 8;

/**
 * Groups of sizes, ascending: one for each size, or for sizes near each other where there are more
 * than eight.
 */
export function sizeGroups(sizes: Iterable<number>): SizeGroup[] {
  const distinct = [...new Set(sizes)].sort((a, b) => a - b);
  const count = Math.min(MOST, distinct.length);
  return Array.from({ length: count }, (_, g) => {
    const from = Math.floor((g * distinct.length) / count);
    const to = Math.floor(((g + 1) * distinct.length) / count);
    const members = distinct.slice(from, to);
    return {
      least: members[0] ?? NaN,
      most: members.at(-1) ?? NaN,
      color: orderedColor(count === 1 ? 1 : g / (count - 1)),
    };
  });
}

/** What the colors of sizes stand for. */
export const sizeKeys = (groups: readonly SizeGroup[], mark: Mark): Key[] =>
  groups.map(({ least, most, color }) => ({
    label: `N ${compact(least)}${least === most ? "" : ` … ${compact(most)}`}`,
    color,
    mark,
  }));

/** Whether a size belongs to a group. */
export const isIn = ({ least, most }: SizeGroup, size: number): boolean =>
  size >= least && size <= most;
