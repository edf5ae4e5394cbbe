/** The workers that the library starts in a page, and in a worker of a page. */
import { expect } from "vitest";
import { browserTest } from "../support/browser.ts";
import { ask, openLibrary } from "./library-page.ts";
import type { Answer, Job } from "./pages/work.mjs";

const job: Job = {
  law: "additive",
  backend: "cpu",
  runs: { where: "n_params < 1e8", targets: "loss_web" },
  options: { restarts: 4, backtest: false },
};

const INTERPRETED = /interprets formulas/;

/** Checks that the fit is whole, and that its progress never fell and ended at 1. */
function expectWhole({ error, file, progress }: Answer): void {
  expect(error).toBeUndefined();
  expect(file?.fits[0]?.search.status).toBe("converged");
  const shares = progress.map(({ fraction }) => fraction);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
}

browserTest.for(["workHere", "workInWorker"] as const)(
  "%s: there is one a core, and the ban on compiling is said once",
  async (where, { site, openPage }) => {
    const page = await openLibrary(site, openPage, { webgpu: false });
    const answer = await ask(page, where, job);
    expectWhole(answer);
    const cores = await page.evaluate(() => Math.min(navigator.hardwareConcurrency, 16));
    const threads = cores === 1 ? "1 thread" : `${cores} threads`;
    expect(answer.file?.backend.adapter).toBe(`float64, ${threads}`);
    expect(answer.notices).toEqual([expect.stringMatching(INTERPRETED)]);
  },
);

browserTest("without workers the page's own thread does the work", async ({ site, openPage }) => {
  const page = await openPage({ webgpu: false });
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "Worker"));
  await page.goto(`${site.origin}/test/browser/pages/library.html`);
  const answer = await ask(page, "workHere", job);
  expectWhole(answer);
  expect(answer.file?.backend.adapter).toBe("float64, 1 thread");
  const [workers, compiling] = answer.notices;
  expect(workers).toMatch(/^No worker could be started \(Worker is not defined\)/);
  expect(compiling).toMatch(INTERPRETED);
});
