/**
 * Pictures of a page in a real browser: drawn, looked through for faults, and scanned by axe-core.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";

/** @typedef {import("playwright-core").Page} Page */

const LOOK = readFileSync(join(import.meta.dirname, "picture-faults.js"), "utf8");

/** Has every figure drawn, which happens when it comes into sight.
 * @param {Page} page */
export async function drawAll(page) {
  for (const figure of await page.locator("figure[data-view]").all()) {
    await figure.scrollIntoViewIfNeeded();
    await figure.locator(".picture > *, .lacks").first().waitFor({ state: "attached" });
  }
}

/** What is wrong with the figures of a page, a line a fault.
 * @param {Page} page @returns {Promise<string[]>} */
export async function pictureFaults(page) {
  await drawAll(page);
  await page.evaluate(LOOK);
  return page.evaluate("globalThis.pictureFaults()");
}

/** What axe-core finds that is serious or critical, a line a finding.
 * @param {Page} page @returns {Promise<string[]>} */
export async function accessFaults(page) {
  await page.evaluate(axe.source);
  /** @type {import("axe-core").AxeResults} */
  const { violations } = await page.evaluate(
    "globalThis.axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
