/** Rows in groups by a variable, for medians. */
import { itemAt } from "../../../base/known.ts";

/**
 * Rows in order of a variable, in at most `count` groups of about equally many. Equal values stay
 * together, so that there are fewer groups where one value is frequent; few distinct values are a
 * group each. A group of fewer than `least` rows joins its neighbour.
 *
 * @example groupsOf(Float64Array.of(0, 0, 0, 5, 7), 2, 1) // [[0, 1, 2], [3, 4]]
 */
export function groupsOf(x: Float64Array, count: number, least: number): number[][] {
  const order = [...x.keys()].sort((a, b) => itemAt(x, a) - itemAt(x, b));
  const isFew = new Set(x).size <= count;
  const groups: number[][] = [];
  for (const [place, row] of order.entries()) {
    const last = groups.at(-1);
    const isTied = place > 0 && itemAt(x, row) === itemAt(x, itemAt(order, place - 1));
    const isFull =
      last !== undefined && last.length >= (isFew ? least : Math.max(least, order.length / count));
    if (last === undefined || (!isTied && isFull)) groups.push([row]);
    else last.push(row);
  }
  const [rest, before] = [groups.at(-1), groups.at(-2)];
  if (rest === undefined || before === undefined || rest.length >= least) return groups;
  return [...groups.slice(0, -2), [...before, ...rest]];
}
