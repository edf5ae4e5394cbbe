/**
 * Reference values from exact integer arithmetic: fixed point with 700 fraction bits, so that no
 * cancellation in these tests matters.
 */

const BITS = 700n;
const ONE = 1n << BITS;

/** A float64 number exactly (for |x| ≥ 2⁻⁶⁰⁰ or 0). */
function fixed(x: number): bigint {
  let exponent = 0;
  while (!Number.isInteger(x)) {
    x *= 2;
    exponent++;
  }
  return (BigInt(x) << BITS) >> BigInt(exponent);
}

/** Correct to float64's last bit or so; the shift keeps the integer within its range. */
const float = (x: bigint): number => Number(x >> 100n) / 2 ** Number(BITS - 100n);

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** eˣ: Taylor at x/2¹⁰, squared ten times. */
function expFixed(x: bigint): bigint {
  const small = x >> 10n;
  let total = ONE;
  let term = ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = times(term, small) / n;
    total += term;
  }
  for (let i = 0; i < 10; i++) total = times(total, total);
  return total;
}

/** 2 artanh(t) for |t| ≤ 1/3. */
function artanh2(t: bigint): bigint {
  const square = times(t, t);
  let total = 0n;
  for (let n = 1n, power = t; power !== 0n && power !== -1n; n += 2n, power = times(power, square))
    total += power / n;
  return 2n * total;
}

/** ln x, x > 0: halved or doubled into [¾, 3/2], then 2 artanh((x − 1)/(x + 1)). */
function logFixed(x: bigint): bigint {
  let halvings = 0n;
  while (x > (3n * ONE) / 2n) {
    x >>= 1n;
    halvings++;
  }
  while (x < (3n * ONE) / 4n) {
    x <<= 1n;
    halvings--;
  }
  return artanh2(over(x - ONE, x + ONE)) + halvings * artanh2(ONE / 3n);
}

/** The special functions by their definitions. Each is given at x = 0 by its limit. */
const FIXED = {
  exp: expFixed,
  log: logFixed,
  log1p: (x) => logFixed(ONE + x),
  phi2: (z) => (z === 0n ? ONE / 2n : over(expFixed(z) - ONE - z, times(z, z))),
  phi3: (z) =>
    z === 0n ? ONE / 6n : over(expFixed(z) - ONE - z - times(z, z) / 2n, times(z, times(z, z))),
  phi4: (z) =>
    z === 0n
      ? ONE / 24n
      : over(
          expFixed(z) - ONE - z - times(z, z) / 2n - times(z, times(z, z)) / 6n,
          times(times(z, z), times(z, z)),
        ),
  log1pc: (x) => (x === 0n ? ONE : over(logFixed(ONE + x), x)),
  dlog1pc: (x) => (x === 0n ? -ONE / 2n : over(over(ONE, ONE + x) - over(logFixed(ONE + x), x), x)),
  d2log1pc: (x) => {
    if (x === 0n) return (2n * ONE) / 3n;
    const slope = over(over(ONE, ONE + x) - over(logFixed(ONE + x), x), x);
    return -over(over(ONE, times(ONE + x, ONE + x)) + 2n * slope, x);
  },
} satisfies Record<string, (x: bigint) => bigint>;

export type Referenced = keyof typeof FIXED;

/** A function's value to float64's last bit or so. */
const rounded = (name: Referenced) => (x: number) => float(FIXED[name](fixed(x)));

export const REFERENCE = {
  exp: rounded("exp"),
  log: rounded("log"),
  phi2: rounded("phi2"),
  phi3: rounded("phi3"),
  phi4: rounded("phi4"),
  log1pc: rounded("log1pc"),
  dlog1pc: rounded("dlog1pc"),
  d2log1pc: rounded("d2log1pc"),
} as const;

/**
 * How far y is from a function's value at x, in units of y's last place: ½ or less if it is rounded
 * as well as can be. For |x| and |y| from 2⁻⁵⁰⁰ to 2⁵⁰⁰, or 0.
 */
export function errorInUlps(name: Referenced, x: number, y: number): number {
  const exact = FIXED[name](fixed(x));
  const exponent = Math.floor(Math.log2(Math.abs(y)));
  const ulp = y === 0 ? 1n : fixed(2 ** (exponent - 52));
  return Math.abs(Number(((fixed(y) - exact) * 10000n) / ulp)) / 10000;
}
