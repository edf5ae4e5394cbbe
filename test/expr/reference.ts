/**
 * Reference values from exact integer arithmetic: fixed point with hundreds of fraction bits, so
 * that no cancellation in these tests matters.
 */
class FixedPoint {
  readonly one: bigint;
  #ln2: bigint | undefined;

  constructor(readonly bits: bigint) {
    this.one = 1n << bits;
  }

  /** A float64 number exactly, if it is a multiple of 2⁻ᵇⁱᵗˢ. */
  from(x: number): bigint {
    let exponent = 0;
    while (!Number.isInteger(x)) {
      x *= 2;
      exponent++;
    }
    return (BigInt(x) << this.bits) >> BigInt(exponent);
  }

  times = (a: bigint, b: bigint): bigint => (a * b) >> this.bits;
  over = (a: bigint, b: bigint): bigint => (a << this.bits) / b;

  /** eˣ: Taylor at x/2¹⁰, squared ten times. */
  exp(x: bigint): bigint {
    const small = x >> 10n;
    let total = this.one;
    let term = this.one;
    for (let n = 1n; term !== 0n && term !== -1n; n++) {
      term = this.times(term, small) / n;
      total += term;
    }
    for (let i = 0; i < 10; i++) total = this.times(total, total);
    return total;
  }

  /** ln x, x > 0: halved or doubled into [¾, 3/2], then 2 artanh((x − 1)/(x + 1)). */
  log(x: bigint): bigint {
    let halvings = 0n;
    while (x > (3n * this.one) / 2n) {
      x >>= 1n;
      halvings++;
    }
    while (x < (3n * this.one) / 4n) {
      x <<= 1n;
      halvings--;
    }
    this.#ln2 ??= this.#artanh2(this.one / 3n);
    return this.#artanh2(this.over(x - this.one, x + this.one)) + halvings * this.#ln2;
  }

  /** 2 artanh(t) for |t| ≤ 1/3. */
  #artanh2(t: bigint): bigint {
    const square = this.times(t, t);
    let total = 0n;
    for (let n = 1n, power = t; power !== 0n && power !== -1n; n += 2n) {
      total += power / n;
      power = this.times(power, square);
    }
    return 2n * total;
  }
}

/** The special functions by their definitions. Each is given at x = 0 by its limit. */
const DEFINITIONS = {
  exp: (n, x) => n.exp(x),
  log: (n, x) => n.log(x),
  log1p: (n, x) => n.log(n.one + x),
  phi2: (n, z) => (z === 0n ? n.one / 2n : n.over(n.exp(z) - n.one - z, n.times(z, z))),
  phi3: (n, z) =>
    z === 0n
      ? n.one / 6n
      : n.over(n.exp(z) - n.one - z - n.times(z, z) / 2n, n.times(z, n.times(z, z))),
  phi4: (n, z) => {
    if (z === 0n) return n.one / 24n;
    const square = n.times(z, z);
    const rest = n.exp(z) - n.one - z - square / 2n - n.times(z, square) / 6n;
    return n.over(rest, n.times(square, square));
  },
  log1pc: (n, x) => (x === 0n ? n.one : n.over(n.log(n.one + x), x)),
  dlog1pc: (n, x) => (x === 0n ? -n.one / 2n : slope(n, x)),
  d2log1pc: (n, x) => {
    if (x === 0n) return (2n * n.one) / 3n;
    const inverse = n.over(n.one, n.times(n.one + x, n.one + x));
    return -n.over(inverse + 2n * slope(n, x), x);
  },
} satisfies Record<string, (n: FixedPoint, x: bigint) => bigint>;

/** The derivative of ln(1 + x)/x. */
const slope = (n: FixedPoint, x: bigint): bigint =>
  n.over(n.over(n.one, n.one + x) - n.over(n.log(n.one + x), x), x);

export type Referenced = keyof typeof DEFINITIONS;

const usual = new FixedPoint(700n);

/** A function's value to float64's last bit or so; the shift keeps the integer within its range. */
const rounded = (name: Referenced) => (x: number) =>
  Number(DEFINITIONS[name](usual, usual.from(x)) >> 100n) / 2 ** 600;

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

/** Arithmetic for numbers of usual size, and for any. */
const [near, far] = [new FixedPoint(400n), new FixedPoint(1400n)];

/**
 * How far y is from a function's value at x, in units of y's last place: ½ or less if it is rounded
 * as well as can be.
 */
export function errorInUlps(name: Referenced, x: number, y: number): number {
  const isUsual = [x, y].every((v) => Math.abs(v) > 1e-12 && Math.abs(v) < 1e12);
  const n = isUsual ? near : far;
  const ulp = n.from(lastPlace(y));
  const error = n.from(y) - DEFINITIONS[name](n, n.from(x));
  return Math.abs(Number((error * 10000n) / ulp)) / 10000;
}

/** The distance from a number to the next larger one of its binade. */
function lastPlace(y: number): number {
  const bits = new BigInt64Array(Float64Array.of(Math.abs(y)).buffer)[0];
  const exponent = Number(bits >> 52n);
  return 2 ** (Math.max(exponent, 1) - 1075);
}
