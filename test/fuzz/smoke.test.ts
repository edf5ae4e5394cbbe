/** Every input that was once a finding, and a few new ones for each harness. */
import { expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { allCases } from "./cases.ts";
import { GROUP_NAMES, GROUPS } from "./harnesses.ts";
import { problemOf } from "./judge.ts";

/** Inputs for a harness, where they are quick to run. */
const FEW = 6;
/** A fit each. */
const SLOW = new Set(["commands", "extremes", "fit-options", "validate-options", "scale-options"]);

const loaded = await Promise.all(GROUP_NAMES.map((group) => GROUPS[group]()));
const harnesses = loaded.flat();

test.each(allCases())("the case %s", async (_, { harness: name, input }) => {
  const harness = harnesses.find((each) => each.name === name);
  expect(harness?.name).toBe(name);
  if (harness !== undefined) expect(await problemOf(harness, input)).toBeUndefined();
});

test.each(harnesses)("$name: any input gives a result or a clear error", async (harness) => {
  const property = fc.asyncProperty(harness.inputs, async (input) => {
    expect(await problemOf(harness, input)).toBeUndefined();
  });
  const isSlow = SLOW.has(harness.name) || harness.every !== undefined;
  await fc.assert(property, { numRuns: isSlow ? 1 : FEW });
});
