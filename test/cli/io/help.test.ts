import { expect, test } from "vitest";
import { helpText } from "../../../src/cli/io/help.ts";
import { PLAIN } from "../../../src/cli/text/style.ts";

const TEXT = `
Prose of several lines
is one paragraph.

Examples:
  mixlaw fit runs.csv --law additive     fits
  mixlaw laws                            lists

The end.`;

test("prose is broken at the width, and what an example does stands beside it", () => {
  expect(helpText(TEXT, 60, PLAIN)).toBe(`Prose of several lines is one paragraph.

Examples:
  mixlaw fit runs.csv --law additive    fits
  mixlaw laws                           lists

The end.`);
});

test("or below it, where there is no room; command lines are never broken", () => {
  expect(helpText(TEXT, 30, PLAIN)).toBe(`Prose of several lines is one
paragraph.

Examples:
  mixlaw fit runs.csv --law additive
      fits
  mixlaw laws
      lists

The end.`);
});
