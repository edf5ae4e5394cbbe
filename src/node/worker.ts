/** A worker thread of `threadPool`. */
import { parentPort } from "node:worker_threads";
import { answering, type Request } from "../fit/workers/worker-task.ts";

const answer = answering();
parentPort?.on("message", (request: Request) => {
  const ends = answer(request);
  if (ends !== undefined) parentPort?.postMessage(ends);
});
