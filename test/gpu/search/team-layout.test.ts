import { expect, test } from "vitest";
import { planOf } from "../../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../../src/gpu/search/kernel-source.ts";
import { storageBytes } from "../../../src/gpu/search/team-layout.ts";
import { TEAMED } from "../../../src/gpu/style.ts";
import { bind } from "../../../src/laws/bind.ts";
import { additive } from "../../../src/laws/catalog/mixture/additive.ts";
import { residualProgram } from "../../../src/laws/objective.ts";

/** Bytes of workgroup memory of a kernel, each variable as WebGPU counts it: in whole 16. */
function bytesIn(text: string): number {
  const constants = new Map(
    Array.from(text.matchAll(/^const (\w+) = (\d+)u;/gm), ([, name = "", value]) => [
      name,
      Number(value),
    ]),
  );
  const bytesOf = (type: string): number => {
    const [, element, length] = /^array<(.+), ([^,]+)>$/.exec(type) ?? [];
    if (element === undefined || length === undefined) return type.startsWith("vec4") ? 16 : 4;
    const lengths = length.split(" * ").map((name) => constants.get(name) ?? NaN);
    return lengths.reduce((product, n) => product * n, bytesOf(element));
  };
  const types = Array.from(text.matchAll(/^var<workgroup> \w+: (.+?);/gm), ([, type = ""]) => type);
  return types.reduce((sum, type) => sum + 16 * Math.ceil(bytesOf(type) / 16), 0);
}

/** The additive law's program, and its plan with teams of a size. */
function teamed(domains: readonly string[], team: number) {
  const bound = bind(additive, domains, { signs: "positive" }, { params: 1e9, tokens: 1e10 });
  const program = residualProgram(bound, "raw");
  const style = { ...TEAMED, teams: { coordinates: 1, sizes: [{ most: Infinity, team }] } };
  const planIn = (storage: number) =>
    planOf(program, "huber", 10, 100, "none", style, { candidates: 1, storage });
  const plan = planIn(2 ** 20);
  expect(plan.team).toBe(team);
  return { program, planIn, plan, text: searchSource(program, bound, plan) };
}

test.each([8, 16, 32])("teams of %i take as much workgroup memory as is said", (team) => {
  for (const domains of [["a", "b", "c"], ["a", "b", "c", "d"], Array.from("abcdefgh")]) {
    const { program, planIn, text } = teamed(domains, team);
    const bytes = bytesIn(text);
    expect(bytes).toBe(storageBytes(program, team, 32 / team));
    // One byte less, and it does not fit.
    expect(planIn(bytes - 1).team).not.toBe(team);
  }
});

test.each([8, 16, 32])(
  "the barriers of teams of %i do not depend on the number of coordinates",
  (team) => {
    const barriers = [3, 7, 16, 29].map((k) => {
      const { text } = teamed(
        Array.from({ length: k }, (_, n) => `d${n}`),
        team,
      );
      return text.match(/workgroupBarrier\(|workgroupUniformLoad\(/g)?.length;
    });
    expect(barriers[0]).toBeGreaterThan(5);
    expect(new Set(barriers).size).toBe(1);
  },
);
