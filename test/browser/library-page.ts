/** What the tests of the library in a browser share: the page, and jobs for it. */
import type { Page } from "playwright-core";
import type { OpenPage, PageOptions } from "../support/browser.ts";
import type { Site } from "../support/site.ts";
import type { Answer, Job } from "./pages/work.mjs";

type Ask = (job: Job) => Promise<Answer>;

/** Opens `library.html`. */
export async function openLibrary(
  site: Site,
  openPage: OpenPage,
  options?: PageOptions,
): Promise<Page> {
  const page = await openPage(options);
  await page.goto(`${site.origin}/test/browser/pages/library.html`);
  return page;
}

/** Has the page, or a worker of the page, do a job. */
export const ask = (page: Page, where: "workHere" | "workInWorker", job: Job): Promise<Answer> =>
  page.evaluate(([name, asked]) => (globalThis as unknown as Record<string, Ask>)[name](asked), [
    where,
    job,
  ] as const);
