/**
 * Taylor polynomials of φₖ around the multiples of ¼ from −10 to 10. The values at the centers are
 * computed in fixed point with 104 fraction bits: in a few digits of 26 bits each, as BigInt takes
 * ten times as long and a program waits for this.
 */

/** Pieces a unit of z. */
export const PIECES = 4;
/** The table covers |z| < 10. */
export const REACH = 10;
/**
 * Of |d| ≤ ⅛ around a center, the first term that is left out is d¹¹/11! of φ or less: 2⁻⁵⁸.
 */
export const DEGREE = 10;
/** Numbers a piece: an even count. */
export const STRIDE = DEGREE + 2;

const BASE = 2 ** 26;
/** A number: a whole part with the sign, then digits of BASE. */
type Fixed = [whole: number, a: number, b: number, c: number, d: number];
const ONE: Readonly<Fixed> = [1, 0, 0, 0, 0];

/** x·m/d, rounded down; whole numbers m and d whose product with BASE is exact. */
function scaled(x: Readonly<Fixed>, m: number, d: number): Fixed {
  const result: Fixed = [0, 0, 0, 0, 0];
  let rest = 0;
  for (let at = 0; at < result.length; at++) {
    const digit = x[at] * m + rest * BASE;
    result[at] = Math.floor(digit / d);
    rest = digit - result[at] * d;
  }
  return carried(result);
}

/** x + y. */
const sum = (x: Readonly<Fixed>, y: Readonly<Fixed>): Fixed =>
  carried([x[0] + y[0], x[1] + y[1], x[2] + y[2], x[3] + y[3], x[4] + y[4]]);

/** The same number with every digit from 0 to BASE − 1. */
function carried(x: Fixed): Fixed {
  for (let at = x.length - 1; at > 0; at--) {
    const carry = Math.floor(x[at] / BASE);
    x[at] -= carry * BASE;
    x[at - 1] += carry;
  }
  return x;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

const float = (x: Readonly<Fixed>): number => x.reduceRight((total, digit) => total / BASE + digit);

/**
 * φₖ(c), …, φₖ₊ₙ(c) at c = m/4, n = DEGREE: with ψⱼ = j!·φⱼ that is ψⱼ₋₁ = 1 + c·ψⱼ/j, from an
 * order on where ψ is 1 as well as anything: 2⁻⁶⁷ of it is left out.
 */
function phis(m: number, k: number): number[] {
  const values: number[] = [];
  let psi = ONE;
  for (let j = k + DEGREE + 16 + Math.abs(m); j > k; j--) {
    psi = sum(ONE, scaled(psi, m, PIECES * j));
    if (j <= k + DEGREE + 1) values.unshift(float(psi) / factorial(j - 1));
  }
  // The polynomial's first coefficient is rounded once.
  values[0] = float(scaled(psi, 1, factorial(k)));
  return values;
}

/** φₖ⁽ʲ⁾(c)/j! at c = m/4 for j ≤ DEGREE, from φᵢ′ = φᵢ − i·φᵢ₊₁. */
function taylor(m: number, k: number): number[] {
  const derivatives = phis(m, k);
  return derivatives.map((_, j) => {
    const coefficient = derivatives[0] / factorial(j);
    for (let i = 0; i + j < DEGREE; i++) derivatives[i] -= (k + i) * derivatives[i + 1];
    return coefficient;
  });
}

/** The coefficients of every piece, in order, each piece as many numbers as `STRIDE`. */
export function phiTable(k: number): number[] {
  const last = REACH * PIECES;
  return Array.from({ length: 2 * last + 1 }, (_, piece) => [...taylor(piece - last, k), 0]).flat();
}
