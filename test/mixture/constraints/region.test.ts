import { describe, expect, test } from "vitest";
import type { ConstraintRequest } from "../../../src/mixture/constraints/constraint-kinds.ts";
import { type Region, regionOf } from "../../../src/mixture/constraints/region.ts";
import { settingOf } from "../../../src/mixture/problem/pose-problem.ts";
import { AT } from "../fixture.ts";

test("what no mixture violates is left out, so that it changes nothing", () => {
  const setting = settingOf([], AT, {
    space: { domains: ["web", "code"] },
    reference: Float64Array.of(0.75, 0.25),
    tokens: undefined,
  });
  const region = (request: ConstraintRequest): Region => regionOf(request, setting);
  const none = region({});
  const group = { domains: ["web", "code"] };
  const ball = (measure: "l1" | "kl", radius: number): ConstraintRequest => ({
    trust: { measure, radius },
  });
  expect(region({ groups: [{ ...group, max: 1 }] })).toEqual(none);
  expect(region({ groups: [{ ...group, max: 0.9 }] }).limits).toHaveLength(none.limits.length + 1);
  expect(region(ball("l1", 1.5))).toEqual(none);
  expect(region(ball("l1", 1.4)).l1).toMatchObject({ radius: 1.4 });
  expect(region(ball("kl", Math.log(4)))).toEqual(none);
  expect(region(ball("kl", 1.3)).curved).toHaveLength(1);
});

describe("what cannot be meant is refused", () => {
  const setting = settingOf([], AT, {
    space: { domains: ["web", "code"] },
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
