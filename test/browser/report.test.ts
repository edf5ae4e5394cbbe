/** A report as people open it: from disk, without a network. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import papaparse from "papaparse";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect } from "vitest";
import { MATERIALS, reportOf } from "../../scripts/pictures/materials.mjs";
import { browserTest, type OpenPage, type PageOptions } from "../support/browser.ts";
import { accessFaults, drawAll, pictureFaults } from "../../scripts/pictures/look.mjs";
import { startMixlaw, workplace } from "../cli/command.ts";
import { hasBrowser } from "../support/browser.ts";

/** Room for a figure on A4 between margins of 14 mm, in CSS pixels. */
const PAPER = { width: 680, height: 1016 };

/** CSV as records. */
function parsed(text: string): { fields: string[]; data: Record<string, string>[] } {
  const { meta, data } = papaparse.parse<Record<string, string>>(text.trimEnd(), { header: true });
  return { fields: meta.fields ?? [], data };
}

/** The law of the optimum of each report. */
const LAW = "additive";

describe.each(["simulated", "hostile"] as const)("the report of %s", (name) => {
  const { path, write } = workplace();
  let url = "";
  let fit = "";
  beforeAll(() => {
    if (!hasBrowser) return;
    const made = reportOf(MATERIALS[name], path(name));
    url = pathToFileURL(made.path).href;
    fit = made.fit;
  });

  async function openReport(openPage: OpenPage, options?: PageOptions): Promise<Page> {
    const page = await openPage({ offline: true, ...options });
    await page.goto(url);
    return page;
  }

  browserTest("draws every section or says why not, and loads nothing", async ({ openPage }) => {
    const page = await openReport(openPage);
    await drawAll(page);
    expect(await page.locator("figure[data-view]").count()).toBeGreaterThan(0);
    const [first] = await page.evaluate(() => performance.getEntriesByName("first-picture"));
    console.log(`first picture of ${name} after ${Math.round(first.startTime)} ms`);
    expect(first.startTime).toBeLessThan(60_000);
  });

  browserTest.for([400, 800, 1200])(
    "has no text that is cut, hidden or faint at %i pixels",
    async (width, { openPage }) => {
      const page = await openReport(openPage, { viewport: { width, height: 900 } });
      expect(await pictureFaults(page)).toEqual([]);
    },
  );

  browserTest("can be read on dark ground", async ({ openPage }) => {
    const page = await openReport(openPage, { colorScheme: "dark" });
    expect(await pictureFaults(page)).toEqual([]);
  });

  browserTest.for(["light", "dark"] as const)(
    "has no serious finding of axe-core, %s",
    async (colorScheme, { openPage }) => {
      const page = await openReport(openPage, { colorScheme });
      await drawAll(page);
      expect(await accessFaults(page)).toEqual([]);
    },
  );

  browserTest("saves the numbers of every picture as CSV", async ({ openPage }) => {
    const page = await openReport(openPage);
    const buttons = page.getByRole("button", { name: "CSV" });
    const count = await buttons.count();
    expect(count).toBeGreaterThan(0);
    for (let i = 0; i < count; i++) {
      // Chromium drops what a page lets save beyond ten times a second: nobody clicks so fast.
      await page.waitForTimeout(120);
      const download = page.waitForEvent("download");
      await buttons.nth(i).click();
      const text = readFileSync(await (await download).path(), "utf8");
      const { data, errors } = papaparse.parse<string[]>(text.trimEnd());
      expect(errors).toEqual([]);
      const [header, ...rows] = data;
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter((row) => row.length !== header.length)).toEqual([]);
    }
  });

  browserTest("has sliders that say what predict says", async ({ openPage }) => {
    const page = await openReport(openPage);
    const sliders = page.getByRole("region", { name: "What if" });
    await sliders.getByLabel("N, parameters, typed").fill("3B");
    await sliders.getByLabel("N, parameters, typed").press("Enter");
    await sliders.getByRole("checkbox", { name: /^hold/ }).nth(1).check();
    const share = sliders.getByRole("slider", { name: /^share of/ }).first();
    for (let i = 0; i < 7; i++) await share.press("ArrowRight");
    await page.waitForTimeout(300);
    const download = page.waitForEvent("download");
    await sliders.getByRole("button", { name: "CSV" }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    const { fields, data } = parsed(text);
    const [row] = data;
    const shares = fields.filter((field) => field.startsWith("h_")).map((field) => Number(row[field])); // prettier-ignore
    expect(shares.reduce((sum, x) => sum + x, 0)).toBe(1);
    const point = fields.filter((field) => !field.startsWith("pred_"));
    write(
      "point.csv",
      papaparse.unparse({ fields: point, data: [point.map((field) => row[field])] }),
    );
    const { stdout } = await startMixlaw(["predict", fit, path("point.csv"), "--law", LAW]);
    const [predicted] = parsed(stdout).data;
    const targets = fields.filter((field) => /^pred_.*(?<!_low|_high)$/.test(field));
    expect(targets.length).toBe(3);
    for (const target of targets)
      expect(Math.abs(Number(row[target]) / Number(predicted[target]) - 1)).toBeLessThan(1e-9);
  });

  browserTest("fits on pages of A4", async ({ openPage }) => {
    const page = await openReport(openPage, { viewport: { ...PAPER } });
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    // What a page break cannot cut: pictures, and items and rows of words.
    const heights = await page.locator("figure[data-view] :is(svg, li, tr)").evaluateAll((parts) =>
      parts.map((part) => {
        const figure = part.closest("figure");
        return [figure?.id, part.getBoundingClientRect().height] as const;
      }),
    );
    expect(heights.filter(([, height]) => height > PAPER.height)).toEqual([]);
    expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe("%PDF-");
  });

  browserTest("has no markup from data", async ({ openPage }) => {
    const page = await openReport(openPage);
    await drawAll(page);
    const markup = page.locator("main :is(img, iframe, object, script, foreignObject, [onload])");
    expect(await markup.count()).toBe(0);
    expect(await page.evaluate(() => "wasHit" in globalThis)).toBe(false);
  });
});

describe("the report of the example", () => {
  const { path } = workplace();
  browserTest.for([400, 1200])(
    "has no text that is cut, hidden or faint at %i pixels",
    async (width, { openPage }) => {
      const page = await openPage({ offline: true, viewport: { width, height: 900 } });
      await page.goto(pathToFileURL(reportOf(MATERIALS.example, path("example")).path).href);
      expect(await pictureFaults(page)).toEqual([]);
    },
  );
});
