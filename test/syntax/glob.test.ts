import { expect, test } from "vitest";
import { matchesGlob } from "../../src/syntax/glob.ts";
import { fc } from "../support/property.ts";

test.each([
  ["h_*", "h_web", true],
  ["h_*", "h_", true],
  ["h_*", "x_web", false],
  ["*", "", true],
  ["?", "", false],
  ["?", "é", true],
  ["?", "😀", true],
  ["*_train", "loss_train", true],
  ["*a*b*c", "xxaxxbxxc", true],
  ["*a*b*c", "xxbxxaxxc", false],
  ["a.c", "abc", false],
  ["*[*", "a[b", true],
  ["a\n*", "a\nb", true],
])("%j and %j: %s", (glob, name, matches) => {
  expect(matchesGlob(glob, name)).toBe(matches);
});

/** The same as a regular expression, which is slow where there are many stars. */
const asPattern = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`, "su"); // prettier-ignore

test("a glob matches what its regular expression matches", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "."), maxLength: 8 });
  fc.assert(
    fc.property(text, text, (glob, name) => {
      expect(matchesGlob(glob, name)).toBe(asPattern(glob).test(name));
    }),
  );
});

test("many stars take no time", () => {
  expect(matchesGlob("*a".repeat(2000), `${"a".repeat(3000)}b`)).toBe(false);
});
