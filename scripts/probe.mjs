/**
 * Is there a WebGPU adapter that gives a device? Run as a process of its own: a driver that crashes
 * takes only this process with it. Prints one line of JSON: `{ "adapter": … }`, or `{}` when there
 * is none.
 */
import { create, globals } from "webgpu";

Object.assign(globalThis, globals);
const gpu = create([]);
const adapter = await gpu.requestAdapter();
const device = await adapter?.requestDevice();
if (adapter !== null && device !== undefined) {
  const { vendor, architecture, device: name, description } = adapter.info;
  console.log(JSON.stringify({ adapter: { vendor, architecture, name, description } }));
  device.destroy();
} else {
  console.log("{}");
}
// Dawn's instance must outlive the device: naming it here keeps it from being collected above.
process.exit(gpu === undefined ? 1 : 0);
