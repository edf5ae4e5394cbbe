/**
 * The one device that the tests of a file share. Files run one after another in a process: each
 * has a device of its own, which `device-setup.ts` destroys when the file's tests are done.
 */
let shared: Promise<GPUDevice> | undefined;

/** The file's device, which `open` opens where there is none yet. */
export const sharedDevice = (open: () => Promise<GPUDevice>): Promise<GPUDevice> =>
  (shared ??= open());

/** The file's device, if it was opened. */
export const openedDevice = (): Promise<GPUDevice> | undefined => shared;

export async function closeSharedDevice(): Promise<void> {
  const device = shared;
  shared = undefined;
  (await device)?.destroy();
}
