import { describe, expect, test } from "vitest";
import type { TextReader } from "../../../src/mixture/constraints/kinds/kind.ts";
import { parseConstraints, withFlags } from "../../../src/mixture/constraints/read-constraints.ts";
import { optimizeOptions } from "../../../src/mixture/request/check-options.ts";

/** Files of tokens are read by the command line, which has its own tests. */
const reader: TextReader = {
  domains: [],
  tokens: (text) => Promise.resolve({ [text]: 1e9 }),
  numbers: () => ({}),
};

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

  test("a file may say 5% and 1/1000 as the flags do", () => {
    const yaml =
      "floors: { web: 5%, code: 0.1 }\ngroups:\n  - { name: stem, domains: [math, code], min: 20%, max: '30 %' }\natLeastOrZero: { code: 2.5% }\nlattice: 1/1000\n";
    expect(parseConstraints(yaml, "c.yaml")).toEqual({
      floors: { web: 0.05, code: 0.1 },
      groups: [{ name: "stem", domains: ["math", "code"], min: 0.2, max: 0.3 }],
      atLeastOrZero: { code: 0.025 },
      lattice: 1000,
    });
  });

  test.each([
    [
      "floors: { web: 5 percent }",
      'c.yaml: floors.web is "5 percent"; it must be a share, such as 0.05 or 5%.',
    ],
    ["caps: { web: [1] }", "c.yaml: caps.web is [1]; it must be a share"],
    ["caps: { web: .nan }", "c.yaml: caps.web is NaN; it must be a share"],
    ["lattice: 1:1000", 'c.yaml: lattice is "1:1000"; it must be a lattice such as 1/1000'],
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
