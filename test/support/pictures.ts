/** Pictures in a real browser: drawn, looked through for faults, and scanned by axe-core. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";

const LOOK = readFileSync(join(import.meta.dirname, "in-page/picture-faults.js"), "utf8");

/** Has every figure drawn, which happens when it comes into sight. */
export async function drawAll(page: Page): Promise<void> {
  const count = await page.locator("figure[data-view]").count();
  for (let i = 0; i < count; i++) {
    const figure = page.locator("figure[data-view]").nth(i);
    await figure.scrollIntoViewIfNeeded();
    await figure.locator(".picture > *, .lacks").first().waitFor({ state: "attached" });
  }
}

/** What is wrong with the figures of a page, a line a fault. */
export async function pictureFaults(page: Page): Promise<string[]> {
  await drawAll(page);
  await page.evaluate(LOOK);
  return page.evaluate(() =>
    (globalThis as unknown as { pictureFaults: () => string[] }).pictureFaults(),
  );
}

/** What axe-core finds that is serious or critical, a line a finding. */
export async function accessFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ["violations"],
    }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
