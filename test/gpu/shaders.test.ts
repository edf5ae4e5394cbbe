import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { param } from "../../src/expr/graph.ts";
import { compile } from "../../src/expr/compile.ts";
import { prelude as canaryPrelude } from "../../src/gpu/canary.ts";
import { prelude as mixturesPrelude } from "../../src/gpu/montecarlo/mixtures-source.ts";
import { prelude as choosePrelude } from "../../src/gpu/search/choose.ts";
import { prelude as samplesPrelude } from "../../src/gpu/search/sample-weights.ts";
import { planOf } from "../../src/gpu/search/kernel-plan.ts";
import { prelude as searchPrelude } from "../../src/gpu/search/kernel-source.ts";
import { HARDWARE } from "../../src/gpu/style.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import { drawsOf } from "../../src/mixture/sampling/random-mixtures.ts";
import { bindings, bound, LAWS } from "../laws/fixture.ts";
import { describeGpu, gpuTest } from "../support/gpu.ts";
import { expectSearchKernels, messages } from "./compiled-kernels.ts";
import { SOLVE_CONSTANTS } from "./shader-constants.ts";

const folder = join(import.meta.dirname, "../../shaders");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".wgsl"),
);

/** What the generator puts before the shared code of the search. */
function prelude(): string {
  const law = bound(LAWS[0], 1, "positive");
  const program = residualProgram(law, "raw");
  return searchPrelude(program, law, planOf(program, "huber", 1, 1));
}

/** The same for a kernel of teams. */
function teamPrelude(): string {
  const law = bound(LAWS[0], 1, "positive");
  const program = residualProgram(law, "raw");
  const teams = { coordinates: 1, sizes: [{ most: Infinity, team: 8 }] };
  return searchPrelude(
    program,
    law,
    planOf(program, "huber", 1, 1, "none", { ...HARDWARE, teams }),
  );
}

const progress = readFileSync(join(folder, "lib/progress.wgsl"), "utf8");
const block = readFileSync(join(folder, "lib/block.wgsl"), "utf8");

const STATE = "var<private> state: array<u32, RECORD_COORDINATES>;";

const TEAM_STUBS = [
  "fn normal_equations() -> f32 {\n  return point[team][member];\n}",
  "fn bend() {\n  slope[team][member] = velocity[team][member];\n}",
];

const STUBS: Readonly<Record<string, string>> = {
  normal_equations:
    "fn normal_equations(sample_index: u32) -> f32 {\n  gradient[0] = f32(sample_index);\n  return point[0];\n}",
  all_done: "fn all_done(done: bool) -> bool {\n  return done;\n}",
  bend: "fn bend(sample_index: u32) {\n  slope[0] = f32(sample_index) * velocity[0];\n}",
  begin_solve: "fn begin_solve() {\n}",
  solve_step:
    "fn solve_step(lambda: f32) -> bool {\n  step[0] = lambda * pull[0];\n  return true;\n}",
};
/** The names that search.wgsl gives to what the solve works on. */
const WORK = ["pull", "step", "displaced"]
  .map((name) => `var<private> ${name}: array<f32, P>;`)
  .join("\n");
const ALONE: Readonly<Record<string, () => string>> = {
  "search.wgsl": () => [prelude(), progress, ...Object.values(STUBS)].join("\n\n"),
  "team-search.wgsl": () => [teamPrelude(), progress, block, ...TEAM_STUBS].join("\n\n"),
  "lib/block.wgsl": prelude,
  "lib/progress.wgsl": () => [prelude(), STATE].join("\n\n"),
  "mixtures.wgsl": () =>
    mixturesPrelude(
      [{ program: compile(param(0, "share"), 1), table: new Float64Array(), weights: [1] }],
      drawsOf(1, { seed: 1 }),
    ),
  "choose.wgsl": choosePrelude,
  "samples.wgsl": samplesPrelude,
  "canary.wgsl": () => canaryPrelude(),
  "lib/solve.wgsl": () =>
    `${prelude()}\n${WORK}\nvar<private> H: array<f32, T>;\n${SOLVE_CONSTANTS}`,
};

describeGpu("shaders compile without a single message", () => {
  gpuTest.for(files)("%s alone", async (file, { device }) => {
    const before = ALONE[file]?.() ?? "";
    expect(
      await messages(device, `${before}\n${readFileSync(join(folder, file), "utf8")}`),
    ).toEqual([]);
  });

  gpuTest("a mistake would be seen", async ({ device }) => {
    expect(await messages(device, "fn f() -> f32 { return 1u; }")).toHaveLength(1);
  });

  gpuTest.for(bindings(1, 2, 7))("the search kernel of %s", ([, law], { device }) =>
    expectSearchKernels(device, law),
  );
});
