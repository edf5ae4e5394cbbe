/** Durations as people write them. */

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const PARTS = /(\d+(?:\.\d+)?)([smhd])/g;
/** The longest in seconds that timers count: 2³¹ milliseconds are 24.8 days. */
export const LONGEST_DURATION = 24 * UNITS.d;

/** The seconds of an option that is checked already. */
export const secondsOf = (duration: number | string | undefined): number | undefined =>
  typeof duration === "string" ? secondsIn(duration) : duration;

/** What a duration is like, for messages. */
export const DURATION_IN_WORDS =
  "a time such as 90s, 10m, 2h or 1h30m (s, m, h, d), above 0 and at most 24d";

/**
 * Seconds of a duration; undefined for a text that is none.
 *
 * @example secondsIn("1h30m") // 5400
 */
export function secondsIn(text: string): number | undefined {
  const compact = text.trim().toLowerCase().replace(/\s+/g, "");
  if (compact.replace(PARTS, "") !== "") return undefined;
  const parts = [...compact.matchAll(PARTS)];
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
    0,
  );
  return seconds > 0 && seconds <= LONGEST_DURATION ? seconds : undefined;
}
