import * as v from "valibot";
import { expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { type FitOptions, fitSettings } from "../../src/options/fit-options.ts";
import {
  anObject,
  aNumber,
  aPositive,
  aSeed,
  aWhole,
  byName,
  oneOf,
  readOptions,
} from "../../src/options/option-schema.ts";

const VERB = anObject({
  seed: v.optional(aSeed, 1),
  share: v.optional(aPositive),
  folds: v.optional(aWhole(2)),
  kind: v.optional(oneOf(["mean", "median"]), "mean"),
  caps: v.optional(byName(aNumber)),
  trust: v.optional(anObject({ radius: aPositive })),
});

test("defaults are filled in, and what is undefined counts as left out", () => {
  expect(readOptions("verb", VERB, { seed: undefined, share: 2 })).toEqual({
    seed: 1,
    share: 2,
    kind: "mean",
  });
});

test.each<[string, unknown, string, string]>([
  ["an unknown option", { sed: 3 }, 'verb has no option "sed"; did you mean "seed"?', "sed"],
  ["an unknown part", { trust: { radius: 1, radios: 1 } }, '‘trust’ has no option "radios"; did you mean "radius"?', "trust.radios"],
  ["a part that is missing", { trust: {} }, '‘trust’ needs the option "radius".', "trust.radius"],
  ["a wrong type", { share: "1" }, '‘share’ is "1"; it must be a number.', "share"],
  ["a number out of range", { share: 0 }, "‘share’ is 0; it must be a positive number.", "share"],
  ["what is no number", { share: NaN }, "‘share’ is NaN; it must be a number.", "share"],
  ["a fraction", { folds: 2.5 }, "‘folds’ is 2.5; it must be a whole number of at least 2.", "folds"],
  ["another word", { kind: "mode" }, '‘kind’ is "mode"; it must be one of mean, median.', "kind"],
  ["a list for an object", { caps: [1] }, "‘caps’ is [1]; it must be an object by name.", "caps"],
  ["a wrong value by name", { caps: { web: "5%" } }, '‘caps.web’ is "5%"; it must be a number.', "caps.web"],
  ["a function", { kind: () => 1 }, "‘kind’ is function; it must be one of mean, median.", "kind"],
])("%s is refused", (_, options, message, path) => {
  const read = (): unknown => readOptions("verb", VERB, options);
  expect(read).toThrow(InputError);
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ where: { option: path } }));
}); // prettier-ignore

test("a value in a message is cut, and need have no JSON", () => {
  const self: Record<string, unknown> = {};
  self["self"] = self;
  const refused = (caps: unknown): string => {
    try {
      readOptions("verb", VERB, { caps: { web: caps } });
      return "";
    } catch (error) {
      return String(error);
    }
  };
  expect(refused(self)).toContain("‘caps.web’ is a value without JSON; it must be a number.");
  expect(refused("x".repeat(1000)).length).toBeLessThan(200);
});

test("lists and ranges say what they must be", () => {
  const odd = (options: object): FitOptions => options;
  expect(() => fitSettings(odd({ profile: "alpha" }))).toThrow(
    '‘profile’ is "alpha"; it must be a list of parameters.',
  );
  expect(() => fitSettings(odd({ ranges: { alpha: 1 } }))).toThrow(
    "‘ranges.alpha’ is 1; it must be [low, high].",
  );
  expect(() => fitSettings(odd([]))).toThrow("fit: it must be an object of options.");
});

test("options that are no object are refused", () => {
  for (const options of [null, 3, "seed", []])
    expect(() => readOptions("verb", VERB, options)).toThrow("verb: it must be an object of options.");
}); // prettier-ignore

test("the options of a fit are those there are, with intervals in order", () => {
  const odd = { dleta: 1e-3 } as object;
  expect(() => fitSettings(odd)).toThrow('fit has no option "dleta"; did you mean "delta"?');
  expect(() => fitSettings({ bounds: { alpha: [3, 1] } })).toThrow(
    "‘bounds.alpha: 3:1’: the first must be below the second; to hold a value use ‘fix’.",
  );
  expect(fitSettings({ bounds: { alpha: [null, 1] } }).bounds).toEqual({ alpha: [null, 1] });
  expect(fitSettings({ starts: [{ A: 1 }] }).restarts).toBe(0);
  expect(() => fitSettings({ restarts: 0 })).toThrow("‘restarts’ is 0; it must be a whole number");
});
