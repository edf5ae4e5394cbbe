import { optimizeOptions } from "../../../src/mixture/request/check-options.ts";
import { describe, expect, test } from "vitest";
import type { TextReader } from "../../../src/mixture/constraints/kinds/kind.ts";
import { groupFrom } from "../../../src/mixture/constraints/kinds/group.ts";
import { latticeFrom } from "../../../src/mixture/constraints/kinds/lattice.ts";
import { sharesFrom } from "../../../src/mixture/constraints/kinds/shares.ts";
import { trustFrom } from "../../../src/mixture/constraints/kinds/trust.ts";
import { parseConstraints, withFlags } from "../../../src/mixture/constraints/read-constraints.ts";

/** Files of tokens are read by the command line, which has its own tests. */
const reader: TextReader = {
  tokens: (text) => Promise.resolve({ [text]: 1e9 }),
  numbers: () => ({}),
};

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

describe("a constraints file", () => {
  test("has the keys of the library, in YAML or JSON", () => {
    const yaml =
      "caps: { web: 0.5 }\ngroups:\n  - { domains: [math, code], min: 0.2 }\ntrust: { measure: kl, radius: 0.1 }\n";
    const read = parseConstraints(yaml, "c.yaml");
    expect(read).toEqual({
      caps: { web: 0.5 },
      groups: [{ domains: ["math", "code"], min: 0.2 }],
      trust: { measure: "kl", radius: 0.1 },
    });
    expect(parseConstraints(JSON.stringify(read), "c.json")).toEqual(read);
    expect(parseConstraints("", "empty.yaml")).toEqual({});
  });

  test.each([
    ["caps: [", "c.yaml is not YAML or JSON"],
    ["caps: { web: much }", "c.yaml: caps.web"],
    ["cups: {}", 'c.yaml: a constraints file has no option "cups"; did you mean "caps"?'],
    ["[]", "c.yaml: a constraints file: it must be an object of options."],
  ])("refused: %s", (text, message) => {
    expect(() => parseConstraints(text, "c.yaml")).toThrow(message);
  });

  test("and flags add up; the same thing twice is refused", async () => {
    const file = { caps: { web: 0.5 }, lattice: 10, available: { web: 1e9 } };
    const flags = { caps: ["code=0.2"], groups: ["a+b>=0.1"], maxEpochs: ["2"] };
    expect(await withFlags(file, flags, reader)).toEqual({
      ...file,
      caps: { web: 0.5, code: 0.2 },
      groups: [{ domains: ["a", "b"], min: 0.1 }],
      maxEpochs: 2,
    });
    await expect(withFlags(file, { caps: ["web=0.2"] }, reader)).rejects.toThrow(
      'both ‘constraints.caps’ and the constraints file name "web"',
    );
    await expect(withFlags(file, { lattice: ["1/100"] }, reader)).rejects.toThrow(
      "both ‘constraints.lattice’ and the constraints file",
    );
    await expect(withFlags(file, { available: ["tokens.csv"] }, reader)).rejects.toThrow(
      "both ‘constraints.available’ and the constraints file",
    );
  });
});

describe("constraints of a library caller", () => {
  test.each([
    [{ floor: { web: 0.1 } }, /‘constraints’ has no option "floor"; did you mean "floors"\?/],
    [{ floors: { web: "lots" } }, /‘constraints.floors.web’ is "lots"; it must be a share/],
    [{ trust: { measure: "l2", radius: 1 } }, /‘constraints.trust.measure’ is "l2"/],
    [{ trust: { measure: "l1" } }, /‘constraints.trust’ needs the option "radius"/],
    ["web=0.1", /‘constraints’ is "web=0.1"; it must be an object/],
  ])("%j is refused with what is wrong with it", (request, message) => {
    expect(() => optimizeOptions({ constraints: request })).toThrow(message);
  });

  test("what the type allows passes as it is", () => {
    const request = {
      floors: { web: 0.1 },
      groups: [{ domains: ["a", "b"], min: 0.2 }],
      trust: { measure: "l1", radius: 0.2 },
      lattice: 100,
    };
    expect(optimizeOptions({ constraints: request }).constraints).toEqual(request);
  });
});
