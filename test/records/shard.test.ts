/** Every piece of every stage is dealt to exactly one shard. */
import { describe, expect, test } from "vitest";
import { blockOf, isIn, ShardPlan } from "../../src/records/shard.ts";

describe("the pieces of stages", () => {
  test.each([1, 2, 3, 8, 1000])("go to one of %i shards each", (count) => {
    const stages = [0, 1, 2, 5, 7, 8, 100, 999, 1, 1];
    const plans = Array.from({ length: count }, (_, index) => new ShardPlan({ index, count }));
    for (const pieces of stages) {
      const ranges = plans.map((plan) => plan.deal(pieces));
      const takers = Array.from(
        { length: pieces },
        (_, piece) => ranges.filter((range) => isIn(range, piece)).length,
      );
      expect(takers).toEqual(takers.map(() => 1));
      const sizes = ranges.map(({ from, to }) => to - from);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  test("of small stages go around", () => {
    const plans = [0, 1, 2, 3].map((index) => new ShardPlan({ index, count: 4 }));
    const takers = [3, 3, 1, 1].map((pieces) =>
      plans.flatMap((plan, shard) => {
        const { from, to } = plan.deal(pieces);
        return to > from ? [shard] : [];
      }),
    );
    expect(takers).toEqual([[0, 1, 2], [0, 1, 3], [2], [3]]); // prettier-ignore
  });
});

test("blocks are consecutive", () => {
  const blocks = [0, 1, 2].map((index) => blockOf(10, { index, count: 3 }));
  expect(blocks).toEqual([
    { from: 0, to: 3 },
    { from: 3, to: 6 },
    { from: 6, to: 10 },
  ]);
});
