import { describe, expect, test } from "vitest";
import type { Face } from "../../src/convex/face.ts";
import { NewtonCurvature } from "../../src/convex/newton-curvature.ts";
import { dot } from "../../src/convex/vectors.ts";
import { stream } from "../../src/random/rng.ts";

const K = 40;
const draws = stream(5, 7006);
const vector = (part: number): Float64Array =>
  Float64Array.from({ length: K }, (_, i) => draws.normal(part, i));
const ones = new Float64Array(K).fill(1);
const halves = ones.map((_, i) => (i < K / 2 ? 1 : 0));
const all = [...ones.keys()];
const without = (...held: readonly number[]): number[] => all.filter((i) => !held.includes(i));

/** Σ vvᵀ of some vectors, and a diagonal: a packed lower triangle. */
function packedOf(diagonal: number, vectors: readonly Float64Array[]): Float64Array {
  const packed = new Float64Array((K * (K + 1)) / 2);
  for (let i = 0, ij = 0; i < K; i++)
    for (let j = 0; j <= i; j++, ij++)
      packed[ij] = vectors.reduce((sum, v) => sum + v[i] * v[j], i === j ? diagonal : 0);
  return packed;
}
const packed = packedOf(0.5, [vector(1), vector(2), vector(3)]);
const gradient = vector(4);

/** A step's conditions: it keeps to the rows, and only they hold the slope after it. */
function expectLeast(
  H: NewtonCurvature,
  d: Float64Array | undefined,
  face: Face,
  given = ones.map(() => 0),
): void {
  if (d === undefined) throw new Error("there is no step");
  for (const row of face.rows) expect(dot(row, d)).toBeCloseTo(0, 10);
  for (const i of without(...face.free)) expect(d[i]).toBe(given[i]);
  const product = H.times(d);
  const slope = face.free.map((i) => gradient[i] + product[i]);
  // With one row, of ones, the slopes are equal; with a second one they are in each half.
  const halfOf = (i: number): boolean => face.rows.length > 1 && i < K / 2;
  for (const [a, i] of face.free.entries()) {
    const first = face.free.findIndex((j) => halfOf(j) === halfOf(i));
    expect(slope[a]).toBeCloseTo(slope[first], 9);
  }
}

describe("Newton's steps", () => {
  test("are the least of the model on each face, in whatever order faces come", () => {
    const H = new NewtonCurvature(packed);
    const faces = [
      all,
      without(3),
      without(3, 30),
      without(0, 1, 2, 3, 4, 5, 6, 7),
      all,
      without(39),
    ];
    for (const free of faces)
      for (const rows of [[ones], [ones, halves]]) {
        const face = { free, rows };
        expectLeast(H, H.step(gradient, face), face);
        const given = ones.map((_, i) => (free.includes(i) ? 0 : 0.1 * (i + 1)));
        expectLeast(H, H.step(gradient, face, given), face, given);
      }
  });

  test("with a factor of more coordinates are those with one of their own", () => {
    const shared = new NewtonCurvature(packed);
    shared.step(gradient, { free: all, rows: [ones] });
    const face = { free: without(2, 17, 33), rows: [ones] };
    const own = new NewtonCurvature(packed).step(gradient, face);
    const other = shared.step(gradient, face);
    for (const [i, x] of (own ?? ones).entries()) expect(other?.[i]).toBeCloseTo(x, 11);
  });

  test("of curvature that is not positive are those of the face's own, raised", () => {
    const lower = packedOf(0, [vector(5)]);
    const saddle = packed.map((x, n) => x - 0.3 * lower[n]);
    const shared = new NewtonCurvature(saddle);
    for (const free of [all, without(5), without(5, 6), all]) {
      const face = { free, rows: [ones] };
      const own = new NewtonCurvature(saddle).step(gradient, face);
      expect(own).toBeDefined();
      expect(shared.step(gradient, face)).toEqual(own);
    }
  });

  test("are raised no more than it takes, whatever the step before took", () => {
    const down = vector(5);
    const saddle = packed.map((x, n) => x - 0.3 * packedOf(0, [down])[n]);
    const face = { free: all, rows: [ones] };
    const updated = (H: NewtonCurvature): NewtonCurvature => {
      // Along the direction in which it curved downwards it curves upwards.
      H.update(down, down.map((x) => 50 * x)); // prettier-ignore
      return H;
    };
    const raised = new NewtonCurvature(saddle);
    raised.step(gradient, face);
    expect(updated(raised).step(gradient, face)).toEqual(
      updated(new NewtonCurvature(saddle)).step(gradient, face),
    );
  });

  test("go by what was seen, and a fork by what it saw", () => {
    const first = new NewtonCurvature(packed);
    const face = { free: all, rows: [ones] };
    const before = first.step(gradient, face);
    const fork = first.fork();
    const moved = vector(6);
    const change = moved.map((x) => 7 * x);
    fork.update(moved, change);
    for (const [i, x] of fork.times(moved).entries()) expect(x).toBeCloseTo(change[i], 9);
    expectLeast(fork, fork.step(gradient, face), face);
    expect(fork.step(gradient, face)).not.toEqual(before);
    expect(first.step(gradient, face)).toEqual(before);
    // What shows no positive curvature is passed over.
    first.update(moved, moved.map((x) => -x)); // prettier-ignore
    expect(first.step(gradient, face)).toEqual(before);
  });

  test("there are none where nothing can move", () => {
    const H = new NewtonCurvature(packed);
    H.step(gradient, { free: all, rows: [ones] });
    expect(H.step(gradient, { free: [4], rows: [ones] })).toBeUndefined();
    expect(H.step(gradient, { free: [], rows: [] })).toBeUndefined();
  });
});
