import { expect, test } from "vitest";
import { sharesFrom } from "../../../src/mixture/constraints/kinds/shares.ts";
import { parseConstraints } from "../../../src/mixture/constraints/read-constraints.ts";

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
])("refused: %s", (text, message) => {
  expect(() => parseConstraints(text, "c.yaml")).toThrow(message);
});

test.each(["web=", "web=%", "web=0x1", "web=1e", "web=--1", "=0.1"])(
  "floors %s is refused with the piece",
  (text) => {
    expect(() => sharesFrom("constraints.floors", [text])).toThrow(/^‘constraints.floors’: "/);
  },
);
