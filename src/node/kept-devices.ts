/**
 * GPU devices that were given up at work, in Node. Dawn destroys a device only when its work is
 * done: `destroy()` of one whose kernel never ends blocks this thread for good, and so does the
 * collection of its object, at the natural end of the process too. So it is kept until its work is
 * done, which most of it is soon: it was stopped, or the machine was busy. While there are devices
 * whose work is not, the process ends without tidying up, as it does after `process.exit`. A kernel
 * that never ends keeps its threads until then.
 */
import { stagingBuffer } from "../gpu/buffers.ts";
import { MAP_MODE } from "../gpu/usage.ts";

/** Milliseconds that a look whether work is done takes, in which Dawn polls, at most. */
const LOOK = 10;
/** Milliseconds between the first two looks; then twice as many each time. */
const PAUSE = 100;

const kept = new Set<GPUDevice>();

const endAtOnce = (code: number): void => process.exit(code);

/**
 * Keeps a device until its work is done, and then destroys it.
 *
 * @param calls resolves when what the device was asked has been answered
 */
export function keepDevice(device: GPUDevice, calls: Promise<unknown>): void {
  if (kept.size === 0) process.once("exit", endAtOnce);
  kept.add(device);
  // One that is lost has no answers: it stays.
  destroyWhenDone(device, calls).catch(() => undefined);
}

async function destroyWhenDone(device: GPUDevice, calls: Promise<unknown>): Promise<void> {
  const flag = stagingBuffer(device, 4);
  const encoder = device.createCommandEncoder();
  encoder.clearBuffer(flag);
  device.queue.submit([encoder.finish()]);
  await calls;
  for (let pause = PAUSE; !(await isReady(flag)); pause *= 2) await pausing(pause);
  kept.delete(device);
  if (kept.size === 0) process.off("exit", endAtOnce);
  device.destroy();
}

/** Whether a buffer can be mapped now: whether what was submitted up to it is done. */
async function isReady(buffer: GPUBuffer): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, LOOK, false);
  });
  const mapped = buffer.mapAsync(MAP_MODE.READ).then(() => true);
  const ready = await Promise.race([mapped, late]);
  clearTimeout(timer);
  if (!ready) {
    mapped.catch(() => undefined);
    buffer.unmap(); // which ends the polling
  }
  return ready;
}

/** Waits; the process may end meanwhile. */
const pausing = (ms: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, ms).unref());

/** Whether there are such devices: their drivers may keep the event loop going. */
export const keepsDevices = (): boolean => kept.size > 0;
