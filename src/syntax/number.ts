/** Numbers as people type them: decimal notation, and counts with a letter. */

/** A decimal number without a sign, as the source of a pattern: 7, 0.5, .5, 3., 1e9. */
export const DECIMAL = String.raw`(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;

/** What may follow a number, in capitals, as a power of ten. */
const SUFFIXES: Readonly<Record<string, number>> = { K: 3, M: 6, B: 9, G: 9, T: 12, "%": -2 };

/**
 * The power of ten of a suffix, capital or not; undefined for what is none.
 *
 * @example suffixPower("B") // 9
 */
export function suffixPower(text: string): number | undefined {
  const capital = text.toUpperCase();
  return Object.hasOwn(SUFFIXES, capital) ? SUFFIXES[capital] : undefined;
}

/**
 * Decimal digits times a power of ten, rounded once: 0.3B is 300000000, and not the
 * 300000000.00000006 that a product gives.
 *
 * @example scaled("1.5", 9) // 1500000000
 */
export function scaled(digits: string, power: number): number {
  const [mantissa, exponent = "0"] = digits.toLowerCase().split("e");
  return Number(`${mantissa}e${Number(exponent) + power}`);
}

/** Digits in groups of three, as spreadsheets write thousands: 1,000 or 2,500,000.5, not 0,125. */
const GROUPED = String.raw`[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?`;

const WHOLE = new RegExp(`^(${DECIMAL}|${GROUPED}) ?(\\D?)$`);

/**
 * The finite number that a text is, without a sign: 0.5, 7B, 150b, 1,000, 12 %; undefined for what
 * is none.
 */
export function toScaled(text: string): number | undefined {
  const [, digits, suffix = ""] = WHOLE.exec(text) ?? [];
  const power = suffix === "" ? 0 : suffixPower(suffix);
  const value =
    digits === undefined || power === undefined ? NaN : scaled(digits.replaceAll(",", ""), power);
  return Number.isFinite(value) ? value : undefined;
}
