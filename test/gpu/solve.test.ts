/** The solve of the kernel, written out in one block and in two, and as loops, against float64. */
import { expect } from "vitest";
import solveLoop from "../../shaders/lib/solve.wgsl";
import { stream } from "../../src/data/rng.ts";
import { solveSource } from "../../src/gpu/solve.ts";
import { factor, solve } from "../../src/solve/cholesky.ts";
import { describeGpu, gpuTest } from "../support/gpu.ts";

const LAMBDA = 0.25;
const TRACE = 3e-3;
const HUGE = 1e30;

interface System {
  readonly p: number;
  /** Packed, row by row. */
  readonly H: Float32Array;
  readonly pull: Float32Array;
  /** What a pinned coordinate moves by; NaN: free. */
  readonly pins: Float32Array;
}

/** H = JᵀJ of p + 3 random rows on scales from 0.1 to 10; every fifth coordinate pinned. */
function system(p: number): System {
  const draws = stream(9, p);
  let drawn = 0;
  const random = (): number => draws.uniform(drawn++, 0);
  const scale = Array.from({ length: p }, () => 10 ** (2 * random() - 1));
  const J = Array.from({ length: p + 3 }, () => scale.map((s) => s * (2 * random() - 1)));
  const H = new Float32Array((p * (p + 1)) / 2);
  for (let i = 0, at = 0; i < p; i++) for (let j = 0; j <= i; j++) H[at++] = J.reduce((sum, row) => sum + row[i] * row[j], 0);
  const pins = Float32Array.from({ length: p }, (_, i) => (i % 5 === 3 ? random() - 0.5 : NaN));
  return { p, H, pull: Float32Array.from({ length: p }, () => 2 * random() - 1), pins };
}

function expected({ p, H, pull, pins }: System): Float64Array {
  const trace = pull.reduce((sum, _, i) => sum + H[(i * (i + 3)) / 2], 0);
  const A = Float64Array.from(H);
  const step = Float64Array.from(pull);
  for (let i = 0; i < p; i++) A[(i * (i + 3)) / 2] = H[(i * (i + 3)) / 2] * (1 + LAMBDA) + LAMBDA * TRACE * trace;
  for (const [i, pin] of pins.entries()) {
    if (Number.isNaN(pin)) continue;
    A[(i * (i + 3)) / 2] = HUGE;
    step[i] = HUGE * pin;
  }
  expect(factor(A, p)).toBe(true);
  solve(A, step, p);
  return step;
}

async function onGpu(device: GPUDevice, { p, H, pull, pins }: System, solver: string): Promise<Float32Array> {
  const T = H.length;
  const code = `const P = ${p}u;
const T = ${T}u;
const TINY = 1e-30;
const HUGE = 1e30;
const FREE = HUGE;
const DAMPING_TRACE = ${TRACE};
struct Settings { words: u32 }
@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read_write> data: array<f32>;
var<private> H: array<f32, T>;
var<private> pull: array<f32, P>;
var<private> displaced: array<f32, P>;
var<private> step: array<f32, P>;
${solver}
@compute @workgroup_size(1) fn main() {
  for (var i = 0u; i < T; i++) { H[i] = data[i]; }
  for (var i = 0u; i < P; i++) { pull[i] = data[T + i]; displaced[i] = data[T + P + i]; }
  let positive = solve_step(${LAMBDA});
  for (var i = 0u; i < P; i++) { data[i] = step[i]; }
  data[P] = select(0.0, 1.0, positive && settings.words > 0u); // keeps every binding in use
}`;
  const free = pins.map((x) => (Number.isNaN(x) ? HUGE : x));
  const right = pull.map((x, i) => (Number.isNaN(pins[i]) ? x : HUGE * pins[i]));
  const data = Float32Array.from([...H, ...right, ...free]);
  const buffers = [
    device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST }),
    device.createBuffer({ size: data.byteLength, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC }),
  ];
  device.queue.writeBuffer(buffers[0], 0, Uint32Array.of(6 + p));
  device.queue.writeBuffer(buffers[1], 0, data);
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module: device.createShaderModule({ code }) } });
  const staging = device.createBuffer({ size: 4 * (p + 1), usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(buffers[1], 0, staging, 0, staging.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const found = new Float32Array(staging.getMappedRange().slice(0));
  for (const buffer of [...buffers, staging]) buffer.destroy();
  return found;
}

describeGpu("the damped step is that of float64", () => {
  const sizes = [1, 2, 5, 19, 23, 24, 25, 33, 40];
  const written = (p: number): string => solveSource(p, () => true);
  gpuTest.for(sizes.flatMap((p) => [["written out", p, written(p)] as const, ["in loops", p, solveLoop] as const]))(
    "%s, %i coordinates",
    async ([, p, solver], { device }) => {
      const one = system(p);
      const found = await onGpu(device, one, solver);
      const step = expected(one);
      const most = Math.max(...step.map(Math.abs));
      for (const [i, x] of step.entries()) expect(Math.abs(found[i] - x), `coordinate ${i}`).toBeLessThan(1e-4 * most);
      expect(found[p]).toBe(1);
    },
  );

  gpuTest.for([5, 33])("what is not positive definite is said, %i coordinates", async (p, { device }) => {
    for (const at of [0, p - 1]) {
      const one = system(p);
      one.H[(at * (at + 3)) / 2] = -1e3;
      expect((await onGpu(device, { ...one, pins: one.pins.fill(NaN) }, written(p)))[p], `coordinate ${at}`).toBe(0);
    }
  });
});
