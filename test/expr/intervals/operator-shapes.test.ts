import { describe, expect, test } from "vitest";
import { itemAt } from "../../../src/base/known.ts";
import { type Interval, isDown, isUp, spanning } from "../../../src/expr/intervals/interval.ts";
import { OP_NAMES, OPS } from "../../../src/expr/operators.ts";
import { between, type Draw, drawsOf } from "../curvature/checks.ts";
import { POINTS } from "../points.ts";

type Pair = readonly [number, number];

/** An interval between two points at which the operator is tested, often a short one. */
function drawInterval(draw: Draw, points: readonly number[]): Interval {
  const sorted = [...points].sort((a, b) => a - b);
  const first = Math.floor(draw() * sorted.length);
  const far = draw() < 0.5 ? sorted.length : 8;
  const second = Math.min(sorted.length - 1, first + Math.floor(draw() * far));
  return { low: itemAt(sorted, first), high: itemAt(sorted, second) };
}

const inside = (draw: Draw, { low, high }: Interval): number =>
  draw() < 0.2 ? low : Math.min(high, between(draw, low, high));

/** What rounding may make of values of this size. */
const slack = (...values: readonly number[]): number => 1e-11 * Math.max(...values.map(Math.abs));

/** What is not so, in words, of an operator between two points of a pair of intervals. */
function faults(
  name: (typeof OP_NAMES)[number],
  a: Interval,
  b: Interval,
  from: Pair,
  to: Pair,
): string[] {
  const { f64, shape } = OPS[name];
  const { range, slopes, bend } = shape(a, b);
  const [start, end] = [f64(...from), f64(...to)];
  const middle = f64((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  const found: string[] = [];
  if (start < range.low || start > range.high) found.push("range");
  for (const i of [0, 1] as const) {
    const moved = from.with(i, to[i]) as unknown as Pair;
    const value = f64(...moved);
    const rise = (value - start) * Math.sign(to[i] - from[i]);
    if (isUp(slopes[i]) && rise < -slack(start, value)) found.push(`slope ${i}`);
    if (isDown(slopes[i]) && rise > slack(start, value)) found.push(`slope ${i}`);
  }
  const bulge = middle - (start + end) / 2;
  if (isUp(bend) && bulge > slack(start, middle, end)) found.push("convex");
  if (isDown(bend) && bulge < -slack(start, middle, end)) found.push("concave");
  return found.map((what) => `${what} of ${name} from ${from.join()} to ${to.join()}`);
}

describe("operators on intervals", () => {
  test.each(OP_NAMES)("%s has its values, slopes and curvature where its row says", (name) => {
    const [first, second = [0]] = POINTS[name];
    const draw = drawsOf(name.length + first.length);
    for (let n = 0; n < 60; n++) {
      const [a, b] = [drawInterval(draw, first), drawInterval(draw, second)];
      const point = (): Pair => [inside(draw, a), inside(draw, b)];
      const found = Array.from({ length: 10 }, () => faults(name, a, b, point(), point())).flat();
      expect(found).toEqual([]);
    }
  });

  test("an interval is widened by rounding, and an end that is 0 stays", () => {
    expect(spanning(0, 2).low).toBe(0);
    expect(spanning(0, 2).high).toBeGreaterThan(2);
    expect(spanning(-1, 3).low).toBeLessThan(-1);
  });
});
