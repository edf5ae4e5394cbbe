/**
 * What compilers and drivers cannot be trusted with is kept out of all WGSL, shared and generated.
 * The traps and how they were met are in shaders/README.md.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mixturesSource } from "../../src/gpu/montecarlo/mixtures-source.ts";
import { planOf, type Weighting } from "../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../src/gpu/search/kernel-source.ts";
import { HARDWARE, SOFTWARE, SWIFTSHADER, TEAMED } from "../../src/gpu/style.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import { lawRows } from "../../src/mixture/sampling/montecarlo.ts";
import { drawsOf } from "../../src/mixture/sampling/random-mixtures.ts";
import { lossesOf } from "../../src/mixture/goal/surface.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { bindings } from "../laws/fixture.ts";
import { AT, madeUp } from "../mixture/sampling/made-up-terms.ts";

const root = join(import.meta.dirname, "../..");
const files = ["shaders", "bench"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".wgsl"))
    .map((file) => [`${folder}/${file}`, readFileSync(join(root, folder, file), "utf8")] as const),
);

/** The statements of functions that declare a variable without a value. */
function undefinedVariables(wgsl: string): string[] {
  const code = wgsl.replace(/\/\/.*$/gm, "");
  return (code.match(/\bvar\s+\w+[^;]*;/g) ?? []).filter((statement) => !statement.includes("="));
}

/** Comparisons of a name with itself, by which one looks for NaN. */
const selfComparisons = (wgsl: string): string[] =>
  wgsl.replace(/\/\/.*$/gm, "").match(/\b(\w+) [!=]= \1\b/g) ?? [];

describe("every variable has an initial value, and nothing looks for NaN by comparing", () => {
  const expectSound = (wgsl: string): void => {
    expect(wgsl).toMatch(/\bfn \w+/);
    expect(undefinedVariables(wgsl)).toEqual([]);
    expect(selfComparisons(wgsl)).toEqual([]);
  };

  test("a mistake would be seen", () => {
    const wgsl =
      "fn f() {\n  var a = 1.0;\n  for (;;) {\n    var s: f32; // = 0\n  }\n  g(x != x);\n}";
    expect(undefinedVariables(wgsl)).toEqual(["var s: f32;"]);
    expect(selfComparisons(wgsl)).toEqual(["x != x"]);
  });

  test.each(files)("%s", (_, wgsl) => expectSound(wgsl));

  test.each(bindings(2))("the search kernel of %s", (_, law) => {
    const program = residualProgram(law, "raw");
    for (const style of [HARDWARE, SOFTWARE, SWIFTSHADER, TEAMED, { ...TEAMED, writtenMatrix: 0 }])
      for (const weighting of ["none", "group", "run"] satisfies Weighting[]) {
        const plan = planOf(program, "huber", 4, 400, weighting, style);
        expectSound(searchSource(program, law, plan));
      }
  });

  test.each([1, 3, 20])("the Monte Carlo kernel of %i domains", (k) => {
    const terms = madeUp(laws.additive, k, 2);
    const losses = lossesOf(
      terms.map(({ fitted }) => fitted),
      AT,
      k,
    );
    const rows = lawRows(
      losses,
      terms.map(({ weight }) => weight),
    );
    expectSound(mixturesSource(rows, drawsOf(k, { seed: 1 })));
  });
});
