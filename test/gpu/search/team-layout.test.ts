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

test.each([8, 16, 32])("teams of %i take as much workgroup memory as is said", (team) => {
  for (const domains of [["a", "b", "c"], ["a", "b", "c", "d"], Array.from("abcdefgh")]) {
    const bound = bind(additive, domains, { signs: "positive" }, { params: 1e9, tokens: 1e10 });
    const program = residualProgram(bound, "raw");
    const style = { ...TEAMED, teams: { coordinates: 1, sizes: [{ most: Infinity, team }] } };
    const load = { candidates: 1, storage: 2 ** 20 };
    const plan = planOf(program, "huber", 10, 100, "none", style, load);
    expect(plan.team).toBe(team);
    const bytes = bytesIn(searchSource(program, bound, plan));
    expect(bytes).toBe(storageBytes(program, team, 32 / team));
    // One byte less, and it does not fit.
    const tight = planOf(program, "huber", 10, 100, "none", style, { ...load, storage: bytes - 1 });
    expect(tight.team).not.toBe(team);
  }
});

test.each([8, 16, 32])("the barriers of teams of %i do not depend on the number of coordinates", (team) => {
  const barriers = [3, 7, 16, 29].map((k) => {
    const domains = Array.from({ length: k }, (_, i) => `d${i}`);
    const bound = bind(additive, domains, { signs: "positive" }, { params: 1e9, tokens: 1e10 });
    const program = residualProgram(bound, "raw");
    const style = { ...TEAMED, teams: { coordinates: 1, sizes: [{ most: Infinity, team }] } };
    const load = { candidates: 1, storage: 2 ** 20 };
    const plan = planOf(program, "huber", 10, 100, "none", style, load);
    expect(plan.team).toBe(team);
    return searchSource(program, bound, plan).match(/workgroupBarrier\(|workgroupUniformLoad\(/g)?.length;
  });
  expect(barriers[0]).toBeGreaterThan(5);
  expect(new Set(barriers).size).toBe(1);
}); // prettier-ignore
