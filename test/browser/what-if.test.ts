/** The sliders of a report, from disk without a network, against `mixlaw predict`. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import papaparse from "papaparse";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect } from "vitest";
import { MATERIALS, reportOf } from "../../scripts/pictures/materials.mjs";
import { startMixlaw, workplace } from "../cli/command.ts";
import { browserTest, hasBrowser } from "../support/browser.ts";

type Row = Record<string, string>;

const rowsOf = (csv: string): Row[] => papaparse.parse<Row>(csv.trimEnd(), { header: true }).data;

describe.each(["simulated", "hostile"] as const)("what if, in the report of %s", (name) => {
  const { path, write } = workplace();
  let report: ReturnType<typeof reportOf>;
  beforeAll(() => {
    if (hasBrowser) report = reportOf(MATERIALS[name], path(name));
  });

  /** The point that the report shows, with its predictions, as its button saves it. */
  async function savedPoint(page: Page): Promise<string> {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save this point and its predictions" }).click();
    return readFileSync(await (await download).path(), "utf8");
  }

  /** The simulated runs have several laws: the command names that of each column. */
  const inCommand = (column: string): string =>
    name === "simulated" ? column.replace(/^pred_/, "pred_additive_") : column;

  /** Expects the report's predictions at its point to be the command's. */
  async function expectCommandNumbers(page: Page): Promise<Row> {
    const csv = await savedPoint(page);
    const [shown] = rowsOf(csv);
    const inputs = Object.keys(shown).filter((column) => !column.startsWith("pred_"));
    const points = write("points.csv", papaparse.unparse([inputs, inputs.map((c) => shown[c])]));
    // Reports have intervals of percentiles, and say so; they reckon with all laws of the file.
    const how = ["--interval", "percentile"];
    const { stdout, stderr } = await startMixlaw(["predict", report.fit, points, ...how]);
    const [expected] = rowsOf(stdout);
    const columns = Object.keys(shown).filter((column) => column.startsWith("pred_"));
    expect(columns.filter((column) => !/_(low|high)$/.test(column)).length, stderr).toBe(3);
    for (const column of columns)
      expect(Number(shown[column]), column).toBeCloseTo(Number(expected[inCommand(column)]), 9);
    return shown;
  }

  browserTest("gives the command's predictions wherever it is moved", async ({ openPage }) => {
    const page = await openPage({ offline: true });
    await page.goto(pathToFileURL(report.path).href);
    const whatIf = page.getByRole("region", { name: "What if" });
    const sliders = whatIf.getByRole("slider");
    const first = await expectCommandNumbers(page);
    // N and D by their fields, one share by its slider, another one by its field.
    await whatIf.getByRole("textbox", { name: /^N/ }).fill("7B");
    await whatIf.getByRole("textbox", { name: /^D/ }).fill("140e9");
    await whatIf.getByRole("textbox", { name: /^D/ }).press("Enter");
    const shares = whatIf.getByRole("slider", { name: /^share of/ });
    await shares.nth(0).fill("10");
    await shares.nth(1).fill("30.5");
    const moved = await expectCommandNumbers(page);
    expect(moved).not.toEqual(first);
    expect(Number(moved["n_params"])).toBe(7e9);
    expect(Number(moved["n_tokens"])).toBe(140e9);
    const domains = Object.keys(moved).filter((column) => column.startsWith("h_"));
    expect(domains).toHaveLength(await shares.count());
    expect(domains.reduce((sum, column) => sum + Number(moved[column]), 0)).toBeCloseTo(1, 12);
    // One that is held stays; all of one domain is a corner of the simplex.
    await whatIf.getByRole("checkbox", { name: /^hold/ }).nth(1).check();
    await shares.nth(0).fill("100");
    const corner = await expectCommandNumbers(page);
    expect(Number(corner[domains[1]])).toBe(Number(moved[domains[1]]));
    expect(await sliders.count()).toBe(domains.length + 2);
  });
});
