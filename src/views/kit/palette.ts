/**
 * The colors of all views, as CSS variables, so that one picture serves light, dark and print. Hues
 * are those of Okabe and Ito (2008, "Color universal design"), which people with color blindness
 * tell apart, with a lightness that has contrast on both grounds. `style.ts` gives the values.
 */

/** By what a color means. */
export const COLOR = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--grid)",
  paper: "var(--paper)",
  optimum: "var(--optimum)",
  reference: "var(--reference)",
  uniform: "var(--uniform)",
  train: "var(--train)",
  test: "var(--test)",
  backtest: "var(--backtest)",
  better: "var(--better)",
  worse: "var(--worse)",
} as const;

/** Colors of things without an order, such as targets and laws: the n-th thing has the n-th. */
const SERIES = 8;
/** The color of the n-th of several series, from 0; they repeat after eight. */
export const seriesColor = (n: number): string => `var(--series-${(n % SERIES) + 1})`;

/**
 * A color between two, for scales.
 *
 * @param part 0 for the first, 1 for the second
 */
export const between = (first: string, second: string, part: number): string =>
  `color-mix(in oklab, ${second} ${(100 * part).toFixed(1)}%, ${first})`;

/** A color as it looks on the ground at an opacity, for legends of pale marks. */
export const faint = (color: string, opacity: number): string =>
  `color-mix(in srgb, ${color} ${Math.round(100 * opacity)}%, ${COLOR.paper})`;

/** A color of an ordered quantity, from 0 (the least) to 1. */
export const orderedColor = (part: number): string =>
  between("var(--low)", "var(--high)", Math.min(1, Math.max(0, part)));

/** A color on both sides of nothing: −1 is much better, 0 the ground, 1 much worse. */
export const signedColor = (part: number): string =>
  between(COLOR.paper, part < 0 ? COLOR.better : COLOR.worse, Math.min(1, Math.abs(part)));
