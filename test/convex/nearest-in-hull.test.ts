import { describe, expect, test } from "vitest";
import { nearestInHull } from "../../src/convex/nearest-in-hull.ts";
import { projectBox } from "../../src/convex/project-box.ts";
import { descend } from "../../src/convex/projected-gradient.ts";
import { stream } from "../../src/random/rng.ts";

const points = (seed: number, k: number, count: number): Float64Array[] => {
  const draws = stream(seed, 1);
  return Array.from({ length: count }, (_, n) =>
    Float64Array.from({ length: k }, (__, i) => draws.uniform(n, i) ** 2),
  );
};
const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x - b[i]);
const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);

describe("the nearest point of a hull", () => {
  test.each([
    [2, 1, 1],
    [2, 40, 3],
    [5, 4, 0.2],
    [5, 300, 0.3],
    [17, 512, 0.1],
    [17, 200, 1.5],
    [64, 30, 0.5],
  ])("in %d dimensions, of %d corners, has no corner on its near side", (k, count, scale) => {
    for (let seed = 1; seed <= 2; seed++) {
      const corners = points(seed, k, count);
      corners.push(corners[0], corners[count - 1]); // which are there twice
      const [to] = points(seed + 100, k, 1).map((x) => x.map((y) => scale * y));
      const nearest = nearestInHull(to, corners);
      const gap = difference(to, nearest);
      // (c − x)·(to − x) ≤ 0 for all corners c decides that x, a point of the hull, is the nearest.
      for (const corner of corners)
        expect(dot(difference(corner, nearest), gap)).toBeLessThan(1e-13 * k);
      expect(Math.max(...difference(nearestInHull(nearest, corners), nearest).map(Math.abs))).toBeLessThan(1e-14 * k); // prettier-ignore
    }
  });

  test("is what a descent over the shares finds", () => {
    const [k, count] = [3, 6];
    const corners = points(7, k, count);
    const to = Float64Array.of(0, 1, 0.1);
    const blend = (w: Float64Array): Float64Array =>
      to.map((_, i) => corners.reduce((sum, corner, j) => sum + w[j] * corner[i], 0));
    const loss = {
      domains: count,
      value: (w: Float64Array) => dot(difference(blend(w), to), difference(blend(w), to)) / 2,
      gradient(w: Float64Array, out: Float64Array) {
        const rest = difference(blend(w), to);
        for (const [j, corner] of corners.entries()) out[j] = dot(corner, rest);
        return dot(rest, rest) / 2;
      },
    };
    const [lower, upper] = [new Float64Array(count), new Float64Array(count).fill(1)];
    const { h } = descend(loss, (y) => projectBox(y, lower, upper), lower.with(0, 1), { iterations: 5000, tolerance: 1e-13 }); // prettier-ignore
    for (const [i, x] of nearestInHull(to, corners).entries())
      expect(x).toBeCloseTo(blend(h)[i], 9);
  });

  test("is a point of the hull itself, and the corner of a single one", () => {
    const corners = [[1, 0, 0], [0, 1, 0], [0.5, 0.25, 0.25]]; // prettier-ignore
    expect(nearestInHull(Float64Array.of(0.25, 0.5, 0.25), [[0.2, 0.3, 0.5]])).toEqual(Float64Array.of(0.2, 0.3, 0.5)); // prettier-ignore
    const inside = Float64Array.of(0.5, 0.4, 0.1);
    for (const [i, x] of nearestInHull(inside, corners).entries()) expect(x).toBeCloseTo(inside[i], 15); // prettier-ignore
  });
});
