import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { nearestInBall } from "../../src/convex/project-l1-ball.ts";
import type { Row } from "../../src/convex/active-rows.ts";
import { nearest, type Nearest } from "../../src/convex/project-polyhedron.ts";
import { projectBox } from "../../src/convex/project-box.ts";
import { drawMixture } from "../mixture/fixture.ts";

const ones = (k: number): Row => ({ coefficients: new Float64Array(k).fill(1), min: 1, max: 1 });
const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
const distance = (a: Float64Array, b: Float64Array): number =>
  Math.hypot(...a.map((x, i) => x - b[i]));
const l1 = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0);

/** A point of nearest() or a failed test. */
function must(found: Nearest | undefined): Nearest {
  if (found === undefined) throw new Error("no point was found in a set that is not empty");
  return found;
}

interface Body {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly rows: readonly Row[];
  readonly center: Float64Array;
  readonly radius: number;
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const vector = (k: number, values: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
  fc.array(values, { minLength: k, maxLength: k }).map((x) => Float64Array.from(x));

/**
 * Boxes, group rows (equations among them, and repeated ones) and a ball, all around a mixture that
 * has zeros too: never empty, often degenerate.
 */
const bodies = (k: number): fc.Arbitrary<Body> =>
  fc
    .record({
      raw: vector(k, fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1, noNaN: true }))),
      down: vector(k, fc.oneof(fc.constant(0), fc.constant(1), unit)),
      up: vector(k, fc.oneof(fc.constant(0), fc.constant(Infinity), unit)),
      members: fc.array(
        fc.tuple(
          fc.array(fc.boolean(), { minLength: k, maxLength: k }),
          fc.oneof(fc.constant(0), unit),
          unit,
        ),
        {
          maxLength: 4,
        },
      ),
      radius: fc.oneof(fc.constant(0), unit),
    })
    .map(({ raw, down, up, members, radius }) => {
      const sum = raw.reduce((a, b) => a + b, 0);
      const center = sum === 0 ? new Float64Array(k).fill(1 / k) : raw.map((x) => x / sum);
      const rows = members
        .filter(([some]) => some.includes(true))
        .map(([some, below, above]): Row => {
          const coefficients = Float64Array.from(some, Number);
          const at = dot(coefficients, center);
          return {
            coefficients,
            min: below === 0 ? at : at * (1 - below),
            max: below === 0 ? at : at + above,
          };
        });
      return {
        lower: center.map((x, i) => x * (1 - down[i])),
        upper: center.map((x, i) => x + up[i]),
        rows: [ones(k), ...rows],
        center,
        radius,
      };
    });

const off = (body: Body, x: Float64Array, ball: boolean): number =>
  Math.max(
    ...x.map((v, i) => Math.max(body.lower[i] - v, v - body.upper[i])),
    ...body.rows.map(({ coefficients, min, max }) =>
      Math.max(min - dot(coefficients, x), dot(coefficients, x) - max),
    ),
    ball ? l1(x, body.center) - body.radius : 0,
  );

const withBall = (b: Body, y: Float64Array): Nearest =>
  must(nearestInBall(y, b.lower, b.upper, b.rows, b.center, b.radius));
const without = (b: Body, y: Float64Array): Nearest => must(nearest(y, b.lower, b.upper, b.rows));

describe.each([
  ["a box cut by rows", false, without],
  ["and by an L1 ball", true, withBall],
] as const)("the nearest point of %s", (_, ball, project) => {
  test.each([1, 2, 7, 16])("k = %i: feasible, idempotent, non-expansive, optimal", (k) => {
    const points = vector(k, fc.double({ min: -2, max: 2, noNaN: true }));
    fc.assert(
      fc.property(bodies(k), points, points, (body, x, y) => {
        const [px, py] = [project(body, x).x, project(body, y).x];
        expect(off(body, px, ball)).toBeLessThan(1e-12);
        expect(distance(project(body, px).x, px)).toBeLessThan(1e-12);
        expect(distance(px, py)).toBeLessThanOrEqual(distance(x, y) + 1e-12);
        // ⟨x − Px, z − Px⟩ ≤ 0 for every feasible z: Py, the center, and what lies between.
        for (const z of [py, body.center]) {
          expect(x.reduce((sum, v, i) => sum + (v - px[i]) * (z[i] - px[i]), 0)).toBeLessThan(
            1e-12,
          );
        }
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  test("64 coordinates, from near and from as far as long steps lead", () => {
    const k = 64;
    const half = Float64Array.from({ length: k }, (__, i) => i % 2);
    for (const size of [0.05, 1, 1e6]) {
      for (let n = 0; n < 10; n++) {
        const center = drawMixture(k, 5, n);
        const at = dot(half, center);
        const rows = [ones(k), { coefficients: half, min: at, max: at + 0.01 }];
        const body: Body = {
          lower: center.map((c) => 0.9 * c),
          upper: center.map((c) => 2 * c),
          rows,
          center,
          radius: 0.1,
        };
        const y = center.map((c, i) => c + size * (drawMixture(k, 6, n)[i] - 1 / k));
        const { x } = project(body, y);
        expect(off(body, x, ball)).toBeLessThan(1e-12);
        expect(distance(project(body, x).x, x)).toBeLessThan(1e-12);
        expect(y.reduce((sum, v, i) => sum + (v - x[i]) * (center[i] - x[i]), 0)).toBeLessThan(
          1e-12 * size + 1e-12,
        );
      }
    }
  });
});

test("multipliers are what a little more room gains, with their signs", () => {
  const y = Float64Array.of(0.9, 0.3, -0.1, 0.1);
  const center = new Float64Array(4).fill(0.25);
  const pair = Float64Array.of(0, 0, 1, 1);
  // Half the squared distance, at a floor of the pair's sum and a radius.
  const cost = (floor: number, radius: number): number => {
    const rows = [ones(4), { coefficients: pair, min: floor, max: Infinity }];
    const { x } = must(
      nearestInBall(y, new Float64Array(4), new Float64Array(4).fill(1), rows, center, radius),
    );
    return 0.5 * distance(x, y) ** 2;
  };
  const rows = [ones(4), { coefficients: pair, min: 0.4, max: Infinity }];
  const { multipliers } = must(
    nearestInBall(y, new Float64Array(4), new Float64Array(4).fill(1), rows, center, 0.3),
  );
  const step = 1e-5;
  const [, pairPrice, ballPrice] = multipliers;
  expect(pairPrice).toBeLessThan(0);
  expect(ballPrice).toBeGreaterThan(0);
  expect((cost(0.4 + step, 0.3) - cost(0.4 - step, 0.3)) / (2 * step)).toBeCloseTo(-pairPrice, 8);
  expect((cost(0.4, 0.3 + step) - cost(0.4, 0.3 - step)) / (2 * step)).toBeCloseTo(-ballPrice, 8);
});

test.each([
  ["a row above what the box allows", [0, 0], [0.3, 0.5], [] as Row[]],
  ["a bound above its opposite", [0.4, 0], [0.3, 1], []],
  [
    "two rows that exclude each other",
    [0, 0],
    [1, 1],
    [
      { coefficients: Float64Array.of(1, -1), min: 0.5, max: 1 },
      { coefficients: Float64Array.of(1, -1), min: -1, max: 0.4 },
    ],
  ],
])("no point: %s", (_, lower, upper, rows) => {
  const found = nearest(
    Float64Array.of(0.2, 0.9),
    Float64Array.from(lower),
    Float64Array.from(upper),
    [ones(2), ...rows],
  );
  expect(found).toBeUndefined();
});

test("a ball that the box does not reach has no point", () => {
  const [center, zeros] = [Float64Array.of(0.5, 0.5), new Float64Array(2)];
  const from = (floor: number): Nearest | undefined =>
    nearestInBall(center, Float64Array.of(floor, 0), Float64Array.of(1, 1), [ones(2)], center, 0.2);
  expect(from(0.7)).toBeUndefined();
  expect(from(0.6)?.x[0]).toBeCloseTo(0.6, 14);
  expect(
    nearestInBall(center, zeros, Float64Array.of(0.3, 1), [ones(2)], center, 0.2),
  ).toBeUndefined();
});

describe("a y so large that its own last digit is more than 1e-12", () => {
  test("nearest: a bound that is missed by less than that digit", () => {
    const y = Float64Array.of(1e6 + 0.5, 1e6 + 0.5, 1e6 - 1e-9);
    const { x } = must(nearest(y, new Float64Array(3), new Float64Array(3).fill(1), [ones(3)]));
    expect(Math.abs(x[0] + x[1] + x[2] - 1)).toBeLessThan(1e-15);
  });

  test("projectBox: bounds with less room than that digit", () => {
    const lower = Float64Array.of(0.6105210418281044, 0.3894309447365343);
    const upper = Float64Array.of(0.6105210419225934, 0.3894789581669495);
    const h = projectBox(Float64Array.of(-1205918.1703097173, 1021808.1728817202), lower, upper);
    expect(Math.abs(h[0] + h[1] - 1)).toBeLessThan(1e-13);
  });
});

describe("sums of decimals that round", () => {
  test.each([
    ["ten fixed shares of 0.1", Array.from({ length: 10 }, () => 0.1)],
    ["0.1 + 0.2 + 0.7", [0.1, 0.2, 0.7]],
    ["a third thrice", [1 / 3, 1 / 3, 1 / 3]],
  ])("%s are a mixture", (_, shares) => {
    const only = Float64Array.from(shares);
    const { x } = must(
      nearest(
        only.map((s, i) => s + (i - 1) * 5),
        only,
        only,
        [ones(only.length)],
      ),
    );
    expect(distance(x, only)).toBeLessThan(1e-15);
  });
});

test.each([1, 2, 7, 64])("with bounds alone projectBox says the same, k = %i", (k) => {
  fc.assert(
    fc.property(
      bodies(k),
      vector(k, fc.double({ min: -1, max: 1, noNaN: true })),
      fc.constantFrom(1, 1e3, 1e6),
      ({ lower, upper }, x, size) => {
        const y = x.map((v) => v * size);
        const h = projectBox(y, lower, upper);
        expect(distance(h, must(nearest(y, lower, upper, [ones(k)])).x)).toBeLessThan(
          1e-14 * size + 1e-13,
        );
        expect(Math.abs(dot(h, new Float64Array(k).fill(1)) - 1)).toBeLessThan(1e-12);
        expect(distance(projectBox(h, lower, upper), h)).toBeLessThan(1e-12);
      },
    ),
    { numRuns: 100, seed: 12 },
  );
});
