/** A law's terms are those of its equation. */
import { describe, expect, test } from "vitest";
import { laws } from "../../src/laws/catalog.ts";
import { bind } from "../../src/laws/define.ts";
import { partsOf } from "../../src/laws/parts.ts";

const terms = (law: keyof typeof laws): Record<string, string[]> => {
  const bound = bind(laws[law], laws[law].uses.weights ? ["a", "b"] : [], { signs: "positive" }, { params: 1, tokens: 1 });
  return Object.fromEntries(partsOf(bound).map(({ text, coordinates }) => [text, [...coordinates].map((i) => bound.names[i]).sort()]));
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
    expect(Object.keys(terms("joint")).sort()).toEqual(["(Σᵢ Cᵢᴬhᵢ)^γᴬ/N^α", "(Σᵢ Cᵢᴮhᵢ)^γᴮ/D^β", "1/Σᵢ Cᵢhᵢ^γᵢ", "E"].sort());
    expect(terms("joint")["(Σᵢ Cᵢᴬhᵢ)^γᴬ/N^α"]).toEqual(["alpha", "sA", "uA[a]", "uA[b]"]);
  });

  test.each(Object.keys(laws) as (keyof typeof laws)[])(
    "of %s are written in its equation, or are named by their coordinates, and have every coordinate",
    (law) => {
      const found = terms(law);
      for (const [text, names] of Object.entries(found)) {
        if (!laws[law].equation.includes(text)) expect(text.split(", ").sort()).toEqual(names);
      }
      const bound = bind(laws[law], laws[law].uses.weights ? ["a", "b"] : [], { signs: "positive" }, { params: 1, tokens: 1 });
      expect([...new Set(Object.values(found).flat())].sort()).toEqual([...bound.names].sort());
    },
  );
});
