/**
 * Kernels in which a team of invocations carries a candidate: their matrix and their solve against
 * float64, and that the size of a team and a candidate's place change no bit.
 */
import { expect, inject, test } from "vitest";
import { bindGroup, createBuffers, stagingBuffer, submitPass } from "../../src/gpu/buffers.ts";
import { layoutEntries, packUniforms } from "../../src/gpu/layout.ts";
import { bindingsOf, packBlocks, type Plan, planOf, SETTINGS, tablesOf } from "../../src/gpu/search/kernel-plan.ts"; // prettier-ignore
import { searchSource } from "../../src/gpu/search/kernel-source.ts";
import { HARDWARE, type Style } from "../../src/gpu/style.ts";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { cpuSearcher, inlinePool } from "../../src/fit/search/pool.ts";
import type { Problem } from "../../src/fit/search/problem.ts";
import type { Law } from "../../src/laws/law.ts";
import type { Objective } from "../../src/laws/objective.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { factor, solve } from "../../src/solve/cholesky.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { TRACE } from "../../src/solve/damped-step.ts";
import { sharedDevice } from "../fit/backends.ts";
import { around, draw, type Drawn, problemOf, quiet, random } from "../fit/fixture.ts";
import { expectAtOnce } from "../fit/search/stages-at-once.ts";
import { describeGpu } from "../support/gpu.ts";

/** Teams of so many invocations for every law; a workgroup has as many as fit. */
const teamsOf = (team: number, workgroup = 32, writtenMatrix = 0): Style => ({
  ...HARDWARE,
  writtenMatrix,
  workgroup,
  teams: { coordinates: 1, sizes: [{ most: Infinity, team }] },
});

/** Laws by their number of coordinates. */
const LAWS: Readonly<Record<number, readonly [Law, number]>> = {
  5: [laws.chinchilla, 1],
  19: [laws.additive, 7],
  33: [laws.joint, 7],
  35: [laws.additive, 15],
  63: [laws.additive, 29],
};

/**
 * Of the losses, and where Huber's loss bends: large beside what float32 loses of a residual, which
 * the weights of the runs would magnify.
 */
const NOISE = 0.02;
const LOSS: Objective = { loss: "huber", delta: NOISE, residual: "raw" };

function drawnOf(p: number): Drawn {
  const [law, domains] = LAWS[p];
  const drawn = draw(law, { noise: NOISE, mixtures: Math.max(40, 2 * p), domains });
  expect(drawn.law.size).toBe(p);
  return drawn;
}

/**
 * An entry point beside the search: every team evaluates the point in `records` and solves for the
 * damped step there; the last one leaves gradient, matrix (a row after the other) and step.
 */
const PROBE = `
@compute @workgroup_size(WORKGROUP)
fn probe(@builtin(local_invocation_index) local: u32) {
  team = local / TEAM;
  member = local % TEAM;
  lambda = settings.tolerance;
  rows_before = blocks[0];
  delta = bitcast<f32>(blocks[1]);
  for (var i = member; i < coordinates(); i += TEAM) {
    point[team][i] = bitcast<f32>(records[i]);
    displaced[team][i] = FREE;
  }
  let loss = normal_equations();
  for (var i = member; i < coordinates(); i += TEAM) {
    pull[team][i] = -gradient[team][i];
  }
  let positive = solve_step(true);
  if (team + 1u == TEAMS) {
    records[0] = bitcast<u32>(select(-1.0, loss, positive));
    for (var i = member; i < coordinates(); i += TEAM) {
      records[1u + i] = bitcast<u32>(gradient[team][i]);
      records[1u + P + i] = bitcast<u32>(step[team][i]);
      for (var j = i; j < coordinates(); j++) {
        records[1u + 2u * P + i * P + j] = bitcast<u32>(matrix[team][i][j]);
      }
    }
    records[1u + 2u * P + P * P] = schedule[0]; // keeps every binding in use
  }
}`;

interface Probed {
  readonly loss: number;
  readonly gradient: Float32Array;
  readonly step: Float32Array;
  readonly H: Float32Array;
}

async function probe(problem: Problem, plan: Plan, theta: Float64Array, lambda: number): Promise<Probed> {
  const { program, packed, losses, box } = problem;
  const p = program.params;
  const device = await sharedDevice();
  const { groups, mixes, runs } = tablesOf(plan, program, packed, undefined, 1);
  const records = new Float32Array(2 + 2 * p + p * p);
  records.set(theta);
  const settings = { lanes: 1, words: p, first_block: 0, turns: 1, groups, samples: 1, tolerance: lambda };
  const bindings = bindingsOf(plan);
  const code = searchSource(program, box, plan) + PROBE;
  const pipeline = await device.pipeline("probe", code, "probe", layoutEntries(bindings));
  const { buffers, staging } = await device.checked("probe", (gpu) => ({
    buffers: createBuffers(gpu, bindings, { settings: packUniforms(SETTINGS, settings), schedule: 4, blocks: packBlocks([{ before: 0, drawn: 0, delta: losses[0].delta }]), records, ...mixes, ...runs([0]) }) as Readonly<Record<string, GPUBuffer>>,
    staging: stagingBuffer(gpu, records.byteLength),
  }));
  await device.checked("probe", (gpu) => submitPass(gpu, pipeline, (pass) => {
    pass.setBindGroup(0, bindGroup(gpu, pipeline, bindings, buffers));
    pass.dispatchWorkgroups(1);
  }));
  const result = new Float32Array(await device.read("records", buffers["records"], staging, records.byteLength, 200_000));
  for (const buffer of [...Object.values(buffers), staging]) buffer.destroy();
  return { loss: result[0], gradient: result.slice(1, 1 + p), step: result.slice(1 + p, 1 + 2 * p), H: result.slice(1 + 2 * p) };
} // prettier-ignore

/** The damped step of the float32 matrix and gradient, in float64. */
function exactStep({ gradient, H }: Probed, lambda: number): Float64Array {
  const p = gradient.length;
  const diagonal = Array.from(gradient, (_, i) => H[i * p + i]);
  const trace = diagonal.reduce((a, b) => a + b, 0);
  const A = Float64Array.from({ length: (p * (p + 1)) / 2 });
  for (let i = 0; i < p; i++)
    for (let j = 0; j <= i; j++)
      A[(i * (i + 1)) / 2 + j] = H[j * p + i] + (i === j ? lambda * (H[i * p + i] + TRACE * trace) : 0); // prettier-ignore
  const step = Float64Array.from(gradient, (g) => -g);
  expect(factor(A, p)).toBe(true);
  solve(A, step, p);
  return step;
}

/** The difference of two steps as a share, in the norm of diag H. */
function apart({ step, H }: Probed, exact: Float64Array): number {
  const p = exact.length;
  const norm = (x: (i: number) => number): number =>
    Math.sqrt(exact.reduce((sum, _, i) => sum + H[i * p + i] * x(i) ** 2, 0));
  return norm((i) => step[i] - exact[i]) / norm((i) => exact[i]);
}

const TEAMS = [8, 16, 32];
/** As many teams a workgroup as a software adapter's memory has room for. */
const workgroupOf = (p: number, team: number): number =>
  Math.max(team, p > 35 ? 8 : p > 19 ? 16 : 32);
const all = [5, 19, 33, 35, 63].flatMap((p) => TEAMS.map((team) => [p, team] as const));
/** Kernels take seconds to compile: TEAMS=all does all of them, else each adapter has a few. */
const few = [[5, 8], [5, 32], [19, 16], [33, 8], [33, 32], [35, 16], [63, 32]] as const; // prettier-ignore
const isLlvmpipe =
  process.env["VK_DRIVER_FILES"] === undefined && /llvmpipe/.test(inject("gpu").adapter ?? "");
const usual = isLlvmpipe
  ? few.filter(([p, team]) => (p < 33 && team < 32) || (p === 33 && team === 32))
  : few;
const isWhole = process.env["TEAMS"] === "all";
const matrix = isWhole ? all : usual;

describeGpu("teams", () => {
  test.each(matrix)("p = %i, teams of %i: matrix and solve are those of float64", async (p, team) => {
    const drawn = drawnOf(p);
    const problem = problemOf(drawn.law, drawn.runs, LOSS);
    const device = await sharedDevice();
    const storage = device.limits.maxComputeWorkgroupStorageSize;
    const plan = planOf(problem.program, "huber", 1, 1, "none", teamsOf(team, workgroupOf(p, team)), { candidates: 1, storage });
    expect(plan.team).toBe(team);
    const [{ theta }] = around(drawn, 0.05, 1);
    const exact = new NormalEquations(problem.program, problem.packed, 0, problem.losses[0]);
    const objective = exact.evaluate(theta.map(Math.fround));
    const coarse = await probe(problem, plan, theta, 1e-2);
    expect(Math.abs(coarse.loss / objective - 1)).toBeLessThan(5e-4);
    for (let i = 0; i < p; i++)
      for (let j = 0; j <= i; j++) {
        const scale = Math.sqrt(exact.H[(i * (i + 3)) / 2] * exact.H[(j * (j + 3)) / 2]);
        const off = Math.abs(coarse.H[j * p + i] - exact.H[(i * (i + 1)) / 2 + j]);
        expect(off, `${i}, ${j}`).toBeLessThanOrEqual(1e-4 * scale);
      }
    expect(apart(coarse, exactStep(coarse, 1e-2))).toBeLessThan(2e-4);
    const fine: number[] = [];
    for (const { theta: at } of around(drawn, 0.05, 5)) {
      const probed = await probe(problem, plan, at, 1e-5);
      fine.push(apart(probed, exactStep(probed, 1e-5)));
    }
    expect(fine.toSorted((a, b) => a - b)[2]).toBeLessThan(5e-3);
  }); // prettier-ignore

  test.each(isWhole ? [5, 19] : isLlvmpipe ? [] : [5, 19])("p = %i: neither its team's size nor its place changes a bit of a candidate", async (p) => {
    const drawn = drawnOf(p);
    const problem = problemOf(drawn.law, drawn.runs, LOSS);
    const device = await sharedDevice();
    const starts = [...random(drawn, 5), ...around(drawn, 0.1, 4)];
    const small = new GpuSearcher(device, { style: teamsOf(8) });
    const ends = await small.search(problem, starts, 12, quiet);
    const large = new GpuSearcher(device, { style: teamsOf(32) });
    expect(await large.search(problem, starts, 12, quiet)).toEqual(ends);
    expect(await small.search(problem, starts.toReversed(), 12, quiet)).toEqual(ends.toReversed());
    expect(await small.search(problem, [starts[6]], 12, quiet)).toEqual([ends[6]]);
    const twin = await cpuSearcher(inlinePool()).search(problem, starts, 12, quiet);
    for (const [i, { objective }] of ends.entries())
      expect(Math.abs(objective / twin[i].objective - 1)).toBeLessThan(i < 5 ? 5e-2 : 2e-3);
  }); // prettier-ignore

  test("candidates of several targets, each with its own scale of the loss, end as one by one", async () => {
    const drawn = draw(laws.chinchilla, { noise: 0.02, targets: 3 });
    const problem = problemOf(drawn.law, drawn.runs, { loss: "huber", delta: 0.02, residual: "raw" });
    const losses = problem.losses.map((loss, target) => ({ ...loss, delta: loss.delta * (1 + target) }));
    const scaled = { ...problem, losses };
    const starts = around(drawn, 0.1, 5);
    expect(new Set(starts.map(({ target }) => target)).size).toBe(3);
    const searcher = new GpuSearcher(await sharedDevice(), { style: teamsOf(8) });
    const ends = await searcher.search(scaled, starts, 6, quiet);
    for (const i of [2, 7, 12])
      expect(await searcher.search(scaled, [starts[i]], 6, quiet)).toEqual([ends[i]]);
    const twin = await cpuSearcher(inlinePool()).search(scaled, starts, 6, quiet);
    for (const [i, { objective }] of ends.entries())
      expect(Math.abs(objective / twin[i].objective - 1)).toBeLessThan(2e-3);
  }); // prettier-ignore

  test("a stage is a submit and a wait, and its ends are those of chunks", () =>
    expectAtOnce(teamsOf(8)));

  // On a GPU loops are written out; teams of 8 have several rows each, later ones short.
  test.each(isWhole ? [[19, 8], [33, 32]] as const : isLlvmpipe ? [] : [[19, 8]] as const)("p = %i, teams of %i: written out as a GPU gets it, the same steps", async (p, team) => {
    const drawn = drawnOf(p);
    const problem = problemOf(drawn.law, drawn.runs, LOSS);
    const device = await sharedDevice();
    const starts = around(drawn, 0.1, 5);
    const workgroup = workgroupOf(p, team);
    const [loops, written] = [
      await new GpuSearcher(device, { style: teamsOf(team, workgroup) }).search(problem, starts, 6, quiet),
      await new GpuSearcher(device, { style: teamsOf(team, workgroup, 64) }).search(problem, starts, 6, quiet),
    ];
    for (const [i, { objective }] of written.entries())
      expect(Math.abs(objective / loops[i].objective - 1)).toBeLessThan(1e-5);
  }); // prettier-ignore
});
