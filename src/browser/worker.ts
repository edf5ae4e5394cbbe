/** A worker of `pagePool`, bundled as dist/browser-worker.js. */
import { canCompile } from "../expr/javascript.ts";
import { answering, type Request } from "../fit/workers/worker-task.ts";
import type { Ready } from "./module-worker.ts";

const answer = answering();
self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const ends = answer(data);
  if (ends !== undefined) self.postMessage(ends);
});
// What happened before a listener was there is not heard: the page waits for this.
self.postMessage({ compiles: canCompile() } satisfies Ready);
