/**
 * GPU devices of which work may never end, in Node. Dawn destroys a device only when its work is
 * done: `destroy()` of one whose kernel never ends blocks this thread for good, and so does the
 * collection of its object, at the natural end of the process too. So it is kept, and the process
 * ends without tidying up, as it does after `process.exit`. A kernel keeps its threads until then.
 */

const kept = new Set<GPUDevice>();

/** Keeps a device for the life of the process. */
export function keepDevice(device: GPUDevice): void {
  if (kept.size === 0) process.once("exit", (code) => process.exit(code));
  kept.add(device);
}

/** Whether there are such devices: their drivers may keep the event loop going. */
export const keepsDevices = (): boolean => kept.size > 0;
