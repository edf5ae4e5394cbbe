import { describe, expect, test } from "vitest";
import { groupFrom } from "../../../../src/mixture/constraints/kinds/group.ts";
import { latticeFrom } from "../../../../src/mixture/constraints/kinds/lattice.ts";
import { sharesFrom } from "../../../../src/mixture/constraints/kinds/shares.ts";
import { trustFrom } from "../../../../src/mixture/constraints/kinds/trust.ts";

describe("constraints as texts", () => {
  test("shares, also in percent", () => {
    expect(sharesFrom("constraints.floors", ["web=0.1, code=5%", "a=b=1e-3"])).toEqual({
      web: 0.1,
      code: 0.05,
      "a=b": 1e-3,
    });
  });

  test("groups with a name, and each relation", () => {
    expect(groupFrom("math+code>=0.2")).toEqual({ domains: ["math", "code"], min: 0.2 });
    expect(groupFrom("stem: math + code <= 30%")).toEqual({
      name: "stem",
      domains: ["math", "code"],
      max: 0.3,
    });
    expect(groupFrom("math+code=0.25")).toEqual({
      domains: ["math", "code"],
      min: 0.25,
      max: 0.25,
    });
  });

  test("balls and lattices", () => {
    expect(trustFrom("l1<=0.2")).toEqual({ measure: "l1", radius: 0.2 });
    expect(trustFrom("KL <= 5e-2")).toEqual({ measure: "kl", radius: 0.05 });
    expect(latticeFrom("1/1000")).toBe(1000);
  });

  test.each([
    [
      () => sharesFrom("constraints.caps", ["web"]),
      '‘constraints.caps’: "web" is not of the form domain=share',
    ],
    [
      () => sharesFrom("constraints.caps", ["web=many"]),
      '‘constraints.caps’: "many" is not a share',
    ],
    [() => sharesFrom("constraints.caps", ["web=1,web=2"]), '‘constraints.caps’ names "web" twice'],
    [() => groupFrom("math>0.2"), "is not of the form domains>=share"],
    [() => groupFrom("math++code>=0.2"), "empty domain name"],
    [() => trustFrom("l2<=1"), "neither 'l1<=RADIUS' nor 'kl<=RADIUS'"],
    [() => latticeFrom("1000"), "is not of the form 1/N"],
  ])("refused with the option and the piece: %#", (act, message) => {
    expect(act).toThrow(message);
  });
});

test.each(["web=", "web=%", "web=0x1", "web=1e", "web=--1", "=0.1"])(
  "floors %s is refused with the piece",
  (text) => {
    expect(() => sharesFrom("constraints.floors", [text])).toThrow(/^‘constraints.floors’: "/);
  },
);
