/** How long a dispatch takes: by the device's own clock where it has one, else by the host's. */
import { stagingBuffer } from "../../src/gpu/buffers.ts";
import { patiently } from "../../src/gpu/patience.ts";
import { BUFFER_USAGE, MAP_MODE } from "../../src/gpu/usage.ts";
import { rest } from "../../src/node/sleep.ts";

/** Nanoseconds that what is encoded takes. */
export type Clock = (encode: (pass: GPUComputePassEncoder) => void) => Promise<number>;

/** Bytes of two timestamps. */
const STAMPS = 16;

/** From submitting to the end, on the host. */
export function wallClock(device: GPUDevice): Clock {
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

/** From the pass's beginning to its end, on the device. */
export function queryClock(device: GPUDevice): Clock {
  const queries = device.createQuerySet({ type: "timestamp", count: 2 });
  const usage = BUFFER_USAGE.QUERY_RESOLVE | BUFFER_USAGE.COPY_SRC;
  const resolved = device.createBuffer({ size: STAMPS, usage });
  const staging = stagingBuffer(device, STAMPS);
  return async (encode) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass({
      timestampWrites: { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    encode(pass);
    pass.end();
    encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, STAMPS);
    device.queue.submit([encoder.finish()]);
    // Rests in between: polling would take a core from a software adapter.
    await patiently(staging.mapAsync(MAP_MODE.READ), rest);
    const [begin = 0n, end = 0n] = new BigUint64Array(staging.getMappedRange().slice(0));
    staging.unmap();
    return Number(end - begin);
  };
}
