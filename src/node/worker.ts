/** A worker thread of `threadPool`. */
import { parentPort } from "node:worker_threads";
import { answering, type Request } from "../fit/workers/worker-task.ts";
import { WORKS } from "../mixture/threads/works.ts";
import { recordGarbage } from "./garbage.ts";

const answerTo = answering(WORKS, recordGarbage);
parentPort?.on("message", (request: Request) => {
  const answer = answerTo(request);
  if (answer !== undefined) parentPort?.postMessage(answer);
});
