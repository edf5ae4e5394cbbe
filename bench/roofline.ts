/**
 * The adapter's roofs: how many exponentials, logarithms, multiply-adds and loads a second it does
 * at most, each measured by a kernel that does nothing else.
 */
import { rest } from "../src/node/sleep.ts";
import { patiently } from "../src/gpu/device.ts";
import { unroll } from "../src/gpu/unroll.ts";
import source from "./roofline.wgsl";
import staged from "./staged.wgsl";

/** Operations a second. A load is one float32; a multiply-add is one operation (two flops). */
export interface Roofs {
  readonly exp: number;
  readonly log: number;
  /** The faster of `fma(a, b, c)` and `a * b + c`. */
  readonly multiplyAdd: number;
  readonly fused: number;
  readonly separate: number;
  /**
   * The fastest of storage and uniform buffers, all invocations reading the same place, and of
   * uniform ones passed round in subgroups.
   */
  readonly load: number;
  readonly storageLoad: number;
  readonly uniformLoad: number;
  /** Absent where the adapter has no subgroups. */
  readonly stagedLoad?: number;
  readonly clock: "timestamp-query" | "wall clock";
}

/** Their rates, two and two. */
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

/** Operations an invocation does in a turn of the loop. */
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
type Entry = keyof typeof PER_TURN;

const INVOCATIONS = 64 * 512;
/** Vectors of the table: 16 KiB, as small as a cache. */
const TABLE = 1024;
const REPEATS = 5;

/** Nanoseconds that a dispatch takes. */
type Clock = (encode: (pass: GPUComputePassEncoder) => void) => Promise<number>;

function wallClock(device: GPUDevice): Clock {
  return async (encode) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass);
    pass.end();
    const commands = encoder.finish();
    const from = performance.now();
    device.queue.submit([commands]);
    await patiently(device.queue.onSubmittedWorkDone(), rest);
    return 1e6 * (performance.now() - from);
  };
}

function queryClock(device: GPUDevice): Clock {
  const queries = device.createQuerySet({ type: "timestamp", count: 2 });
  const resolved = device.createBuffer({
    size: 16,
    usage: 0x200 | 0x4 /* QUERY_RESOLVE | COPY_SRC */,
  });
  const staging = device.createBuffer({ size: 16, usage: 0x1 | 0x8 /* MAP_READ | COPY_DST */ });
  return async (encode) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass({
      timestampWrites: { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    encode(pass);
    pass.end();
    encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await patiently(staging.mapAsync(1), rest); // polling would take a core from a software adapter
    const [begin = 0n, end = 0n] = new BigUint64Array(staging.getMappedRange().slice(0));
    staging.unmap();
    return Number(end - begin);
  };
}

/** Measures all roofs; `seconds` is about how long each kernel runs at a time. */
export async function measureRoofs(adapter: GPUAdapter, seconds = 0.1): Promise<Roofs> {
  const timestamps = adapter.features.has("timestamp-query");
  const { subgroupMinSize: fewest, subgroupMaxSize: lanes } = adapter.info;
  const subgroups = adapter.features.has("subgroups") && fewest === lanes;
  const requiredFeatures = (["timestamp-query", "subgroups"] as const).filter((name) =>
    adapter.features.has(name),
  );
  const device = await adapter.requestDevice({ requiredFeatures });
  const clock = timestamps ? queryClock(device) : wallClock(device);
  const module = device.createShaderModule({ label: "roofline", code: unroll(source, {}) });
  const layout = device.createBindGroupLayout({
    entries: (["uniform", "read-only-storage", "storage", "uniform"] as const).map(
      (type, binding) => ({
        binding,
        visibility: 4 /* GPUShaderStage.COMPUTE */,
        buffer: { type },
      }),
    ),
  });
  const make = (size: number, usage: number): GPUBuffer =>
    device.createBuffer({ size, usage: usage | 0x8 /* COPY_DST */ });
  const [settings, table, result, constants] = [make(16, 0x40), make(16 * TABLE, 0x80), make(4 * INVOCATIONS, 0x80), make(16 * TABLE, 0x40)] as const; // prettier-ignore
  const group = device.createBindGroup({
    layout,
    entries: [settings, table, result, constants].map((buffer, binding) => ({
      binding,
      resource: { buffer },
    })),
  });
  const rate = async (
    entryPoint: Entry | "staged",
    perTurn: number,
    code = module,
  ): Promise<number> => {
    const pipeline = await device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: code, entryPoint },
    });
    const run = async (turns: number): Promise<number> => {
      const words = new Uint32Array([turns, TABLE - 32, 0, 0]);
      new Float32Array(words.buffer).set([0.999, 1e-3], 2);
      device.queue.writeBuffer(settings, 0, words);
      return clock((pass) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(INVOCATIONS / 64);
      });
    };
    let turns = 1;
    await run(turns); // compiled
    for (
      let ns = await run(turns);
      ns < 0.5e9 * seconds && turns < 2 ** 24;
      ns = await run(turns)
    ) {
      turns = Math.ceil(turns * Math.min(16, Math.max(2, (1e9 * seconds) / Math.max(ns, 1))));
    }
    let best = Infinity;
    for (let i = 0; i < REPEATS; i++) best = Math.min(best, await run(turns));
    return (1e9 * perTurn * INVOCATIONS * turns) / best;
  };
  const [exp, log] = [
    await rate("exponentials", PER_TURN.exponentials),
    await rate("logarithms", PER_TURN.logarithms),
  ];
  const [fused, separate] = [
    await rate("fused", PER_TURN.fused),
    await rate("separate", PER_TURN.separate),
  ];
  const [storageLoad, uniformLoad] = [
    await rate("loads", PER_TURN.loads),
    await rate("uniforms", PER_TURN.uniforms),
  ];
  let stagedLoad: number | undefined;
  if (subgroups && lanes !== undefined) {
    const code = `enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n${unroll(source, {})}\n${staged}`;
    stagedLoad = await rate(
      "staged",
      STAGED * lanes,
      device.createShaderModule({ label: "staged", code }),
    );
  }
  device.destroy();
  return {
    exp,
    log,
    multiplyAdd: Math.max(fused, separate),
    fused,
    separate,
    load: Math.max(storageLoad, uniformLoad, stagedLoad ?? 0),
    storageLoad,
    uniformLoad,
    ...(stagedLoad === undefined ? {} : { stagedLoad }),
    clock: timestamps ? "timestamp-query" : "wall clock",
  };
}
