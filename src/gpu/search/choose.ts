/**
 * The choice between two stages of a search, on the device: which candidates of a target go on, as
 * the schedule of the second stage; see shaders/choose.wgsl.
 */
import source from "../../../shaders/choose.wgsl";
import { literal } from "../../expr/wgsl.ts";
import { DAMPING } from "../../solve/levenberg-marquardt.ts";
import { bindGroup, createBuffers } from "../buffers.ts";
import type { Device } from "../device.ts";
import {
  type Binding,
  declare,
  declareConstants,
  type Fields,
  layoutEntries,
  packUniforms,
  type Values,
} from "../layout.ts";
import { prefixed } from "./kernel-source.ts";
import { RECORD, STATUS, UNTOUCHED } from "./kernel-plan.ts";

const WORKGROUP = 64;
const LABEL = "choice between stages";

const SETTINGS = {
  /** Records. */
  lanes: "u32",
  /** The target's first candidate, and the one after its last. */
  first: "u32",
  end: "u32",
  /** Its first place in the schedule. */
  slot: "u32",
  /** How many of its candidates may go on. */
  kept: "u32",
} as const satisfies Fields;

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  // The records' words before their coordinates, as the first stage left them.
  { name: "heads", type: "array<u32>", access: "read" },
  { name: "schedule", type: "array<u32>", access: "read_write" },
  { name: "records", type: "array<u32>", access: "read_write" },
];

/** What comes before shaders/choose.wgsl. */
export const prelude = (): string =>
  [
    declare({ WORKGROUP }, SETTINGS, BINDINGS),
    declareConstants({ ...prefixed("RECORD", RECORD), ...prefixed("STATUS", STATUS) }),
    declareConstants({ DAMPING_START: literal(DAMPING.start), UNTOUCHED: literal(UNTOUCHED) }),
  ].join("\n\n");

export const chooseKernel = (device: Device): Promise<GPUComputePipeline> =>
  device.pipeline(LABEL, `${prelude()}\n\n${source}`, "choose", layoutEntries(BINDINGS));

/** The buffer that the first stage's heads are copied to, and the schedule of the second. */
export const scheduleBuffers = (
  gpu: GPUDevice,
  heads: number,
  schedule: Uint32Array<ArrayBuffer>,
): Record<"heads" | "schedule", GPUBuffer> => createBuffers(gpu, BINDINGS, { heads, schedule });

type Buffers = Readonly<Record<"heads" | "schedule" | "records", GPUBuffer>>;

/** Puts the choice for a target into a pass; gives the buffer of its settings. */
export function dispatchChoice(
  gpu: GPUDevice,
  pass: GPUComputePassEncoder,
  pipeline: GPUComputePipeline,
  values: Values<typeof SETTINGS>,
  buffers: Buffers,
): GPUBuffer {
  const { settings } = createBuffers(gpu, BINDINGS, { settings: packUniforms(SETTINGS, values) });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup(gpu, pipeline, BINDINGS, { ...buffers, settings }));
  pass.dispatchWorkgroups(Math.ceil((values.end - values.first) / WORKGROUP));
  return settings;
}
