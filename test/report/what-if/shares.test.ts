import { fc } from "../../support/property.ts";
import { describe, expect, test } from "vitest";
import { exactShares, moveShare } from "../../../src/report/what-if/shares.ts";

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 24,
  })
  .filter((all) => all.some((weight) => weight > 0));

/** A mixture, the share that is moved, where to, and which are held. */
const moves = weights.chain((all) =>
  fc.record({
    shares: fc.constant(exactShares(all)),
    moved: fc.nat(all.length - 1),
    wanted: fc.double({ min: 0, max: 1, noNaN: true }),
    held: fc.uniqueArray(fc.nat(all.length - 1)).map((list) => new Set(list)),
    order: fc.shuffledSubarray([...all.keys()], { minLength: all.length }),
  }),
);

const total = (shares: readonly number[], order: readonly number[] = [...shares.keys()]): number =>
  order.reduce((sum, i) => sum + shares[i], 0);

describe("exact shares", () => {
  test("sum to 1 in any order, and are as good as what was given", () => {
    fc.assert(
      fc.property(moves, ({ shares, order }) => {
        expect(total(shares, order)).toBe(1);
      }),
    );
    fc.assert(
      fc.property(weights, (all) => {
        const sum = total(all);
        for (const [i, share] of exactShares(all).entries())
          expect(Math.abs(share - all[i] / sum)).toBeLessThan(1e-13);
      }),
    );
  });

  test("stay as they are", () => {
    fc.assert(
      fc.property(moves, ({ shares }) => {
        expect(exactShares(shares)).toEqual(shares);
      }),
    );
  });
});

describe("a share that is moved", () => {
  test("leaves shares of at least 0 that sum to 1, and those that are held alone", () => {
    fc.assert(
      fc.property(moves, ({ shares, moved, wanted, held, order }) => {
        const { shares: next } = moveShare(shares, held, moved, wanted);
        expect(total(next, order)).toBe(1);
        expect(Math.min(...next)).toBeGreaterThanOrEqual(0);
        for (const i of held) if (i !== moved) expect(next[i]).toBe(shares[i]);
      }),
    );
  });

  test("gets where it was sent, or as far as the others give way, and says which", () => {
    fc.assert(
      fc.property(moves, ({ shares, moved, wanted, held }) => {
        const { shares: next, stopped } = moveShare(shares, held, moved, wanted);
        const others = [...shares.keys()].filter((i) => i !== moved);
        const room = 1 - others.reduce((sum, i) => sum + (held.has(i) ? shares[i] : 0), 0);
        const isFixed = others.every((i) => held.has(i));
        const reached = isFixed ? shares[moved] : Math.min(wanted, room);
        expect(next[moved]).toBeCloseTo(reached, 14);
        expect(stopped).toBe(Math.abs(wanted - reached) > 1e-6);
      }),
    );
  });

  test("takes from the others in proportion", () => {
    fc.assert(
      fc.property(moves, ({ shares, moved, wanted, held }) => {
        const { shares: next } = moveShare(shares, held, moved, wanted);
        const givers = [...shares.keys()].filter((i) => i !== moved && !held.has(i));
        const before = givers.reduce((sum, i) => sum + shares[i], 0);
        const after = givers.reduce((sum, i) => sum + next[i], 0);
        for (const i of givers)
          expect(next[i]).toBeCloseTo(
            before > 0 ? (after * shares[i]) / before : after / givers.length,
            13,
          );
      }),
    );
  });

  test("comes back to the same mixture", () => {
    const shares = exactShares([0.5, 0.3, 0.15, 0.05]);
    // From where it began, as sliders move: through 1, where the others lose their proportions.
    const steps = [0.7, 1, 0.2, shares[0]].map((wanted) => moveShare(shares, new Set(), 0, wanted));
    expect(steps.at(-1)?.shares).toEqual(shares);
  });
});
