/** What `library.html` offers to the tests: a job done here, and one done in a worker. */
import { work } from "./work.mjs";

/** @param {import("./work.mjs").Job} job @returns {Promise<import("./work.mjs").Answer>} */
function workInWorker(job) {
  const worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("error", reject);
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      resolve(data);
    });
    worker.postMessage(job);
  });
}

/**
 * Begins in a task of its own: what the browser's driver calls directly may use `eval` whatever the
 * policy says.
 * @param {import("./work.mjs").Job} job */
async function workHere(job) {
  await new Promise((resolve) => setTimeout(resolve));
  return work(job);
}

Object.assign(globalThis, { workHere, workInWorker });
