/**
 * Where operators are tested: over their whole domain and on both sides of every switch between a
 * series and a closed form.
 */
import type { OpName } from "../../src/expr/graph.ts";

/** ±10^from … ±10^to, `perDecade` a decade. */
const decades = (from: number, to: number, perDecade = 4): number[] =>
  Array.from({ length: (to - from) * perDecade + 1 }, (_, i) => 10 ** (from + i / perDecade));
const both = (xs: readonly number[]): number[] => xs.flatMap((x) => [-x, x]);
const around = (...switches: readonly number[]): number[] =>
  switches.flatMap((x) => [1 - 1e-6, 1, 1 + 1e-6].map((f) => x * f));
const evenly = (from: number, to: number, n = 60): number[] =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * (i + 0.5)) / n);

const any = [0, ...both(decades(-6, 6))];
const positive = decades(-8, 8);
const shares = [0, ...decades(-8, 0, 8)];
/** −½, 1, ±0.05 and ±0.1: the switches of the float32 and the float64 forms. */
const aboveMinusOne = [
  0,
  ...both(decades(-8, -1)),
  ...evenly(-0.999, 3),
  ...decades(0, 12),
  ...around(-0.5, 1, 0.05, -0.05, 0.1, -0.1),
];
const phi = [
  0,
  ...both(decades(-8, 0)),
  ...evenly(-60, 60, 200),
  ...evenly(-3, 3),
  ...around(1, -1),
];

/**
 * Arguments of the unary operators, first and second arguments (in all pairs) of the binary ones.
 */
export const POINTS: {
  readonly [K in OpName]: readonly [readonly number[], (readonly number[])?];
} = {
  add: [any, both(decades(-3, 3, 1))],
  sub: [any, both(decades(-3, 3, 1))],
  mul: [any, both(decades(-3, 3, 1))],
  div: [any, both(decades(-3, 3, 1))],
  neg: [any],
  exp: [[0, ...both(decades(-6, 0)), ...evenly(-85, 80, 200)]],
  log: [[...positive, ...evenly(0.25, 4)]],
  sqrt: [positive],
  tanh: [[0, ...both(decades(-6, 1)), ...evenly(-4, 4)]],
  atan: [any],
  sin: [[0, ...both(decades(-6, 0)), ...evenly(-100, 100, 200)]],
  cos: [[0, ...both(decades(-6, 0)), ...evenly(-100, 100, 200)]],
  abs: [any],
  // Apart from each other: where they are equal there are two derivatives.
  min: [any, both(decades(-3, 3, 1)).map((x) => 1.1 * x)],
  max: [any, both(decades(-3, 3, 1)).map((x) => 1.1 * x)],
  step: [any],
  logz: [shares],
  recipz: [shares],
  phi2: [phi],
  phi3: [phi],
  phi4: [phi],
  log1pc: [aboveMinusOne],
  dlog1pc: [aboveMinusOne],
  d2log1pc: [aboveMinusOne],
};

/** All argument lists of an operator. */
export function argumentsOf(op: OpName): number[][] {
  const [first, second] = POINTS[op];
  return second === undefined
    ? first.map((x) => [x])
    : first.flatMap((x) => second.map((y) => [x, y]));
}
