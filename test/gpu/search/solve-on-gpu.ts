/** Linear systems that the solve of the kernel is given, and what it makes of them. */
import { expect } from "vitest";
import solveLoop from "../../../shaders/lib/solve.wgsl";
import { stream } from "../../../src/random/rng.ts";
import { RECORD } from "../../../src/gpu/search/kernel-plan.ts";
import { solveSource } from "../../../src/gpu/search/write-solve.ts";
import { factor, solve } from "../../../src/solve/cholesky.ts";
import { TRACE } from "../../../src/solve/damped-step.ts";
import { mapOnGpu } from "../../expr/compute.ts";
import { FREE, SOLVE_CONSTANTS } from "../shader-constants.ts";

const LAMBDA = 0.25;
/** Of a pinned coordinate in float64: others do not see it. */
const HUGE = 1e30;

export interface System {
  readonly p: number;
  /** Packed, row by row. */
  readonly H: Float32Array;
  readonly pull: Float32Array;
  /** What a pinned coordinate moves by; NaN: free. */
  readonly pins: Float32Array;
}

/** H = JᵀJ of p + 3 random rows on scales from 0.1 to 10; every fifth coordinate pinned. */
export function system(p: number): System {
  const draws = stream(9, p);
  let drawn = 0;
  const random = (): number => draws.uniform(drawn++, 0);
  const scale = Array.from({ length: p }, () => 10 ** (2 * random() - 1));
  const J = Array.from({ length: p + 3 }, () => scale.map((s) => s * (2 * random() - 1)));
  const H = new Float32Array((p * (p + 1)) / 2);
  for (let i = 0, at = 0; i < p; i++)
    for (let j = 0; j <= i; j++) H[at++] = J.reduce((sum, row) => sum + row[i] * row[j], 0);
  const pins = Float32Array.from({ length: p }, (_, i) => (i % 5 === 3 ? random() - 0.5 : NaN));
  return { p, H, pull: Float32Array.from({ length: p }, () => 2 * random() - 1), pins };
}

function expected({ p, H, pull, pins }: System): Float64Array {
  const trace = pull.reduce((sum, _, i) => sum + H[(i * (i + 3)) / 2], 0);
  const A = Float64Array.from(H);
  const step = Float64Array.from(pull);
  for (let i = 0; i < p; i++)
    A[(i * (i + 3)) / 2] = H[(i * (i + 3)) / 2] * (1 + LAMBDA) + LAMBDA * TRACE * trace;
  for (const [i, pin] of pins.entries()) {
    if (Number.isNaN(pin)) continue;
    A[(i * (i + 3)) / 2] = HUGE;
    step[i] = HUGE * pin;
  }
  expect(factor(A, p)).toBe(true);
  solve(A, step, p);
  return step;
}

/** Right sides and pins of a system as words, with the right side to solve for before, if any. */
function dataOf({ p, H, pull, pins }: System, before: Float32Array | undefined): Float32Array {
  const right = (side: Float32Array): number[] =>
    Array.from(side, (b, i) => (Number.isNaN(pins[i]) ? b : pins[i]));
  return Float32Array.from([
    RECORD.coordinates + p,
    before === undefined ? 0 : 1,
    ...H,
    ...Array.from(pins, (pin) => (Number.isNaN(pin) ? FREE : pin)),
    ...right(before ?? new Float32Array(p)),
    ...right(pull),
  ]);
}

/**
 * The step, and then whether the matrix is positive definite; with `before`, of a second right
 * side, after that posed. Every number is data: nothing is a constant to the compiler, which would
 * solve the system itself, and one kernel a size does for all systems.
 */
export async function onGpu(
  device: GPUDevice,
  posed: System,
  solver: string,
  before?: Float32Array,
): Promise<{ step: number[]; positive: boolean }> {
  const { p, H } = posed;
  const library = `const P = ${p}u;
const T = ${H.length}u;
${SOLVE_CONSTANTS}
const DAMPING_TRACE = ${TRACE};
struct Settings {
  words: u32,
}
var<private> settings: Settings;
var<private> H: array<f32, T>;
var<private> pull: array<f32, P>;
var<private> displaced: array<f32, P>;
var<private> step: array<f32, P>;
var<private> factored: bool;
fn word(at: u32) -> f32 { // a row is its number and three words of data
  return bitcast<f32>(inputs[at / 3u][1u + at % 3u]);
}
fn load_pull(from_word: u32) {
  for (var i = 0u; i < P; i++) {
    pull[i] = word(from_word + i);
  }
}
${solver}`;
  const body = `settings.words = u32(word(0u));
  for (var at = 0u; at < T; at++) {
    H[at] = word(2u + at);
  }
  for (var i = 0u; i < P; i++) {
    displaced[i] = word(2u + T + i);
  }
  begin_solve();
  var positive = false;
  // one call: the solve is in the text once
  for (var side = 1u - u32(word(1u)); side < 2u; side++) {
    load_pull(2u + T + P + side * P);
    positive = solve_step(${LAMBDA});
    factored = true;
  }
  return vec4<u32>(bitcast<u32>(step[min(x.x, P - 1u)]), u32(positive), 0u, 0u);`;
  const data = new Uint32Array(dataOf(posed, before).buffer);
  const rows = Array.from({ length: Math.ceil(data.length / 3) }, (_, row) => [
    row,
    ...[0, 1, 2].map((n) => data[3 * row + n] ?? 0),
  ]);
  const words = await mapOnGpu(device, library, body, Uint32Array.from(rows.flat()));
  const values = new Float32Array(words.buffer);
  return { step: Array.from({ length: p }, (_, i) => values[4 * i]), positive: words[1] === 1 };
}

export const written = (p: number): string => solveSource(p, () => true);

/** Each size written out and in loops: what it is, the size, the text. */
export const solvers = (...sizes: readonly number[]) =>
  sizes.flatMap((p) => [
    ["written out", p, written(p)] as const,
    ["in loops", p, solveLoop] as const,
  ]);

/** Expects that a matrix with a negative entry on its diagonal is told. */
export async function expectRefused(device: GPUDevice, p: number): Promise<void> {
  for (const at of [0, p - 1]) {
    const posed = system(p);
    posed.H[(at * (at + 3)) / 2] = -1e3;
    const { positive } = await onGpu(device, { ...posed, pins: posed.pins.fill(NaN) }, written(p));
    expect(positive, `coordinate ${at}`).toBe(false);
  }
}

/** Expects the step of float64. */
export async function expectStep(device: GPUDevice, p: number, solver: string): Promise<void> {
  const posed = system(p);
  const solved = await onGpu(device, posed, solver);
  const step = expected(posed);
  const most = Math.max(...step.map(Math.abs));
  for (const [i, x] of step.entries())
    expect(Math.abs(solved.step[i] - x), `coordinate ${i}`).toBeLessThan(1e-4 * most);
  for (const [i, pin] of posed.pins.entries())
    if (!Number.isNaN(pin))
      expect(Math.abs(solved.step[i] - pin), `pinned ${i}`).toBeLessThan(1e-6 * Math.abs(pin));
  expect(solved.positive).toBe(true);
}

/** Expects the same step for a right side that is solved for after another. */
export async function expectSecondSide(
  device: GPUDevice,
  p: number,
  solver: string,
): Promise<void> {
  const posed = system(p);
  expect(await onGpu(device, posed, solver, posed.pull.toReversed())).toEqual(
    await onGpu(device, posed, solver),
  );
}
