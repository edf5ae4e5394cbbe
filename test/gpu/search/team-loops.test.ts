/** A software adapter gets the kernel of teams in loops that no compiler can write out. */
import { expect, test } from "vitest";
import { planOf } from "../../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../../src/gpu/search/kernel-source.ts";
import { teamsInLoops } from "../../../src/gpu/style.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { bind } from "../../../src/laws/bind.ts";
import { residualProgram } from "../../../src/laws/objective.ts";

const domains = ["code", "web", "books"];

test.each([laws.chinchilla, laws.additive, laws.joint, laws.mixture])(
  "no loop over coordinates or pieces of $name has a bound that a constant limits",
  (law) => {
    const bound = bind(law, law === laws.chinchilla ? [] : domains, { signs: "positive" }, { params: 1e9, tokens: 1e10 }); // prettier-ignore
    const program = residualProgram(bound, "raw");
    const text = searchSource(program, bound, planOf(program, "huber", 10, 100, "none", teamsInLoops(32, 32))); // prettier-ignore
    const ends = Array.from(text.matchAll(/\bfor \(var \w+ = [^;]+; \w+ [<>]=? ([^;]+);/g), ([, end]) => end ?? ""); // prettier-ignore
    expect(ends.length).toBeGreaterThan(20);
    const constant = ends.filter((end) => !/[a-z]/.test(end.replaceAll(/\d+u/g, "")));
    expect([...new Set(constant)].toSorted()).toEqual(["0u", "PINNINGS + 1u", "TEAMS"]);
    // Nor does a name hide one: Mesa learns the most turns from a minimum.
    expect(text.match(/min\([A-Z]\w*,[^)]*\)/g) ?? []).toEqual([]);
  },
);
