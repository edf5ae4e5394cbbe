/**
 * How exact the WebAssembly forms of exp, log, log1p and the φ functions are, over their whole
 * ranges, against integer arithmetic of 400 to 1400 fraction bits; and how long they take.
 */
import { OPS } from "../../src/expr/operators.ts";
import type { MathName } from "../../src/wasm/math/math-functions.ts";
import { errorInUlps, type Referenced } from "../../test/expr/reference.ts";
import { loopOf } from "../../test/wasm/math/lanes.ts";
import { median } from "../timing.ts";
import type { Part } from "./part.ts";

const between = (from: number, to: number): number => from + (to - from) * Math.random();
const sign = (): number => (Math.random() < 0.5 ? -1 : 1);
const decade = (from: number, to: number): number => 10 ** between(from, to);

/** A number with random bits, of any size. */
function anyPositive(): number {
  const bits = new Uint32Array(2).map(() => Math.floor(Math.random() * 2 ** 32));
  const value = Math.abs(new Float64Array(bits.buffer)[0] ?? NaN);
  return Number.isFinite(value) && value > 0 ? value : anyPositive();
}

const phiPoints = [
  () => sign() * between(0, 1),
  () => sign() * between(0, 20),
  () => sign() * decade(-8, 2.84),
];

interface Case {
  readonly name: Referenced & MathName;
  readonly bound: number;
  readonly math: (x: number) => number;
  /** Points over the range, taken in turn. */
  readonly points: readonly (() => number)[];
  /** The usual points, which are timed. */
  readonly timed: () => number;
}

const CASES: readonly Case[] = [
  {
    name: "exp",
    bound: 1,
    math: Math.exp,
    points: [() => between(-745.1, 709.7), () => between(-2, 2), () => sign() * decade(-20, 2.8)],
    timed: () => between(-20, 20),
  },
  {
    name: "log",
    bound: 1,
    math: Math.log,
    points: [anyPositive, () => between(0.5, 2), () => 1 + sign() * decade(-15, -1)],
    timed: () => between(0, 100),
  },
  {
    name: "log1p",
    bound: 1,
    math: Math.log1p,
    points: [
      () => between(-1, 2),
      () => sign() * decade(-300, -0.001),
      () => decade(-3, 308),
      () => decade(-15, -1) - 1,
    ],
    timed: () => between(0, 3),
  },
  ...(["phi2", "phi3", "phi4"] as const).map((name) => ({
    name,
    bound: 2,
    math: (x: number) => OPS[name].f64(x, 0),
    points: phiPoints,
    timed: () => between(-2, 2),
  })),
];

/** Numbers a run of a loop. */
const BLOCK = 1000;

/** The part of the evidence; `points` is their number for each function. */
export function float64Part(points: number): Part {
  const measured = CASES.map((item) => ({ ...item, ...errorsOf(item, points), ...timesOf(item) }));
  const digits = (x: number): string => x.toFixed(3);
  return {
    title: "The last place of exp, log, log1p and φ in WebAssembly",
    method:
      `${points} random points a function over its whole range, subnormal numbers included. ` +
      "Errors are in units of the last place, against integer arithmetic of 400 to 1400 fraction " +
      "bits; ½ is what rounding costs. Beside them what JavaScript's form does at each tenth " +
      "point. Times are medians, in nanoseconds a value, in alternation, in loops over 1000 values.",
    measured: "",
    head: ["", "largest", "at", "above ½", "above 1", "JavaScript's", "ns", "JavaScript's ns"],
    rows: measured.map(({ name, worst, at, aboveHalf, aboveOne, theirs, ours, their }) => [
      name,
      digits(worst),
      at.toPrecision(17),
      `${(100 * aboveHalf).toFixed(1)} %`,
      `${(100 * aboveOne).toFixed(2)} %`,
      digits(theirs),
      ours.toFixed(1),
      their.toFixed(1),
    ]),
    failures: measured.flatMap(({ name, worst, at, bound }) =>
      worst <= bound ? [] : [`${name}(${at}) is ${digits(worst)} units of the last place off`],
    ),
  };
}

/** In units of the last place; shares of the points. */
interface Errors {
  readonly worst: number;
  readonly at: number;
  readonly theirs: number;
  readonly aboveHalf: number;
  readonly aboveOne: number;
}

function errorsOf({ name, math: theirForm, points }: Case, count: number): Errors {
  const loop = loopOf((math, x) => math.call(name, x));
  let [worst, at, theirs, half, one, done] = [0, NaN, 0, 0, 0, 0];
  while (done < count) {
    const xs = Float64Array.from({ length: BLOCK }, (_, i) => points[i % points.length]?.() ?? NaN);
    loop.a.set(xs);
    loop.run(BLOCK);
    for (const [i, x] of xs.entries()) {
      // A logarithm that is 0 has no last place.
      if (loop.result[i] === 0) continue;
      const error = errorInUlps(name, x, loop.result[i] ?? NaN);
      if (error > worst) [worst, at] = [error, x];
      if (error > 0.5) half++;
      if (error > 1) one++;
      if (i % 10 === 0) theirs = Math.max(theirs, errorInUlps(name, x, theirForm(x)));
    }
    done += xs.length;
  }
  return { worst, at, theirs, aboveHalf: half / done, aboveOne: one / done };
}

/** Nanoseconds a value. */
function timesOf({ name, math: theirForm, timed }: Case): { ours: number; their: number } {
  const loop = loopOf((math, x) => math.call(name, x));
  const xs = Float64Array.from({ length: BLOCK }, timed);
  loop.a.set(xs);
  // A function of its own, so that the engine optimizes it for this one form.
  // oxlint-disable-next-line typescript/no-implied-eval -- a constant text
  const plain = new Function(
    "f",
    "xs",
    "to",
    "for (let i = 0; i < xs.length; i++) to[i] = f(xs[i]);",
  );
  const theirs = new Float64Array(BLOCK);
  const timeOf = (work: () => void): number => {
    const from = performance.now();
    for (let i = 0; i < 100; i++) work();
    return ((performance.now() - from) * 1e6) / 100 / BLOCK;
  };
  const times = Array.from(
    { length: 41 },
    () => [timeOf(() => loop.run(BLOCK)), timeOf(() => plain(theirForm, xs, theirs))] as const,
  ).slice(10);
  return { ours: median(times.map(([a]) => a)), their: median(times.map(([, b]) => b)) };
}
