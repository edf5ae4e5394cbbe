/**
 * The adapter's roofs: how many exponentials, logarithms, multiply-adds and loads a second it does
 * at most, each measured by a kernel that does nothing else.
 */
import { bindGroup, createBuffers } from "../../src/gpu/buffers.ts";
import {
  type Binding,
  declare,
  type Fields,
  layoutEntries,
  packUniforms,
  uniformBytes,
  VECTOR,
} from "../../src/gpu/layout.ts";
import { unroll } from "../../src/gpu/unroll.ts";
import { type Clock, queryClock, wallClock } from "./clocks.ts";
import source from "./roofline.wgsl";
import staged from "./staged.wgsl";

/** What is measured, in operations a second. */
interface Rates {
  readonly exp: number;
  readonly log: number;
  /** `fma(a, b, c)`, one operation of two flops. */
  readonly fused: number;
  /** `a * b + c`, the same. */
  readonly separate: number;
  /** One float32 from a storage buffer, all invocations reading the same place. */
  readonly storageLoad: number;
  /** The same from a uniform buffer. */
  readonly uniformLoad: number;
  /** The same passed round in subgroups; absent where the adapter has none. */
  readonly stagedLoad?: number;
}

export interface Roofs extends Rates {
  /** The faster of `fused` and `separate`. */
  readonly multiplyAdd: number;
  /** The fastest load. */
  readonly load: number;
  readonly clock: "timestamp-query" | "wall clock";
}

/** Two measurements' rates, two and two. */
export function combined(a: Roofs, b: Roofs, f: (x: number, y: number) => number): Roofs {
  return {
    exp: f(a.exp, b.exp),
    log: f(a.log, b.log),
    multiplyAdd: f(a.multiplyAdd, b.multiplyAdd),
    fused: f(a.fused, b.fused),
    separate: f(a.separate, b.separate),
    load: f(a.load, b.load),
    storageLoad: f(a.storageLoad, b.storageLoad),
    uniformLoad: f(a.uniformLoad, b.uniformLoad),
    ...(a.stagedLoad === undefined || b.stagedLoad === undefined
      ? {}
      : { stagedLoad: f(a.stagedLoad, b.stagedLoad) }),
    clock: a.clock,
  };
}

/** Operations that an invocation does in a turn of its loop, by entry point. */
const PER_TURN = {
  exponentials: 128,
  logarithms: 128,
  fused: 192,
  separate: 192,
  loads: 128,
  uniforms: 128,
} as const;
/** Values that an invocation gets in a turn of `staged`, of each of its subgroup's. */
const STAGED = 16;

const WORKGROUP = 64;
const INVOCATIONS = WORKGROUP * 512;
/** Vectors of the table: 16 KiB, as small as a cache. */
const TABLE = 1024;
/** A turn reads so many vectors from a place in the table on. */
const READ = 32;
const REPEATS = 5;

const SETTINGS = {
  turns: "u32",
  mask: "u32",
  factor: "f32",
  term: "f32",
} as const satisfies Fields;

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  { name: "table", type: "array<vec4<f32>>", access: "read" },
  { name: "result", type: "array<f32>", access: "read_write" },
  { name: "constants", type: `array<vec4<f32>, ${TABLE}>`, access: "uniform" },
];

/** An entry point's text, under another name. */
function renamed(entryPoint: string, name: string): string {
  const head = "@compute @workgroup_size(WORKGROUP)\n";
  const begin = source.indexOf(`${head}fn ${entryPoint}(`);
  const end = source.indexOf("\n}\n", begin) + 3;
  return source.slice(begin, end).replace(entryPoint, name);
}

/** Entry points that differ from one of the file in what they read, or in how they add. */
const VARIANTS = [
  renamed("fused", "separate").replaceAll(/fma\((\w), f, t\)/g, "$1 * f + t"),
  renamed("loads", "uniforms").replaceAll("table[", "constants["),
];

/** The kernels' text, with `staged` where there are subgroups. */
const textOf = (subgroups: boolean): string =>
  [
    ...(subgroups ? ["enable subgroups;\ndiagnostic(off, subgroup_uniformity);"] : []),
    declare({ WORKGROUP }, SETTINGS, BINDINGS),
    unroll([source, ...VARIANTS].join("\n"), {}),
    ...(subgroups ? [staged] : []),
  ].join("\n\n");

/** Measures the operations a second of an entry point that does `perTurn` of them a turn. */
type Meter = (entryPoint: string, perTurn: number) => Promise<number>;

/** The pipeline of an entry point. */
function pipelineOf(
  device: GPUDevice,
  code: string,
  entryPoint: string,
): Promise<GPUComputePipeline> {
  const layout = device.createBindGroupLayout({ entries: layoutEntries(BINDINGS) });
  return device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: "roofline", code }), entryPoint },
  });
}

/** So many turns that a run takes about so many seconds. */
async function turnsFor(seconds: number, run: (turns: number) => Promise<number>): Promise<number> {
  let turns = 1;
  await run(turns); // compiled
  for (let ns = await run(turns); ns < 0.5e9 * seconds && turns < 2 ** 24; ns = await run(turns))
    turns = Math.ceil(turns * Math.min(16, Math.max(2, (1e9 * seconds) / Math.max(ns, 1))));
  return turns;
}

/** A meter whose kernels run for about so many seconds at a time. */
function meterOf(device: GPUDevice, clock: Clock, code: string, seconds: number): Meter {
  const buffers = createBuffers(device, BINDINGS, {
    settings: uniformBytes(SETTINGS),
    table: VECTOR.bytes * TABLE,
    result: 4 * INVOCATIONS,
    constants: VECTOR.bytes * TABLE,
  });
  return async (entryPoint, perTurn) => {
    const pipeline = await pipelineOf(device, code, entryPoint);
    const group = bindGroup(device, pipeline, BINDINGS, buffers);
    const run = (turns: number): Promise<number> => {
      const settings = { turns, mask: TABLE - READ, factor: 0.999, term: 1e-3 };
      device.queue.writeBuffer(buffers.settings, 0, packUniforms(SETTINGS, settings));
      return clock((pass) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(INVOCATIONS / WORKGROUP);
      });
    };
    const turns = await turnsFor(seconds, run);
    let best = Infinity;
    for (let i = 0; i < REPEATS; i++) best = Math.min(best, await run(turns));
    return (1e9 * perTurn * INVOCATIONS * turns) / best;
  };
}

/** All rates; `lanes`: invocations of a subgroup, where there are subgroups of one size. */
async function ratesOf(meter: Meter, lanes: number | undefined): Promise<Rates> {
  const rate = (entryPoint: keyof typeof PER_TURN): Promise<number> =>
    meter(entryPoint, PER_TURN[entryPoint]);
  return {
    exp: await rate("exponentials"),
    log: await rate("logarithms"),
    fused: await rate("fused"),
    separate: await rate("separate"),
    storageLoad: await rate("loads"),
    uniformLoad: await rate("uniforms"),
    ...(lanes === undefined ? {} : { stagedLoad: await meter("staged", STAGED * lanes) }),
  };
}

/** Measures all roofs; `seconds` is about how long each kernel runs at a time. */
export async function measureRoofs(adapter: GPUAdapter, seconds = 0.1): Promise<Roofs> {
  const { subgroupMinSize, subgroupMaxSize } = adapter.info;
  const ofOneSize = adapter.features.has("subgroups") && subgroupMinSize === subgroupMaxSize;
  const lanes = ofOneSize ? subgroupMaxSize : undefined;
  const timestamps = adapter.features.has("timestamp-query");
  const requiredFeatures = (["timestamp-query", "subgroups"] as const).filter((name) =>
    adapter.features.has(name),
  );
  const device = await adapter.requestDevice({ requiredFeatures });
  const clock = timestamps ? queryClock(device) : wallClock(device);
  const rates = await ratesOf(meterOf(device, clock, textOf(ofOneSize), seconds), lanes);
  device.destroy();
  return {
    ...rates,
    multiplyAdd: Math.max(rates.fused, rates.separate),
    load: Math.max(rates.storageLoad, rates.uniformLoad, rates.stagedLoad ?? 0),
    clock: timestamps ? "timestamp-query" : "wall clock",
  };
}
