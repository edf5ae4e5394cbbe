/**
 * `npm run soak`: the soak in less than a minute, for `.ci/run`. It fails where something grows;
 * .cache/soak.json has all that was counted.
 *
 *     npm run soak -- --fits 500 --engines 50 --stopped 50 --backend cpu
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { soakOn } from "./soak.ts";

const { values } = parseArgs({
  options: {
    fits: { type: "string", default: "60" },
    engines: { type: "string", default: "10" },
    stopped: { type: "string", default: "20" },
    backend: { type: "string", multiple: true, default: ["cpu", "webgpu"] },
  },
});
const size = {
  fits: Number(values.fits),
  engines: Number(values.engines),
  stopped: Number(values.stopped),
};
const began = performance.now();
const { courses, failures, created } = await soakOn(values.backend as ("cpu" | "webgpu")[], size);
mkdirSync(".cache", { recursive: true });
writeFileSync(".cache/soak.json", `${JSON.stringify(courses, undefined, 2)}\n`);
for (const failure of failures) console.error(`soak: ${failure}`);
const seconds = (performance.now() - began) / 1000;
console.log(
  `soak: ${courses.map(({ name }) => name).join(", ")}; ${created} buffers of the GPU; ${failures.length} that grow; ${seconds.toFixed(0)} s`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
