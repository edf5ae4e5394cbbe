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

/** The lowest and the highest k of the tables; values go to order HIGHEST + DEGREE. */
const [LOWEST, HIGHEST] = [2, 4];
const BASE = 2 ** 26;
/** Numbers are a whole part with the sign, then digits of BASE. */
const DIGITS = 5;

/** x becomes x·m/d, rounded down; |m|·BASE and d·BASE are exact. */
function scale(x: Float64Array, m: number, d: number): void {
  let rest = 0;
  for (let at = 0; at < DIGITS; at++) {
    const digit = x[at] * m + rest * BASE;
    x[at] = Math.floor(digit / d);
    rest = digit - x[at] * d;
  }
}

/** Every digit becomes one from 0 to BASE − 1, the number stays. */
function carry(x: Float64Array): void {
  for (let at = DIGITS - 1; at > 0; at--) {
    const over = Math.floor(x[at] / BASE);
    x[at] -= over * BASE;
    x[at - 1] += over;
  }
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

const float = (x: Float64Array): number => x.reduceRight((total, digit) => total / BASE + digit);

/** φₖ(c) of all orders at a center c; those of the tables' own k are rounded once. */
type Values = readonly number[];

/**
 * The values at c = m/4: with ψⱼ = j!·φⱼ that is ψⱼ₋₁ = 1 + c·ψⱼ/j, from an order on where ψ is 1
 * as well as anything: 2⁻⁶⁷ of it is left out.
 */
function valuesAt(m: number): Values {
  const last = HIGHEST + DEGREE;
  const values: number[] = [];
  const psi = Float64Array.of(1, 0, 0, 0, 0);
  for (let j = last + 16 + Math.abs(m); j > LOWEST; j--) {
    scale(psi, m, PIECES * j);
    psi[0]++;
    carry(psi);
    if (j > last + 1) continue;
    values[j - 1] = float(psi) / factorial(j - 1);
    if (j > HIGHEST + 1) continue;
    const phi = psi.slice();
    scale(phi, 1, factorial(j - 1));
    values[j - 1] = float(phi);
  }
  return values;
}

/** φₖ⁽ʲ⁾(c)/j! for j ≤ DEGREE, from φᵢ′ = φᵢ − i·φᵢ₊₁. */
function taylor(values: Values, k: number): number[] {
  const derivatives = values.slice(k, k + DEGREE + 1);
  const coefficients: number[] = [];
  for (let j = 0, scaling = 1; j <= DEGREE; j++, scaling *= j) {
    coefficients.push(derivatives[0] / scaling);
    for (let i = 0; i + j < DEGREE; i++) derivatives[i] -= (k + i) * derivatives[i + 1];
  }
  return coefficients;
}

/** The values at all centers, in order. */
let centers: readonly Values[] | undefined;

/** The coefficients of every piece, in order, each piece as many numbers as `STRIDE`. */
export function phiTable(k: number): number[] {
  const last = REACH * PIECES;
  centers ??= Array.from({ length: 2 * last + 1 }, (_, piece) => valuesAt(piece - last));
  return centers.flatMap((values) => [...taylor(values, k), 0]);
}
