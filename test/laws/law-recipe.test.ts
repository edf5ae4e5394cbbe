/** Laws that are bound again from plain data: the same laws. */
import { describe, expect, test } from "vitest";
import { bind, type BindOptions, type BoundLaw } from "../../src/laws/bind.ts";
import { CATALOG, lawNamed, lawNames } from "../../src/laws/catalog/catalog.ts";
import { bindRecipe, recipeOf } from "../../src/laws/catalog/law-recipe.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import type { Law } from "../../src/laws/law.ts";
import { fitSettings } from "../../src/options/fit-options.ts";

const units = { params: 3e8, tokens: 2e10 };
const shares = ["web", "code", "books"];

/** A law as another thread binds it. */
function sent(law: Law, options: BindOptions): readonly [BoundLaw, BoundLaw | undefined] {
  const bound = bind(law, law.uses.weights ? shares : [], options, units);
  const recipe = recipeOf(bound, { ...fitSettings({}), ...options });
  return [bound, recipe && bindRecipe(structuredClone(recipe))];
}

/** What a fit knows a law by, as text: records by name have no prototype here and one there. */
const known = (law: BoundLaw | undefined): string =>
  JSON.stringify(
    law && {
      loss: law.loss,
      lower: law.lower,
      upper: law.upper,
      names: law.coordinates.map(({ name, label, bounds }) => ({ name, label, bounds })),
      fixed: law.fixed,
      tied: law.tied,
      reported: law.reportAt(law.coordinates.map((_, i) => 0.1 + 0.01 * i)),
    },
  );

describe("a law that is bound again from plain data is the same", () => {
  const names = lawNames().filter(
    (name) => CATALOG.get(name)?.forDomain === undefined && !name.endsWith("-by-phase"),
  );
  test.each(names)("%s", (name) => {
    const law = lawNamed(name) as Law;
    const [bound, again] = sent(law, { signs: "positive" });
    expect(known(again)).toBe(known(bound));
    expect(again?.law).toBe(law);
  });

  test("with parameters that are fixed, tied and bounded, and free signs", () => {
    const options = { fix: { alpha: 0.3 }, bounds: { beta: [0.1, 0.9] }, tie: { "C[web]": "C[code]" } } as const; // prettier-ignore
    const [bound, again] = sent(lawNamed("additive") as Law, { signs: "free", ...options });
    expect(Object.keys(bound.fixed)).toEqual(["alpha"]);
    expect(known(again)).toBe(known(bound));
  });

  test("the form of a law for a target, and of phases", () => {
    const form = lawNamed("bimix")?.forDomain?.(1) as Law;
    const [bound, again] = sent(form, { signs: "positive" });
    expect(known(again)).toBe(known(bound));
    expect(again?.law).toBe(form);
    const cells = ["main:web", "main:code", "anneal:web", "anneal:code"];
    const phases = { names: ["main", "anneal"], domains: ["web", "code"] };
    for (const name of ["epochs", "epochs-by-phase"]) {
      const phased = bind(lawNamed(name) as Law, cells, { signs: "positive", phases }, units);
      const recipe = recipeOf(phased, fitSettings({}));
      expect(known(recipe && bindRecipe(structuredClone(recipe)))).toBe(known(phased));
    }
  });

  test("a formula, in the frame that the data gave it", () => {
    const law = lawFromFormula("L = a + b*x + c*exp(-d*x)", { inputs: ["x"] });
    const frame = { origins: { a: { x: 12 } }, units: { b: 0.25 } };
    const [bound, again] = sent(law, { signs: "positive", frame });
    expect(known(again)).toBe(known(bound));
  });
});

test("a law whose functions are its user's own is not sent", () => {
  const own = { ...(lawNamed("additive") as Law), about: "another" };
  expect(sent(own, { signs: "positive" })[1]).toBeUndefined();
  const formula = { ...lawFromFormula("L = E + A/params^a"), about: "another" };
  expect(sent(formula, { signs: "positive" })[1]).toBeUndefined();
});
