/** Places of labels that would lie on each other. */
import { itemAt } from "../../base/known.ts";

/**
 * Places in the same order, at least `gap` apart and near where they are wanted, within an extent
 * where that has room for them all.
 *
 * @example spreadApart([0.5, 0.5], 0.1, [0, 1]) // [0.45, 0.55]
 */
export function spreadApart(
  wanted: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] {
  const order = [...wanted.keys()].toSorted((a, b) => itemAt(wanted, a) - itemAt(wanted, b));
  // Labels that touch form a block around the mean of their places.
  const blocks: { members: number[]; center: number }[] = [];
  const halfOf = ({ members }: { members: readonly number[] }): number =>
    (members.length * gap) / 2;
  for (const i of order) {
    let block = { members: [i], center: itemAt(wanted, i) };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.center + halfOf(last) <= block.center - halfOf(block)) break;
      const members = [...last.members, ...block.members];
      const mean = members.reduce((sum, m) => sum + itemAt(wanted, m), 0) / members.length;
      const half = halfOf({ members });
      block = { members, center: Math.max(low + half, Math.min(high - half, mean)) };
      blocks.pop();
    }
    const half = halfOf(block);
    blocks.push({ ...block, center: Math.max(low + half, Math.min(high - half, block.center)) });
  }
  const places = wanted.map(() => 0);
  for (const block of blocks)
    for (const [n, i] of block.members.entries())
      places[i] = block.center - halfOf(block) + (n + 0.5) * gap;
  return places;
}
