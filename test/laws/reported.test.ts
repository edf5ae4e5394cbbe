/** One parameter of a report, by its coordinate. */
import { expect, test } from "vitest";
import { byNames } from "../../src/base/objects.ts";
import { input, mul, param, sub } from "../../src/expr/graph.ts";
import { evaluate, evaluation } from "../../src/expr/float64.ts";
import { bind } from "../../src/laws/bind.ts";
import { CATALOG } from "../../src/laws/catalog/catalog.ts";
import { flatten, reportedOf } from "../../src/laws/parameters/parameters.ts";

const DOMAINS = ["web", "__proto__", "toString"];
const UNITS = { params: 3e8, tokens: 1e10 };

test.each([...CATALOG.values()].filter(({ uses }) => uses.weights).map((law) => [law.name, law]))(
  "%s: it is what the whole report has by its label",
  (_, law) => {
    const bound = bind(law, DOMAINS, { signs: "positive" }, UNITS);
    const theta = Float64Array.from(bound.coordinates, (__, i) => 0.3 + 0.01 * i);
    const reported = bound.reportAt(theta);
    const flat = flatten(reported);
    const ofCoordinates = bound.coordinates.map((c) => reportedOf(reported, c, bound.domains));
    expect(ofCoordinates).toEqual(bound.coordinates.map(({ label }) => flat.get(label)));
    expect(ofCoordinates.filter((x) => x !== undefined).length).toBeGreaterThan(0);
  },
);

test("there is none of a name that only all objects have", () => {
  const reported = { A: 2, C: byNames([["web", 3]]) };
  expect(reportedOf(reported, { symbol: "C", domain: 2 }, DOMAINS)).toBeUndefined();
  expect(reportedOf(reported, { symbol: "A", domain: 0 }, DOMAINS)).toBeUndefined();
  expect(reportedOf(reported, { symbol: "C", domain: 0 }, DOMAINS)).toBe(3);
});

test("expressions are evaluated again with other leaves", () => {
  const shared = mul(param(0, "a"), input("x"));
  const roots = [sub(shared, param(0, "a")), shared, mul(shared, shared)];
  const again = evaluation(roots);
  for (const [a, x] of [
    [2, 5],
    [-3, 0.5],
  ] as const) {
    const leaf = ({ kind }: { readonly kind: string }): number => (kind === "param" ? a : x);
    expect(again(leaf)).toEqual([a * x - a, a * x, (a * x) ** 2]);
    expect(evaluate(roots, leaf)).toEqual(again(leaf));
  }
});
