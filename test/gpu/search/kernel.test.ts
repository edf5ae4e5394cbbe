import { expect } from "vitest";
import { bindGroup, createBuffers, stagingBuffer, submitPass } from "../../../src/gpu/buffers.ts";
import { Device } from "../../../src/gpu/device.ts";
import { layoutEntries, packUniforms } from "../../../src/gpu/layout.ts";
import {
  bindingsOf,
  packBlocks,
  planOf,
  SETTINGS,
  tablesOf,
} from "../../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../../src/gpu/search/kernel-source.ts";
import { LOSSES, type LossKind } from "../../../src/expr/loss.ts";
import type { BoundLaw } from "../../../src/laws/bind.ts";
import { type Objective, residualProgram } from "../../../src/laws/objective.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { MANNERS } from "../../../src/solve/levenberg-marquardt.ts";
import { pack } from "../../../src/solve/pack-tables.ts";
import { REPORT } from "../../fit/backends.ts";
import { bindings as lawBindings, namesOf, observe, runsOf, start } from "../../laws/fixture.ts";
import { describeGpu, gpuTest } from "../../support/gpu.ts";

const DELTA = 0.02;

/** The direction in which residuals are differentiated twice. */
const DIRECTION = [0.3, -0.2, 0.5, 0.1, -0.4];

/**
 * An entry point beside the search: evaluates target 1 at the coordinates, as in a search from near
 * an optimum where `words` is 1, and leaves objective, gradient, matrix and the pull of r″ in their
 * place.
 */
const PROBE = `
@compute @workgroup_size(1)
fn probe() {
  groups = settings.groups;
  read_block(0u);
  tau = select(FAR_TAU, NEAR_TAU, settings.words == 1u);
  for (var i = 0u; i < P; i++) {
    point[i] = bitcast<f32>(records[i]);
  }
  records[0] = bitcast<u32>(normal_equations(0u));
  for (var i = 0u; i < P; i++) {
    records[1u + i] = bitcast<u32>(gradient[i]);
  }
  for (var i = 0u; i < T; i++) {
    records[1u + P + i] = bitcast<u32>(H[i]);
  }
  for (var i = 0u; i < P; i++) {
    theta[i] = point[i];
    velocity[i] = array<f32, 5>(${DIRECTION.join(", ")})[i % 5u];
  }
  bend(0u);
  for (var i = 0u; i < P; i++) {
    records[1u + P + T + i] = bitcast<u32>(slope[i]);
  }
  records[1u + 2u * P + T] = schedule[0]; // keeps every binding in use
}`;

/**
 * Objective, gradient and packed matrix from the kernel, of the second of two targets. Near an
 * optimum, of a sample in which every run counts once.
 */
async function onGpu(
  gpu: GPUDevice,
  law: BoundLaw,
  residual: Objective["residual"],
  losses: readonly Float64Array[],
  theta: Float64Array,
  loss: LossKind,
  manner: keyof typeof MANNERS,
) {
  const isNear = manner === "near";
  const program = residualProgram(law, residual);
  const k = law.domains.length;
  const packed = pack(program, runsOf(k, 8), k, losses);
  const matrix = (law.size * (law.size + 1)) / 2;
  const records = new Float32Array(1 + law.size + matrix + law.size + 1);
  records.set(theta);
  const plan = planOf(program, loss, packed.start.length - 1, packed.order.length, isNear ? "run" : "none"); // prettier-ignore
  const tables = tablesOf(plan, program, packed, new Int32Array(packed.order.length), 1);
  const settings = {
    lanes: 1,
    words: Number(isNear),
    first_block: 0,
    turns: 1,
    groups: packed.start.length - 1,
    samples: 1,
    tolerance: 0,
  };
  const weights: Readonly<Record<string, Uint32Array<ArrayBuffer>>> = isNear
    ? { sample_weights: Uint32Array.of(1) }
    : {};
  const device = new Device(gpu, REPORT);
  const bindings = bindingsOf(plan);
  const code = searchSource(program, law, plan) + PROBE;
  const pipeline = await device.pipeline("probe", code, "probe", layoutEntries(bindings));
  const buffers: Readonly<Record<string, GPUBuffer>> = createBuffers(gpu, bindings, {
    settings: packUniforms(SETTINGS, settings),
    schedule: 4,
    blocks: packBlocks([{ before: 0, drawn: 0, delta: DELTA }]),
    records,
    ...weights,
    ...tables.mixes,
    ...tables.runs([1]),
  });
  const staging = stagingBuffer(gpu, records.byteLength);
  submitPass(gpu, pipeline, (pass) => {
    pass.setBindGroup(0, bindGroup(gpu, pipeline, bindings, buffers));
    pass.dispatchWorkgroups(1);
  });
  const result = await device.read("records", buffers["records"], staging, records.byteLength);
  const [objective, ...derivatives] = new Float32Array(result);
  for (const buffer of [...Object.values(buffers), staging]) buffer.destroy();
  return {
    normal: new NormalEquations(program, packed, 1, { name: loss, delta: DELTA }),
    objective,
    gradient: derivatives.slice(0, law.size),
    H: derivatives.slice(law.size, law.size + matrix),
    pull: derivatives.slice(law.size + matrix, 2 * law.size + matrix),
  };
}

async function check(
  device: GPUDevice,
  law: BoundLaw,
  residual: Objective["residual"],
  loss: LossKind = "huber",
  manner: keyof typeof MANNERS = "far",
): Promise<void> {
  const theta = start(law).map(Math.fround);
  const runs = runsOf(law.domains.length, 8);
  const losses = observe(law, runs, theta, 0.02).with(2, NaN);
  const { normal, objective, gradient, H, pull } = await onGpu(
    device,
    law,
    residual,
    [losses.map(() => 1), losses],
    theta,
    loss,
    manner,
  );
  const { tau } = MANNERS[manner];
  const expected = normal.evaluate(theta, tau);
  // float32 has 6e-8. The predicted loss is a sum of terms of which each is an exponential of at
  // most ±10, promised to 23 units: 1.4e-6 of a loss of up to 30 against residuals of about 0.02 of
  // it, 7e-5 of a residual. Its square, and what a run near the corner adds: 5e-4. Derivatives are
  // compared on the scale that bounds them by Cauchy–Schwarz, for a matrix without residuals at
  // 1e-4.
  expect(Math.abs(objective / expected - 1)).toBeLessThan(5e-4);
  const diagonal = namesOf(law).map((_, i) => Math.sqrt(normal.H[(i * (i + 3)) / 2]));
  const wrong: string[] = [];
  const direction = theta.map((_, i) => DIRECTION[i % DIRECTION.length]);
  const exact = normal.bend(theta, direction, tau) ?? [];
  const most = Math.max(
    ...namesOf(law).map((_, i) => (diagonal[i] > 0 ? Math.abs(exact[i]) / diagonal[i] : 0)),
  );
  for (const [i, name] of namesOf(law).entries()) {
    if (
      !(Math.abs(gradient[i] - normal.gradient[i]) <= 5e-4 * diagonal[i] * Math.sqrt(2 * expected))
    )
      wrong.push(`gradient ${name}: ${gradient[i]}, ${normal.gradient[i]}`);
    if (!(Math.abs(pull[i] - exact[i]) <= 2e-3 * diagonal[i] * most))
      wrong.push(`pull ${name}: ${pull[i]}, ${exact[i]}`);
    for (let j = 0; j <= i; j++) {
      const at = (i * (i + 1)) / 2 + j;
      if (!(Math.abs(H[at] - normal.H[at]) <= 5e-4 * diagonal[i] * diagonal[j]))
        wrong.push(`H ${name} ${namesOf(law)[j]}: ${H[at]}, ${normal.H[at]}`);
    }
  }
  expect(wrong).toEqual([]);
}

describeGpu("the kernel's objective, gradient, matrix and bend are those of float64", () => {
  gpuTest.for(lawBindings(2))("%s", ([, law], { device }) =>
    check(device, law, law.options.signs === "free" ? "log" : "raw"),
  );

  const lawOf = (name: string, k: number) =>
    lawBindings(k).filter(([, law]) => law.law.name === name && law.options.signs === "free");
  gpuTest.for(lawOf("additive", 3))("%s, relative residuals", ([, law], { device }) =>
    check(device, law, "relative"),
  );

  const each = LOSSES.flatMap((loss) =>
    lawOf("additive", 3).map(([name, law]) => [name, loss, law] as const),
  );
  gpuTest.for(each)("%s, %s loss", ([, loss, law], { device }) => check(device, law, "raw", loss));

  gpuTest.for(each)("%s, %s loss, near an optimum", ([, loss, law], { device }) =>
    check(device, law, "raw", loss, "near"),
  );

  // Beyond 64 coordinates the matrix is summed in loops.
  gpuTest.for(lawOf("mixture", 32))("%s, in loops", ([, law], { device }) =>
    check(device, law, "raw"),
  );
});
