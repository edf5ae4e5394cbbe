import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { style, width } from "../../../src/cli/io/output.ts";
import { COLORED, PLAIN } from "../../../src/cli/text/style.ts";

beforeEach(() => {
  for (const name of ["NO_COLOR", "FORCE_COLOR", "COLUMNS"]) vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("colors", () => {
  const [terminal, pipe] = [{ isTTY: true }, {}];

  test("are for terminals that know them", () => {
    expect(style(terminal)).toBe(COLORED);
    expect(style(pipe)).toBe(PLAIN);
    vi.stubEnv("TERM", "dumb");
    expect(style(terminal)).toBe(PLAIN);
  });

  test("are asked for by FORCE_COLOR, but for 0 and false", () => {
    vi.stubEnv("FORCE_COLOR", "1");
    expect(style(pipe)).toBe(COLORED);
    for (const none of ["0", "false"]) {
      vi.stubEnv("FORCE_COLOR", none);
      expect(style(terminal)).toBe(PLAIN);
    }
  });

  test("are forbidden by NO_COLOR, whatever else is asked", () => {
    vi.stubEnv("NO_COLOR", "1");
    vi.stubEnv("FORCE_COLOR", "1");
    expect(style(terminal)).toBe(PLAIN);
    vi.stubEnv("NO_COLOR", "");
    expect(style(terminal)).toBe(COLORED);
  });
});

describe("the width", () => {
  test("is the terminal's, from 40 to 120 columns", () => {
    const at = (columns: number): number => width({ isTTY: true, columns });
    expect([20, 60, 80, 120, 200].map(at)).toEqual([40, 60, 80, 120, 120]);
    expect(at(0)).toBe(110);
  });

  test("of pipes is 110 columns, or what COLUMNS says", () => {
    expect(width({})).toBe(110);
    vi.stubEnv("COLUMNS", "72");
    expect(width({})).toBe(72);
    expect(width({ isTTY: true, columns: 100 })).toBe(100);
    vi.stubEnv("COLUMNS", "wide");
    expect(width({})).toBe(110);
  });
});
