/**
 * Records what a device does, by its own methods: whoever uses the device knows nothing of it.
 * There are three tracks. "GPU warm-up": shader modules and pipelines. "GPU calls": what is
 * submitted, with its dispatches and their workgroups; buffers that are mapped, and error scopes
 * that are popped, each a round trip. "GPU kernels": compute passes on the device, where it has
 * timestamps.
 */
import type { SpanDetails } from "../../trace/span.ts";
import type { EndSpan, Trace } from "../../trace/trace.ts";
import { PassClock, type TimedPass } from "./pass-clock.ts";
import { BUFFER_USAGE } from "../usage.ts";

const WARM_UP = "GPU warm-up";
const CALLS = "GPU calls";

/** What an encoder has so far. */
interface Encoded {
  dispatches: number;
  workgroups: number;
  readonly kernels: Set<string>;
  readonly timed: TimedPass[];
  /** Buffers that it copies to, or clears. */
  readonly written: Set<object>;
}

/** Has `trace` record what the device does from now on. */
export function recordDevice(device: GPUDevice, trace: Trace): void {
  const clock = device.features.has("timestamp-query") ? new PassClock(device, trace) : undefined;
  recordCompiling(device, trace);
  recordMaps(device, trace, clock);
  recordErrorScopes(device, trace);
  recordSubmits(device, trace, clock);
}

function recordCompiling(device: GPUDevice, trace: Trace): void {
  const begin = (name: string): EndSpan => trace.begin({ name, kind: "warm-up", track: WARM_UP });
  const createModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const end = begin(`module ${descriptor.label ?? ""}`);
    const module = createModule(descriptor);
    end({ characters: descriptor.code.length });
    return module;
  };
  const createPipeline = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = (descriptor) => {
    const end = begin(`pipeline ${descriptor.label ?? ""}`);
    return createPipeline(descriptor).finally(() => end());
  };
}

function recordMaps(device: GPUDevice, trace: Trace, clock: PassClock | undefined): void {
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    if ((descriptor.usage & BUFFER_USAGE.MAP_READ) === 0) return buffer;
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = async (...how) => {
      const details = { bytes: how[2] ?? descriptor.size };
      const end = trace.begin({ name: "map", kind: "gpu", track: CALLS, details });
      try {
        await map(...how);
        clock?.mapped(buffer);
      } finally {
        end();
      }
      return undefined;
    };
    return buffer;
  };
}

/** Scopes that are popped together are one span. */
function recordErrorScopes(device: GPUDevice, trace: Trace): void {
  const pop = device.popErrorScope.bind(device);
  let waiting = 0;
  let end: EndSpan | undefined;
  device.popErrorScope = () => {
    if (waiting++ === 0) end = trace.begin({ name: "error scopes", kind: "gpu", track: CALLS });
    return pop().finally(() => {
      waiting -= 1;
      if (waiting === 0) end?.();
    });
  };
}

function recordSubmits(device: GPUDevice, trace: Trace, clock: PassClock | undefined): void {
  const contents = new WeakMap<GPUCommandBuffer, Encoded>();
  const createEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createEncoder(descriptor);
    const encoded: Encoded = {
      dispatches: 0,
      workgroups: 0,
      kernels: new Set(),
      timed: [],
      written: new Set(),
    };
    recordPasses(encoder, encoded, clock);
    recordWrites(encoder, encoded);
    const finish = encoder.finish.bind(encoder);
    encoder.finish = (as) => {
      for (const pass of encoded.timed) clock?.resolve(encoder, pass);
      const commands = finish(as);
      contents.set(commands, encoded);
      return commands;
    };
    return encoder;
  };
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    const list = [...commands];
    const all = list.flatMap((each) => contents.get(each) ?? []);
    const details = detailsOf(all);
    const end = trace.begin({ name: "submit", kind: "gpu", track: CALLS, details });
    submit(list);
    end();
    clock?.submitted(
      all.flatMap(({ timed }) => timed),
      all.flatMap(({ written }) => [...written]),
    );
    return undefined;
  };
}

function recordPasses(
  encoder: GPUCommandEncoder,
  encoded: Encoded,
  clock: PassClock | undefined,
): void {
  const beginPass = encoder.beginComputePass.bind(encoder);
  encoder.beginComputePass = (descriptor) => {
    const kernels = new Set<string>();
    const clocked = clock?.timed(kernels);
    if (clocked !== undefined) encoded.timed.push(clocked.pass);
    const pass = beginPass(
      clocked === undefined ? descriptor : { ...descriptor, timestampWrites: clocked.writes },
    );
    const setPipeline = pass.setPipeline.bind(pass);
    pass.setPipeline = (pipeline) => {
      for (const set of [kernels, encoded.kernels]) set.add(pipeline.label);
      return setPipeline(pipeline);
    };
    const dispatch = pass.dispatchWorkgroups.bind(pass);
    pass.dispatchWorkgroups = (x, y = 1, z = 1) => {
      encoded.dispatches++;
      encoded.workgroups += x * y * z;
      return dispatch(x, y, z);
    };
    return pass;
  };
}

/** Notes the buffers that commands of an encoder write, of those that the host may map. */
function recordWrites(encoder: GPUCommandEncoder, { written }: Encoded): void {
  const copy = encoder.copyBufferToBuffer.bind(encoder) as (...how: unknown[]) => undefined;
  encoder.copyBufferToBuffer = (source: GPUBuffer, ...how: readonly unknown[]): undefined => {
    // The target is the one object of what follows the source.
    for (const each of how) if (typeof each === "object" && each !== null) written.add(each);
    return copy(source, ...how);
  };
  const clear = encoder.clearBuffer.bind(encoder);
  encoder.clearBuffer = (buffer, ...how) => {
    written.add(buffer);
    return clear(buffer, ...how);
  };
}

/** What a submit does. */
function detailsOf(all: readonly Encoded[]): SpanDetails {
  const dispatches = all.reduce((sum, each) => sum + each.dispatches, 0);
  if (dispatches === 0) return { dispatches };
  const workgroups = all.reduce((sum, each) => sum + each.workgroups, 0);
  const kernels = [...new Set(all.flatMap((each) => [...each.kernels]))].join(", ");
  return { dispatches, workgroups, kernels };
}
