import { expect, test } from "vitest";
import { secondsIn } from "../../src/records/duration.ts";

test.each([
  ["90s", 90],
  ["10m", 600],
  ["2h", 7200],
  ["1d", 86_400],
  ["1h30m", 5400],
  [" 1H 30 m ", 5400],
  ["0.5s", 0.5],
])("%s is %d seconds", (text, seconds) => {
  expect(secondsIn(text)).toBe(seconds);
});

test.each(["", "10", "m", "10 minutes", "-5m", "0s", "25d", "1e3s", "10m!", "m10", "NaNs", "∞h"])(
  "%j is no duration",
  (text) => {
    expect(secondsIn(text)).toBeUndefined();
  },
);
