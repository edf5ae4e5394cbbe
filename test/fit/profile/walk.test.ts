/** The walk along a side of a profile ends where the statistic meets the threshold, and says so. */
import { describe, expect, test } from "vitest";
import {
  endOf,
  fitToCheck,
  NEAR,
  replacePoint,
  type Side,
  startAt,
  startSide,
  takeStep,
  THRESHOLD,
} from "../../../src/fit/profile/walk.ts";

const OPTIMUM = { objective: 1, theta: Float64Array.of(2, 3) };

/** Walks along a root that is known at every distance; NaN where no fit succeeds. */
function walk(
  root: (distance: number) => number,
  reach: number,
  step = 1,
  meansBound = false,
): Side {
  const where = { task: 0, coordinate: 0, direction: 1, reach, meansBound } as const;
  const side = startSide(where, OPTIMUM, step);
  for (let n = 0; n < 300 && side.next !== undefined; n++) {
    const distance = side.next;
    const value = root(distance);
    const ending = Number.isNaN(value) ? "nonfinite" : "converged";
    const theta = startAt(side, distance).with(0, 2 + distance);
    takeStep(side, distance, { theta, objective: 1, ending, norm: 0, lambda: 0 }, value);
  }
  expect(side.next).toBeUndefined();
  return side;
}

describe("an end", () => {
  test.each([
    ["a parabola's statistic", (d: number) => d / 3],
    ["one that rises late", (d: number) => (d < 50 ? d / 100 : (d / 50) ** 2)],
    ["one that rises and rises", (d: number) => Math.expm1(d / 20)],
    ["one that lingers just below the threshold", (d: number) => THRESHOLD * (d < 80 ? Math.min(0.997, d / 10) : d / 80)], // prettier-ignore
    ["one that seems to level off", (d: number) => THRESHOLD * (1 - Math.exp(-d)) * (1 + d / 2000)],
  ])("of %s is found between two fits, one of them near", (_, root) => {
    const side = walk(root, 1e4);
    const { kind, low, high } = endOf(side);
    expect([kind, low.root < THRESHOLD, (high?.root ?? 0) >= THRESHOLD]).toEqual(["found", true, true]); // prettier-ignore
    const { point } = fitToCheck(side);
    expect(Math.abs(point.root / THRESHOLD - 1)).toBeLessThanOrEqual(NEAR);
    expect(point.root).toBe(root(point.distance));
  });

  test("is open where the statistic stays below the threshold as far as the walk goes", () => {
    const levelled = walk((d) => 0.9999 * THRESHOLD * (1 - Math.exp(-d)), 200);
    expect(endOf(levelled).kind).toBe("open");
    expect(endOf(levelled).low.distance).toBe(200);
  });

  test("is the bound where that belongs to the parameter's meaning", () => {
    expect(endOf(walk((d) => d / 100, 20, 1, true)).kind).toBe("bound");
    expect(endOf(walk(() => 0, 0, 1, true)).kind).toBe("bound");
  });

  test("is where the root jumps over the threshold, to within a share of 1e-4", () => {
    const { kind, low, high } = endOf(walk((d) => (d < 7.3 ? d / 20 : 2 + d / 20), 100));
    expect(kind).toBe("found");
    expect(7.3 - low.distance).toBeLessThan(1e-3);
    expect((high?.distance ?? NaN) - 7.3).toBeLessThan(1e-3);
  });

  test("is not known where a fit ends far beyond any other, or none succeeds", () => {
    for (const beyond of [1e9, NaN]) {
      const side = walk((d) => (d < 7.3 ? d / 20 : beyond), 100);
      expect(endOf(side).kind).toBe("unreached");
      expect(7.3 - endOf(side).low.distance).toBeLessThan(1e-3);
    }
  });

  test("is found where the first fits fail, if others succeed", () => {
    const { kind, high } = endOf(walk((d) => (d < 0.3 ? 10 * d : NaN), 100));
    expect(kind).toBe("found");
    expect((high?.root ?? 0) / THRESHOLD).toBeLessThan(1.3);
  });

  test("that a better fit takes away is walked to again", () => {
    const side = walk((d) => d / 3, 100);
    const { point } = fitToCheck(side);
    replacePoint(side, point, { objective: 1, theta: point.theta, root: 0.5 * point.root });
    expect(endOf(side).kind).toBe("unreached");
    expect(side.next).toBeGreaterThan(point.distance);
  });
});
