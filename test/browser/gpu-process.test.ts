/** A page goes on when the browser's GPU process is killed, and when it was put to sleep. */
import { describe, expect, inject } from "vitest";
import { type Browser, chromium, type Page } from "playwright-core";
import { browserArguments } from "../../scripts/browser.mjs";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { browserTest } from "../support/browser.ts";
import { ask } from "./library-page.ts";
import type { Answer, Job } from "./pages/work.mjs";

const job: Job = {
  law: "additive",
  backend: "webgpu",
  runs: { where: "n_params < 3e8", targets: "loss_web" },
  options: { restarts: 48, backtest: false },
};

/** A browser of its own, since what is done to it lasts. */
async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const { path: executablePath } = inject("browser");
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: browserArguments(true),
  });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/** Does the job in a page, and something else once the search is under way. */
async function disturbed(
  page: Page,
  origin: string,
  disturb: () => Promise<void>,
): Promise<Answer> {
  let done: Promise<void> | undefined;
  await page.exposeFunction("heard", (stage: string) => {
    if (stage === "search") done ??= disturb();
  });
  await page.goto(`${origin}/test/browser/pages/library.html`);
  const answer = await ask(page, "workHere", job);
  expect(done).toBeDefined();
  await done;
  return answer;
}

const codesOf = (file: FitFile | undefined): string[] =>
  (file?.fits ?? []).flatMap(({ verdict }) => verdict.findings.map(({ code }) => code));

describe("a page whose", () => {
  browserTest("GPU process is killed goes on, and says so", async ({ site }) => {
    await withBrowser(async (browser) => {
      const session = await browser.newBrowserCDPSession();
      const page = await browser.newPage();
      const { file, error } = await disturbed(page, site.origin, async () => {
        // The call has no answer: who would give it is gone.
        void session.send("Browser.crashGpuProcess").catch(() => undefined);
        await Promise.resolve();
      });
      expect(error).toBeUndefined();
      expect(file?.fits.map(({ search }) => search.status)).toEqual(["converged"]);
      expect(codesOf(file)).toContain("device-lost");
    });
  });

  browserTest("tab is frozen for a while goes on as if nothing was", async ({ site }) => {
    await withBrowser(async (browser) => {
      const page = await browser.newPage();
      const session = await page.context().newCDPSession(page);
      const { file, error } = await disturbed(page, site.origin, async () => {
        await session.send("Page.setWebLifecycleState", { state: "frozen" });
        await new Promise((resolve) => setTimeout(resolve, 3000));
        await session.send("Page.setWebLifecycleState", { state: "active" });
      });
      expect(error).toBeUndefined();
      expect(file?.backend.kind).toBe("webgpu");
      expect(codesOf(file)).not.toContain("kernel-hung");
    });
  });
});
