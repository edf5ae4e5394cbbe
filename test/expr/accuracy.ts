/**
 * What WGSL promises of each operator in float32: a bound on the error, absolute, at an exact
 * float32 argument. (WGSL, section 15.7.4)
 */
import type { OpName } from "../../src/expr/graph.ts";
import { OPS } from "../../src/expr/operators.ts";

/**
 * One unit in the last place is at most 2⁻²³ of a value. WGSL may round either way, so +, −, × may
 * be off by a whole unit.
 */
const ULP = 2 ** -23;
const DIVISION = 2.5 * ULP;
/** Results below the normal range may be flushed to 0. */
const FLUSH = 2 ** -126;

const exp = (x: number): number => (3 + 2 * Math.abs(x)) * ULP * Math.exp(x);
const log = (x: number): number =>
  x >= 0.5 && x <= 2 ? 2 ** -21 : 3 * ULP * Math.abs(Math.log(x));

/**
 * Value and error bound of Horner's rule at |x|: at each stage the coefficient and a product and a
 * sum are rounded. `relative` is the error of x itself.
 */
function horner(
  coefficients: readonly number[],
  x: number,
  relative = 0,
): { value: number; error: number } {
  let value = 0;
  let error = 0;
  for (const c of coefficients.toReversed()) {
    const product = value * Math.abs(x);
    error = error * Math.abs(x) + product * (relative + ULP);
    value = product + Math.abs(c);
    error += ULP * (Math.abs(c) / 2 + value);
  }
  return { value, error };
}

const range = <T>(n: number, f: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => f(i));
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/**
 * φ_k: the series with its first neglected term, or eᶻ − 1 − z − … and a division by zᵏ; each
 * subtraction is rounded.
 */
function phi(k: 2 | 3 | 4, z: number): number {
  const terms = 9;
  if (Math.abs(z) < 1)
    return (
      horner(
        range(terms, (j) => 1 / factorial(j + k)),
        z,
      ).error +
      Math.abs(z) ** terms / factorial(terms + k)
    );
  const e = Math.exp(z);
  const steps = [
    e - 1,
    e - 1 - z,
    ...(k === 3 ? [z * z, e - 1 - z - (z * z) / 2] : []),
    ...(k === 4 ? [4 * z * z * (0.5 + Math.abs(z) / 6), e - 1 - z - z * z * (0.5 + z / 6)] : []),
  ];
  const numerator = exp(z) + ULP * steps.reduce((total, s) => total + Math.abs(s), 0);
  const value = OPS[`phi${k}`].f64(z, 0);
  return numerator / Math.abs(z) ** k + ((k - 1) * ULP + DIVISION) * Math.abs(value);
}

/** r = 1/(2 + x): a sum and a division; y = x·r·x·r: twice that and three products. */
const [R, Y] = [ULP + DIVISION, 2 * (ULP + DIVISION) + 3 * ULP];
const artanh = (y: number) =>
  horner(
    range(7, (n) => 1 / (2 * n + 1)),
    y,
    Y,
  );
const artanhSlope = (y: number) =>
  horner(
    range(7, (n) => (n + 1) / (2 * n + 3)),
    y,
    Y,
  );
/** ln(1 + w)/w beyond the series: the sum's rounding moves the logarithm by a unit, absolute. */
const closedLog1pc = (w: number): number =>
  (ULP + log(1 + w)) / Math.abs(w) + DIVISION * Math.abs(Math.log1p(w) / w);

function log1pc(x: number): number {
  if (x <= -0.5 || x >= 1) return closedLog1pc(x);
  const r = 1 / (2 + x);
  const s = artanh((x * r) ** 2);
  // …, one product, the neglected y⁷/15
  return 2 * r * (s.error + s.value * (R + ULP) + (x * r) ** 14 / 15);
}

function dlog1pc(x: number): number {
  if (x <= -0.5 || x >= 1) {
    const [first, second] = [1 / (1 + x), Math.log1p(x) / x];
    const difference = first * (ULP + DIVISION) + closedLog1pc(x) + ULP * Math.abs(first - second);
    return difference / Math.abs(x) + DIVISION * Math.abs(OPS.dlog1pc.f64(x, 0));
  }
  const r = 1 / (2 + x);
  const y = (x * r) ** 2;
  const [s, slope] = [artanh(y), artanhSlope(y)];
  const product = Math.abs(4 * x * r * r * slope.value);
  const sum =
    product * (2 * R + 3 * ULP) +
    Math.abs(4 * x * r * r) * (slope.error + (8 / 17) * y ** 7) +
    s.error;
  return 2 * r * r * (sum + (s.value + product) * (2 * R + 4 * ULP));
}

function d2log1pc(x: number): number {
  if (x <= -0.5 || x >= 1) {
    const [square, slope] = [1 / (1 + x) ** 2, OPS.dlog1pc.f64(x, 0)];
    const numerator =
      square * (3 * ULP + DIVISION) + 2 * dlog1pc(x) + ULP * (square + 2 * Math.abs(slope));
    return numerator / Math.abs(x) + DIVISION * Math.abs(OPS.d2log1pc.f64(x, 0));
  }
  const r = 1 / (2 + x);
  const y = (x * r) ** 2;
  const [s, slope] = [artanh(y), artanhSlope(y)];
  const bend = horner(
    range(6, (n) => ((n + 1) * (n + 2)) / (2 * n + 5)),
    y,
    Y,
  );
  const [first, second, third] = [
    4 * s.value,
    8 * r * (1 + 5 * Math.abs(x) * r) * slope.value,
    32 * y * r * r * bend.value,
  ];
  const neglected = 8 * r * (8 / 17) * y ** 7 + 32 * y * r * r * (56 / 17) * y ** 6;
  const errors =
    4 * s.error +
    8 * r * (1 + 5 * Math.abs(x) * r) * slope.error +
    32 * y * r * r * bend.error +
    neglected;
  return r ** 3 * (errors + (first + second + third) * (4 * R + Y + 10 * ULP));
}

/**
 * 2⁻¹¹ in [−π, π], and what taking off whole turns costs: three roundings of a number of at most
 * |x|.
 */
const turned = (_: number, x: number): number => 2 ** -11 + 3 * ULP * Math.abs(x);

/** Bounds by operator at (a, b) with exact value v. */
export const ACCURACY: { readonly [K in OpName]: (v: number, a: number, b: number) => number } = {
  add: (v) => ULP * Math.abs(v),
  sub: (v) => ULP * Math.abs(v),
  mul: (v) => ULP * Math.abs(v) + FLUSH,
  div: (v) => DIVISION * Math.abs(v) + FLUSH,
  neg: () => 0,
  exp: (_, a) => exp(a) + FLUSH,
  log: (_, a) => log(a),
  // 1/inverseSqrt(x): 2 units and a division.
  sqrt: (v) => (2 * ULP + DIVISION) * v,
  tanh: () => 1e-5,
  atan: (v) => 4096 * ULP * Math.abs(v) + FLUSH,
  sin: turned,
  cos: turned,
  abs: () => 0,
  min: () => 0,
  max: () => 0,
  step: () => 0,
  logz: (_, a) => (a > 0 ? log(a) : 0),
  recipz: (v) => DIVISION * v,
  phi2: (_, a) => phi(2, a),
  phi3: (_, a) => phi(3, a),
  phi4: (_, a) => phi(4, a) + FLUSH,
  log1pc: (_, a) => log1pc(a),
  dlog1pc: (_, a) => dlog1pc(a) + FLUSH,
  d2log1pc: (_, a) => d2log1pc(a) + FLUSH,
};
