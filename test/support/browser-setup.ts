import type { TestProject } from "vitest/node";
import { browserRemedy, findBrowser, type Found } from "../../scripts/browser.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Where Chromium is, or why there is none. */
    browser: Found;
  }
}

/**
 * Once a run: looks for Chromium and says so when there is none. `browser.ts` turns that into
 * running, skipping or failing.
 */
export function setup(project: TestProject): void {
  const found = findBrowser();
  project.provide("browser", found);
  if (found.path !== undefined) return;
  const fate = process.env["REQUIRE_BROWSER"] === "1" ? "fail" : "are skipped";
  console.log(`Browser tests ${fate}: ${found.why}. ${browserRemedy}`);
}
