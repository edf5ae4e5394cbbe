/**
 * How numbers are written for people: the one home of it. Files that programs read have numbers in
 * full precision and do not come here.
 */
import { formatLocale } from "d3-format";

/** English, with the minus sign of keyboards, so that a number pasted elsewhere is still one. */
const english = formatLocale({
  decimal: ".",
  thousands: ",",
  grouping: [3],
  currency: ["", ""],
  minus: "-",
});
const format = (specifier: string): ((value: number) => string) => english.format(specifier);

/** What stands in a table where there is no number. */
export const NONE = "–";

/** `places` decimals, zeros kept. @example fixed(0.5, 3) // "0.500" */
export const fixed = (value: number, places: number): string => format(`.${places}f`)(value);

/** At most `places` decimals, zeros dropped. @example rounded(0.5, 3) // "0.5" */
export const rounded = (value: number, places: number): string => format(`.${places}~f`)(value);

/** The same with its sign, for differences. @example signed(0.0141, 3) // "+0.014" */
export const signed = (value: number, places: number): string => format(`+.${places}f`)(value);

/** A digit, `places` decimals and a power of ten. @example exponential(8.4e20, 2) // "8.40e20" */
export const exponential = (value: number, places: number): string =>
  format(`.${places}e`)(value).replace("e+", "e");

/**
 * The least number of so many digits that is not below a positive one: for what is at least, or at
 * most, so much.
 *
 * @example roundedUp(0.02141, 2) // 0.022
 */
export function roundedUp(value: number, digits: number): number {
  const nearest = Number(value.toPrecision(digits));
  if (nearest >= value) return nearest;
  const step = 10 ** (Math.floor(Math.log10(value)) - digits + 1);
  return Number((nearest + step).toPrecision(digits));
}

/**
 * `digits` significant digits, zeros kept, so that a column lines up: plain, or with a power of ten
 * where the number is below 0.001 or has three more digits than that before its point.
 *
 * @example number(0.25) // "0.2500"
 * @example number(12345678, 3) // "1.23e7"
 */
export function number(value: number | null, digits = 4): string {
  if (value === null) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 1e-3 && size < 10 ** (digits + 2)
    ? format(`.${digits}r`)(value)
    : exponential(value, digits - 1);
}

/**
 * At most `digits` significant digits, zeros dropped, for sentences.
 *
 * @example significant(0.25, 3) // "0.25"
 * @example significant(12345, 3) // "12300"
 */
export function significant(value: number, digits: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-6 && size < 1e21)
    ? format(`.${digits}~r`)(value)
    : format(`.${digits - 1}~e`)(value).replace("e+", "e");
}

const UNITS = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** A count of parameters or tokens in three digits. @example compact(1.5e9) // "1.5B" */
export function compact(value: number): string {
  const near = Number(value.toPrecision(3));
  const [unit, letter] = UNITS.find(([least]) => near >= least) ?? [1, ""];
  return significant(value / unit, 3) + letter;
}

/** A count with its thousands apart. @example grouped(65536) // "65,536" */
export const grouped = (value: number): string => format(",d")(value);

/** Floating-point operations. @example flops(1e21) // "1.00e21" */
export const flops = (value: number): string => exponential(value, 2);

/** A part of a whole, in percent, for sentences. @example percent(0.95) // "95 %" */
export const percent = (part: number, digits = 6): string => `${significant(100 * part, digits)} %`;

/** The same for a column whose heading has the %. @example inPercent(0.4267) // "42.67" */
export const inPercent = (part: number, places = 2): string => fixed(100 * part, places);

/**
 * An error that is in percent already, with two digits that mean something.
 *
 * @example errorPercent(0.4712) // "0.47"
 * @example errorPercent(0.00317) // "0.0032"
 */
export function errorPercent(percents: number): string {
  if (percents >= 0.095 || percents === 0) return fixed(percents, 2);
  return percents >= 1e-6 ? format(".2r")(percents) : exponential(percents, 1);
}

/** A loss, a ratio of losses, or a difference of either, in columns of equal decimals. */
export const loss = (value: number): string =>
  Math.abs(value) < 1e4 ? fixed(value, 4) : number(value, 5);

/** A gain in loss that may be small, in a column. */
export const gain = (value: number): string =>
  value !== 0 && Math.abs(value) < 5e-4 ? number(value, 2) : fixed(value, 4);

/** A probability that is compared with small ones. @example probability(1e-7) // "≤ 0.001" */
export const probability = (p: number): string => (p <= 0.001 ? "≤ 0.001" : number(p, 2));

/** How many times data are seen. @example epochs(4) // "4.0" */
export const epochs = (times: number): string =>
  fixed(times, times >= 99.95 ? 0 : times < 0.995 ? 2 : 1);

/** A duration in seconds as a person says it. @example seconds(75) // "1 min 15 s" */
export function seconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 60) return `${fixed(value, 1)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
