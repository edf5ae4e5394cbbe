import { describe, expect, test } from "vitest";
import { bandPath, levelPath, meshOf } from "../../src/views/kit/mesh.ts";
import { spreadApart } from "../../src/views/kit/spread.ts";

describe("fields over a triangle", () => {
  const mesh = meshOf(4);
  const height = Float64Array.from(mesh.points, ([, y]) => y);
  const place = (x: number, y: number): [number, number] => [100 * x, 100 * y];
  /** The area of all polygons of a path, in the triangle's own. */
  const areaOf = (path: string): number =>
    path
      .split("Z")
      .filter((polygon) => polygon !== "")
      .map((polygon) => {
        const points = polygon.slice(1).split("L").map((pair) => pair.split(",").map(Number)); // prettier-ignore
        const twice = points.reduce((sum, [x = 0, y = 0], n) => {
          const [u = 0, v = 0] = points[(n + 1) % points.length] ?? [];
          return sum + x * v - u * y;
        }, 0);
        return Math.abs(twice) / 2 / (100 ** 2 * (Math.sqrt(3) / 4));
      })
      .reduce((sum, area) => sum + area, 0);

  test("bands part the triangle", () => {
    const half = Math.sqrt(3) / 4;
    const [low, high] = [bandPath(mesh, height, [-Infinity, half], place), bandPath(mesh, height, [half, Infinity], place)]; // prettier-ignore
    expect(areaOf(low)).toBeCloseTo(0.75, 2);
    expect(areaOf(high)).toBeCloseTo(0.25, 2);
  });

  test("a level line lies at the level", () => {
    const path = levelPath(mesh, height, 0.3, place);
    const ys = [...path.matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y));
    expect(ys.length).toBeGreaterThan(0);
    for (const y of ys) expect(y).toBeCloseTo(30, 1);
  });
});

test("labels are moved apart, keep their order, and stay inside", () => {
  const places = spreadApart([0.5, 0.5, 0.02, 0.99, 0.98], 0.1, [0, 1]);
  const rounded = places.map((x) => Number(x.toFixed(6)));
  expect(rounded).toEqual([0.45, 0.55, 0.05, 0.95, 0.85]);
});
