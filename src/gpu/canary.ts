/**
 * A kernel with a known answer, run on each device before anything else. An adapter that computes
 * it wrong would compute fits wrong, and is refused. The kernel has what the others rely on:
 * arithmetic in float32, exponentials and logarithms, hashing of 32-bit words, loops over private
 * arrays, workgroup memory with barriers, atomic counters, and shuffles in a subgroup where they
 * are used.
 */
import canary from "../../shaders/canary.wgsl";
import rng from "../../shaders/lib/rng.wgsl";
import { number } from "../base/format-number.ts";
import { philox } from "../random/rng.ts";
import { bindGroup, createBuffers, stagingBuffer, submitPass } from "./buffers.ts";
import type { Device } from "./device.ts";
import { type Binding, declareBindings, declareConstants, layoutEntries } from "./layout.ts";
import { styleOf } from "./style.ts";

const LABEL = "canary";
/** Milliseconds after which it never ends; it takes a few, with compiling less than a hundred. */
const LIMIT = 10_000;
/** The counters of canary.wgsl. */
const BINS = 8;

const BINDINGS: readonly Binding[] = [
  { name: "points", type: "array<vec4<f32>>", access: "read" },
  { name: "answers", type: "array<u32>", access: "read_write" },
];

/** A row of answers. */
interface Check {
  readonly name: string;
  /** Whether answers are numbers of float32, else words of 32 bits. */
  readonly isFloat: boolean;
  readonly answer: (lane: number, x: number, lanes: number) => number;
  /** How far off an answer may be, in units of 2⁻²³ of its size; default exact. */
  readonly units?: (x: number) => number;
}

const float = (
  name: string,
  answer: Check["answer"],
  units: NonNullable<Check["units"]> = () => 0,
): Check => ({ name, isFloat: true, answer, units });
const word = (name: string, answer: Check["answer"]): Check => ({ name, isFloat: false, answer });

/** Rows in the order of canary.wgsl. Bounds are four times those of WGSL's accuracy rules. */
const CHECKS: readonly Check[] = [
  float("division", (_, x) => 1 / x, () => 10), // prettier-ignore
  float("exp", (_, x) => Math.exp(x), (x) => 4 * (3 + 2 * Math.abs(x))), // prettier-ignore
  float("log", (_, x) => Math.log(Math.abs(x)), () => 12), // prettier-ignore
  float("square roots", () => 2, () => 32), // prettier-ignore
  float("loops", (lane) => (lane * (lane + 1)) / 2),
  word("hashing", (lane) => philox(lane, 1, 2, 3, 4, lane)[3]),
  word("workgroup memory", (lane, _, lanes) => philox(lanes - 1 - lane, 1, 2, 3, 4, lanes - 1 - lane)[0]), // prettier-ignore
  word("atomics", (lane, _, lanes) => sumOfBin(lane % BINS, lanes)),
  word("integers", (lane) => Math.clz32(lane) + ((lane << 8) >>> 3)),
];
const SUBGROUPS = word("subgroups", () => 1);

function sumOfBin(bin: number, lanes: number): number {
  let sum = 0;
  for (let lane = bin; lane < lanes; lane += BINS) sum += lane;
  return sum;
}

/**
 * Numbers of all sizes that laws compute with, none near 1, where a logarithm's error is absolute.
 */
const pointAt = (place: number): number => {
  const lane = place % 32;
  return Math.fround(
    (lane % 2 === 0 ? 1 : -1) * (lane % 4 < 2 ? 2.25 + 1.75 * lane : 1 / (2.5 + lane)),
  );
};

/** What comes before shaders/canary.wgsl. */
export const prelude = (lanes = 32): string =>
  [declareConstants({ WORKGROUP: lanes }), declareBindings(BINDINGS), rng].join("\n\n");

/** The entry: with subgroups, whether all lanes read one another's values, and vote alike. */
const entry = (subgroups: boolean): string => `
@compute @workgroup_size(WORKGROUP)
fn check(
  @builtin(local_invocation_index) lane: u32,
  ${subgroups ? "@builtin(subgroup_invocation_id) own: u32, @builtin(subgroup_size) size: u32," : ""}
) {
  answer(lane);
  ${
    subgroups
      ? `var right = true;
  for (var row = 0u; row < size; row++) {
    right = right && subgroupShuffle(7u * own + 1u, row) == 7u * row + 1u;
  }
  let told = subgroupAll(right) && (size == 1u || !subgroupAll(own == 0u));
  answers[${CHECKS.length}u * WORKGROUP + lane] = select(0u, 1u, told);`
      : ""
  }
}`;

/** What an adapter was found to compute right, or what it computes wrong. */
export interface CanaryReport {
  /** The names of what is right. */
  readonly right: readonly string[];
  /** What is wrong first, in words that follow "it computes"; undefined where all is right. */
  readonly wrong: string | undefined;
}

/**
 * Runs the canary on a device. Rejects where the device is lost or a call fails, and drops a device
 * on which it does not end.
 *
 * @param begun is called when the device has all that is to be done, and other kernels may compile
 */
export async function runCanary(
  device: Device,
  begun: () => void = () => undefined,
): Promise<CanaryReport> {
  const { staged } = styleOf(device.report, device.subgroup);
  const lanes = Math.max(32, staged ? device.subgroup : 0);
  const checks = staged ? [...CHECKS, SUBGROUPS] : CHECKS;
  const answers = await answersOf(device, lanes, checks.length, staged, begun);
  const wrong = checks.map((check, row) => wrongIn(check, answers, row * lanes, lanes));
  return {
    right: checks.flatMap(({ name }, row) => (wrong[row] === undefined ? [name] : [])),
    wrong: wrong.find((words) => words !== undefined),
  };
}

async function answersOf(
  device: Device,
  lanes: number,
  rows: number,
  subgroups: boolean,
  begun: () => void,
): Promise<ArrayBuffer> {
  const enable = subgroups ? "enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n" : "";
  const code = [enable, prelude(lanes), canary, entry(subgroups)].join("\n");
  const pipeline = await device.pipeline(LABEL, code, "check", layoutEntries(BINDINGS));
  const points = Float32Array.from({ length: lanes }, (_, lane) => pointAt(lane));
  const bytes = 4 * rows * lanes;
  const buffers = await device.checked(LABEL, (gpu) => {
    const { staging, ...bound } = {
      ...createBuffers(gpu, BINDINGS, { points, answers: bytes }),
      staging: stagingBuffer(gpu, bytes),
    };
    const group = bindGroup(gpu, pipeline, BINDINGS, bound);
    submitPass(gpu, pipeline, (pass) => {
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(1);
    });
    return { ...bound, staging };
  });
  try {
    const reading = device.read(LABEL, buffers.answers, buffers.staging, bytes, LIMIT);
    begun();
    return await reading;
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  }
}

/** What is wrong in a row of answers, in words; undefined where all are right. */
function wrongIn(
  { name, isFloat, answer, units }: Check,
  answers: ArrayBuffer,
  from: number,
  lanes: number,
): string | undefined {
  const row = (isFloat ? new Float32Array(answers) : new Uint32Array(answers)).subarray(from);
  for (let lane = 0; lane < lanes; lane++) {
    const x = pointAt(lane);
    const right = answer(lane, x, lanes);
    const slack = (units?.(x) ?? 0) * 2 ** -23 * Math.abs(right);
    if (Math.abs(row[lane] - right) <= slack) continue;
    const at = units === undefined ? `in lane ${lane}` : `at ${number(x, 6)}`;
    return `${name} wrong: ${at} it gives ${number(row[lane], 6)}, and ${number(right, 6)} is right`;
  }
  return undefined;
}
