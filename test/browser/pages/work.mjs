/**
 * What the tests ask of the library inside a browser. The same code runs in a page and in a worker.
 */

const BUILT = "/dist/browser.js";

/** @returns {Promise<typeof import("../../../src/browser.ts")>} */
const library = () => import(BUILT);

/**
 * What to fit: rows of the example, the options of the engine and of the fit, and when to stop.
 * @typedef {object} Job
 * @property {keyof typeof import("../../../src/browser.ts").laws} law
 * @property {"auto" | "cpu" | "webgpu"} backend
 * @property {import("../../../src/browser.ts").RunsOptions} runs
 * @property {import("../../../src/browser.ts").FitOptions} options
 * @property {string} [stopIn] the stage of the fit in which its signal fires
 */

/**
 * @typedef {object} Answer
 * @property {import("../../../src/browser.ts").FitFile} [file]
 * @property {{ name: string, message: string }} [error] what the fit rejected with
 * @property {string[]} notices
 * @property {import("../../../src/browser.ts").Progress[]} progress
 * @property {boolean} evalWorks whether the policy of the page allows code from text
 */

/** @returns {boolean} */
function evalWorks() {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- whether it is refused is the question
    return new Function("return true")();
  } catch {
    return false;
  }
}

/** The data of a fit file, without its functions, which cannot be sent.
 * @param {unknown} file
 * @returns {import("../../../src/browser.ts").FitFile} */
const plain = (file) => JSON.parse(JSON.stringify(file));

/** @param {Job} job @returns {Promise<Answer>} */
export async function work(job) {
  /** @type {Answer} */
  const answer = { notices: [], progress: [], evalWorks: evalWorks() };
  try {
    answer.file = await fitExample(job, answer);
  } catch (thrown) {
    const { name, message } = /** @type {Error} */ (thrown);
    answer.error = { name, message };
  }
  return answer;
}

/** Fits, and writes down what it hears meanwhile.
 * @param {Job} job @param {Answer} answer */
async function fitExample({ law, backend, runs, options, stopIn }, answer) {
  const { openEngine, parseTable, toRuns, laws } = await library();
  const bytes = new Uint8Array(await (await fetch("/test/simulated/runs.csv")).arrayBuffer());
  const table = toRuns(await parseTable(bytes, "csv", "runs.csv"), runs);
  const engine = await openEngine({ backend, onNotice: (text) => answer.notices.push(text) });
  const stop = new AbortController();
  const onProgress = (/** @type {Answer["progress"][number]} */ progress) => {
    answer.progress.push(progress);
    Reflect.get(globalThis, "heard")?.(progress.stage); // of a test that does something then
    if (progress.stage === stopIn) stop.abort();
  };
  try {
    const { signal } = stop;
    return plain(await engine.fit(laws[law], table, { ...options, signal, onProgress }));
  } finally {
    await engine.close();
  }
}
