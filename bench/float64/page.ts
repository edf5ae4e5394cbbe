/**
 * What a fit takes in a page of Chromium, by what the content security policy allows: compiling
 * JavaScript, WebAssembly, neither. Without WebGPU; by the clock, from opening the engine on, and
 * the processor time of all of Chromium meanwhile.
 *
 *     npm run bench:page
 *     npm run bench:page -- --law joint --restarts 32
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { browserArguments, findBrowser } from "../../scripts/browser.mjs";
import type { laws } from "../../src/index.ts";
import type { Answer, Job } from "../../test/browser/pages/work.mjs";
import { openSite, STRICT_POLICY } from "../../test/support/site.ts";

const { values: flags } = parseArgs({
  options: {
    law: { type: "string", default: "additive" },
    restarts: { type: "string", default: "128" },
  },
});
const job: Job = {
  law: flags.law as keyof typeof laws,
  backend: "cpu",
  runs: {},
  options: { restarts: Number(flags.restarts), backtest: false },
};

const allowing = (more: string): string =>
  STRICT_POLICY.replace("script-src 'self'", `script-src 'self' ${more}`);
const POLICIES = [
  ["'unsafe-eval'", allowing("'unsafe-eval'")], // which allows WebAssembly too
  ["'wasm-unsafe-eval'", allowing("'wasm-unsafe-eval'")],
  ["neither", STRICT_POLICY],
] as const;

const { path } = findBrowser();
if (path === undefined) throw new Error("there is no Chromium");
const browser = await chromium.launch({ executablePath: path, args: [...browserArguments(false), "--no-sandbox"] }); // prettier-ignore
const session = await browser.newBrowserCDPSession();
/** Seconds of processor time that Chromium's processes have taken. */
async function processorSeconds(): Promise<number> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
console.log("| policy allows | float64 | seconds | of processor time | objective of the first target |"); // prettier-ignore
console.log("|---|---|---|---|---|");
for (const [name, policy] of POLICIES) {
  const site = await openSite(policy);
  const page = await browser.newPage();
  await page.goto(`${site.origin}/test/browser/pages/library.html`);
  const [begun, before] = [performance.now(), await processorSeconds()];
  const { file, error } = await page.evaluate(
    (asked) =>
      (globalThis as unknown as { workHere: (job: Job) => Promise<Answer> }).workHere(asked),
    job,
  );
  if (file === undefined) throw new Error(error?.message);
  const seconds = (performance.now() - begun) / 1000;
  const processor = (await processorSeconds()) - before;
  console.log(`| ${name} | ${file.backend.float64} | ${seconds.toFixed(1)} | ${processor.toFixed(1)} | ${file.fits[0]?.objective} |`); // prettier-ignore
  await page.close();
  await site.close();
}
await browser.close();
