/** A worker of `pagePool`, bundled as dist/browser-worker.js. */
import { canCompile } from "../expr/javascript.ts";
import { float64Choice } from "../wasm/availability.ts";
import { answering, type Request } from "../fit/workers/worker-task.ts";
import { WORKS } from "../mixture/threads/works.ts";
import type { Ready } from "./module-worker.ts";

const answerTo = answering(WORKS);
self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const answer = answerTo(data);
  if (answer !== undefined) self.postMessage(answer);
});
// What happened before a listener was there is not heard: the page waits for this.
const choice = float64Choice();
const refusal = choice.kind === "javascript" ? choice.why : undefined;
self.postMessage({ compiles: canCompile(), refusal } satisfies Ready);
