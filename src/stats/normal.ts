/** The standard normal distribution, to the precision of float64. */

/** A polynomial by Horner's rule, the constant first. */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

// Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND16:
// numerators and denominators for the middle, the near and the far tails.
const MIDDLE = [
  [3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227],
  [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854],
] as const; // prettier-ignore
const NEAR = [
  [1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414],
  [1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9],
] as const; // prettier-ignore
const FAR = [
  [6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7],
  [1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15],
] as const; // prettier-ignore

const ratio = ([above, below]: typeof MIDDLE | typeof NEAR | typeof FAR, x: number): number =>
  polynomial(above, x) / polynomial(below, x);

/**
 * The z that a standard normal number stays below with probability p, to 1e-15 relative: −∞ for 0,
 * ∞ for 1, NaN outside.
 *
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(MIDDLE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  return Math.sign(q) * (r <= 5 ? ratio(NEAR, r - 1.6) : ratio(FAR, r - 5));
}

/** The density of a standard normal number at z. */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** The probability that a standard normal number is below z. */
export const normalCdf = (z: number): number => 0.5 * erfc(-z / Math.SQRT2);

/** The error function (2/√π)·∫₀ˣ e^(−t²) dt. */
export const erf = (x: number): number =>
  Math.abs(x) < SERIES ? series(x) : Math.sign(x) * (1 - fraction(Math.abs(x)));

/** 1 − erf(x), to 1e-14 relative. */
export const erfc = (x: number): number => (x < SERIES ? 1 - erf(x) : fraction(x));

/** Where the series gives way to the continued fraction. */
const SERIES = 1.25;

/** erf by (2/√π)·e^(−x²)·Σ 2ⁿx^(2n+1)/(1·3·…·(2n + 1)), whose terms have one sign (DLMF 7.6.2). */
function series(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc by its continued fraction (DLMF 7.9.1), from its end. */
function fraction(x: number): number {
  let below = x;
  for (let n = TERMS; n > 0; n--) below = x + n / 2 / below;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}

/** Enough from SERIES on. */
const TERMS = 150;
