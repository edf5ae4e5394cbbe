import { describe, expect, test } from "vitest";
import { regionOf } from "../../../src/mixture/constraints/region.ts";
import { settingOf } from "../../../src/mixture/problem/pose-problem.ts";
import { AT } from "../fixture.ts";

describe("what cannot be meant is refused", () => {
  const setting = settingOf([], AT, {
    domains: ["web", "code"],
    reference: Float64Array.of(0.5, 0.5),
    tokens: undefined,
  });

  test.each([
    [
      { floors: { wbe: 0.1 } },
      'the floor names the domain "wbe", which the fit does not have; did you mean "web"?',
    ],
    [{ caps: { web: 1.2 } }, "the cap of web is 1.2; shares are from 0 to 1"],
    [
      { groups: [{ domains: ["web", "code"] }] },
      "the group web+code has neither a least nor a greatest share",
    ],
    [{ available: { web: 1e9 } }, "Give them with ‘tokens’"],
    [{ trust: { measure: "l1" as const, radius: -1 } }, "the radius of ‘constraints.trust’ is -1"],
    [{ lattice: 1.5 }, "‘constraints.lattice’ is 1/1.5"],
    [
      { maxEpochs: 2 },
      "‘constraints.maxEpochs’ needs to know what there is: give ‘constraints.available’",
    ],
  ])("%j", (request, message) => {
    expect(() => regionOf(request, setting)).toThrow(message);
  });
});
