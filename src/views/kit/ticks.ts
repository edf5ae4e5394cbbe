/** Ticks of axes: round numbers, as many as can be labelled. */

/** How many labels of so many pixels each have room: at least two, which tell a scale. */
export const tickCount = (room: number, each: number): number =>
  Math.max(2, Math.floor(room / each));

/** Digits that ticks have in every power of ten, from few to many. */
const STEPS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9]] as const; // prettier-ignore

/**
 * The finest round numbers in a range of which there are at most `most`; powers of ten with gaps
 * where even these are more.
 *
 * @example logTicks([2e7, 7e8], 4) // 2e7, 5e7, 1e8, …: too many, so 3e7, 1e8, 3e8
 */
export function logTicks([from, to]: readonly [number, number], most: number): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const within = (digits: readonly number[]): number[] =>
    powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((x) => x >= from * (1 - 1e-9) && x <= to * (1 + 1e-9));
  const fitting = STEPS.map(within).filter(({ length }) => length <= most);
  const finest = fitting.at(-1);
  if (finest !== undefined && finest.length > 0) return finest;
  const decades = within(STEPS[0]);
  const gap = Math.max(1, Math.ceil(decades.length / Math.max(1, most)));
  return decades.filter((_, i) => i % gap === 0);
}
