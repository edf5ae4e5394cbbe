/** A law's terms are those of its equation. */
import { describe, expect, test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { bind } from "../../src/laws/bind.ts";
import { exponentsOf, summandsOf } from "../../src/laws/summands.ts";
import { namesOf } from "./fixture.ts";

const terms = (law: keyof typeof laws): Record<string, string[]> => {
  const bound = bind(
    laws[law],
    laws[law].uses.weights ? ["a", "b"] : [],
    { signs: "positive" },
    { params: 1, tokens: 1 },
  );
  return Object.fromEntries(
    summandsOf(bound).map(({ text, coordinates }) => [
      text,
      [...coordinates].map((i) => namesOf(bound)[i]).sort(),
    ]),
  );
};

/** Terms that the equation does not write one by one. */
const NAMED: Partial<Record<keyof typeof laws, readonly string[]>> = {
  dataConstrained: ["A, alpha, beta, B, R_N", "B, beta, R_D"],
  additiveEpochs: ["B, beta, R_D, C, gamma"],
  jointEpochs: ["C, gamma, R_D, pureB, gammaB, beta"],
  routed: ["d, a, E_start, E_max, b, c"],
};

describe("terms", () => {
  test("of the additive law", () => {
    expect(terms("additive")).toEqual({
      E: ["E"],
      "1/Σᵢ Cᵢhᵢ^γᵢ": ["gamma[a]", "gamma[b]", "lnC[a]", "lnC[b]"],
      "A/N^α": ["alpha", "lnA"],
      "B/D^β": ["beta", "lnB"],
    });
  });

  test("of the joint law, whose N and D terms depend on the mixture", () => {
    expect(Object.keys(terms("joint")).sort()).toEqual(
      ["(Σᵢ Cᵢᴬhᵢ)^γᴬ/N^α", "(Σᵢ Cᵢᴮhᵢ)^γᴮ/D^β", "1/Σᵢ Cᵢhᵢ^γᵢ", "E"].sort(),
    );
    expect(terms("joint")["(Σᵢ Cᵢᴬhᵢ)^γᴬ/N^α"]).toEqual(["alpha", "sA", "uA[a]", "uA[b]"]);
  });

  test("of laws with other inputs, by the letters that the equations have for those", () => {
    expect(Object.keys(terms("moeSparsity"))).toEqual([
      "e",
      "a/N^α",
      "b/D^β",
      "c/(1−S)^λ",
      "d/((1−S)^δ·N^γ)",
    ]);
    expect(Object.keys(terms("kaplan"))).toEqual(["[(N_c/N)^(α_N/α_D) + D_c/D]^α_D"]);
  });

  test.each(Object.keys(laws) as (keyof typeof laws)[])(
    "of %s are written in its equation, or are named by their parameters, and have every coordinate",
    (law) => {
      const found = terms(law);
      for (const text of Object.keys(found))
        if (NAMED[law]?.includes(text) !== true) expect(laws[law].equation).toContain(text);
      const bound = bind(
        laws[law],
        laws[law].uses.weights ? ["a", "b"] : [],
        { signs: "positive" },
        { params: 1, tokens: 1 },
      );
      expect([...new Set(Object.values(found).flat())].sort()).toEqual([...namesOf(bound)].sort());
    },
  );
});

describe("exponents", () => {
  const exponents = (law: keyof typeof laws, input: "params" | "tokens"): string[] => {
    const bound = bind(
      laws[law],
      laws[law].uses.weights ? ["a", "b"] : [],
      { signs: "positive" },
      { params: 1e8, tokens: 1e9 },
    );
    const theta = bound.coordinates.map(({ spec }) => {
      const [low, high] = spec.start({ min: 2, mean: 2.5, max: 3 }, 2);
      return (low + high) / 2;
    });
    const at: Readonly<Record<string, number>> = {
      params: 1e8,
      tokens: 2e9,
      ft_tokens: 1e8,
      injected: 0.1,
    };
    return summandsOf(bound).flatMap((part) =>
      exponentsOf(part, input, theta, (leaf) => (leaf.kind === "input" ? at[leaf.name] : 0.5)).map(
        (i) => namesOf(bound)[i],
      ),
    );
  };

  test("of N and D are those of their terms, and not the coefficients", () => {
    expect(exponents("chinchilla", "params")).toEqual(["alpha"]);
    expect(exponents("joint", "tokens")).toEqual(["beta"]);
    expect(exponents("mixture", "params")).toEqual([]);
  });

  test("that stand at another input too", () => {
    expect(exponents("forgetting", "params")).toEqual(["alpha"]);
  });

  test("that depend on the mixture", () => {
    // equal at both, so s changes nothing
    expect(exponents("full", "params").sort()).toEqual(["uAlpha[a]", "uAlpha[b]"]);
  });
});
