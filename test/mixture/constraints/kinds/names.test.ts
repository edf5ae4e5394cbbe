import { describe, expect, test } from "vitest";
import { groupFrom } from "../../../../src/mixture/constraints/kinds/group.ts";
import { ratioFrom } from "../../../../src/mixture/constraints/kinds/ratio.ts";
import { sharesFrom } from "../../../../src/mixture/constraints/kinds/shares.ts";
import type { FitFile } from "../../../../src/fit/result/fit-file.ts";
import { poseProblem } from "../../../../src/mixture/problem/pose-problem.ts";
import { AT, drawLosses, fileOf } from "../../fixture.ts";

const COLONS = ["dclm:science", "dclm:art", "science", "wiki"];
const SIGNS = ["c++", "c#", "a/b", "x<=1", "it's"];

describe("names of domains in constraints", () => {
  test("a group of a known domain is no group with a name", () => {
    expect(groupFrom("dclm:science<=0.01", COLONS)).toEqual({ domains: ["dclm:science"], max: 0.01 }); // prettier-ignore
    expect(groupFrom("dclm:science<=0.01")).toEqual({ name: "dclm", domains: ["science"], max: 0.01 }); // prettier-ignore
    expect(groupFrom("dclm:science + dclm:art >= 5%", COLONS).domains).toEqual(["dclm:science", "dclm:art"]); // prettier-ignore
    expect(groupFrom("arts:dclm:art+wiki=0.2", COLONS)).toEqual({ name: "arts", domains: ["dclm:art", "wiki"], min: 0.2, max: 0.2 }); // prettier-ignore
  });

  test("what has two meanings is refused, and quotes are the way out", () => {
    expect(() => groupFrom("nature:dclm:science+wiki<=0.3", COLONS)).toThrow(
      'can be read as nature:"dclm:science"+"wiki" and as nature:dclm:"science"+"wiki"',
    );
    expect(groupFrom('nature:"dclm:science"+"wiki"<=0.3', COLONS)).toEqual({ name: "nature", domains: ["dclm:science", "wiki"], max: 0.3 }); // prettier-ignore
    expect(() => groupFrom("a+b<=0.3", ["a", "b", "a+b"])).toThrow('as "a"+"b" and as "a+b"');
    expect(groupFrom('"a+b"<=0.3', ["a", "b", "a+b"]).domains).toEqual(["a+b"]);
    expect(() => ratioFrom("a/b/c<=1", ["a", "b/c", "a/b", "c"])).toThrow("can be read as");
    expect(ratioFrom('a/"b/c"<=1', ["a", "b/c", "a/b", "c"]).denominator).toEqual(["b/c"]);
  });

  test("known names hold any sign", () => {
    expect(groupFrom("c+++c#>=0.4", SIGNS).domains).toEqual(["c++", "c#"]);
    expect(groupFrom("x<=1+it's<=0.4", SIGNS)).toEqual({ domains: ["x<=1", "it's"], max: 0.4 });
    expect(ratioFrom("a/b+c++/c#>=2", SIGNS)).toEqual({ numerator: ["a/b", "c++"], denominator: ["c#"], min: 2 }); // prettier-ignore
    expect(sharesFrom("constraints.caps", ["x<=1=5%,c#=0.1"], SIGNS)).toEqual({ "x<=1": 0.05, "c#": 0.1 }); // prettier-ignore
  });
});

test("in the library, names of an object's own properties are names", () => {
  const names = ["__proto__", "constructor", "toString"];
  const renamed = names.reduce(
    (text, name, i) => text.replaceAll(`d${i}`, name),
    JSON.stringify(fileOf(drawLosses("mixture", 3, 1, 1))),
  );
  const file = JSON.parse(renamed) as FitFile;
  const problem = (text: string) =>
    poseProblem(
      file,
      { ...AT, constraints: JSON.parse(text) as object, reference: JSON.parse('{"__proto__":1}') as Record<string, number> }, // prettier-ignore
    );
  const { region, reference } = problem('{"caps":{"__proto__":0.2,"constructor":0.5},"floors":{"toString":0.1}}'); // prettier-ignore
  expect([...reference]).toEqual([1, 0, 0]);
  expect(region.limits.map(({ name }) => name)).toEqual([
    "floor toString ≥ 10 %",
    "cap __proto__ ≤ 20 %",
    "cap constructor ≤ 50 %",
  ]);
  expect(() => problem('{"caps":{"hasOwnProperty":0.2}}')).toThrow(
    'the cap names the domain "hasOwnProperty", which the fit does not have',
  );
});
