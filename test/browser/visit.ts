/** Visits of the browser page as `mixlaw page` serves it: what the tests of the page share. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { drawAll } from "../../scripts/pictures/look.mjs";
import type { Backend } from "../../src/fit/backends.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { root } from "../cli/command.ts";

export const SIMULATED = join(root, "test/simulated/runs.csv");

export interface Server {
  readonly address: string;
  close(): void;
}

/** Starts `mixlaw page` and waits for the address that it prints. */
export function servePage(): Promise<Server> {
  const child = spawn(process.execPath, [join(root, "dist/cli.js"), "page"], { cwd: root });
  return new Promise((resolve, reject) => {
    let text = "";
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`mixlaw page ended: ${text}`)));
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("\n"))
        resolve({ address: text.trim(), close: () => void child.kill("SIGINT") });
    });
  });
}

/** A step of the page, by the beginning of its heading. */
export const step = (page: Page, title: string): Locator =>
  page.getByRole("region", { name: title });

/** Opens the page, which says what machine it is on. */
export async function visit(page: Page, { address }: Server): Promise<void> {
  await page.goto(address);
  await page.getByText(/float64 on \d+ processor core/).waitFor();
}

/** Drops a file on the page, as with a mouse. */
export async function drop(page: Page, path: string, name: string): Promise<void> {
  const text = readFileSync(path, "utf8");
  const files = await page.evaluateHandle(
    ([content, called]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], called));
      return data;
    },
    [text, name] as const,
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: files });
}

/** The rows of the simulated table that are held out, on the page and by the command. */
export const LARGEST = "n_params >= 7e8";

/** Gives the page the simulated table. */
export async function takeSimulated(page: Page): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(SIMULATED);
  await page.getByLabel("Rows held out").fill(LARGEST);
}

/** Chooses one law and few starts, so that a fit takes little time, and where it is computed. */
export async function chooseLittle(page: Page, backend: Backend = "auto"): Promise<void> {
  const laws = step(page, "3. Laws");
  await laws.waitFor();
  for (const box of await laws.getByRole("group", { name: "Laws" }).getByRole("checkbox").all())
    if (await box.isVisible()) await box.setChecked(await isAdditive(box));
  await laws.getByLabel("Starts").selectOption("32");
  await laws.getByText("More: ").click();
  await laws.locator("#backend").selectOption(backend);
}

const isAdditive = async (box: Locator): Promise<boolean> =>
  (await box.locator("xpath=ancestor::label//strong").textContent()) === "additive";

/** Presses "Fit" and waits until its views are drawn. */
export async function fit(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await fitted(page);
}

/** Waits until the results of a fit are drawn. */
export async function fitted(page: Page): Promise<void> {
  await step(page, "4. The fits").waitFor();
  await page.locator("figure[data-view]").first().waitFor();
  await drawAll(page);
}

/** The file that a button saves. */
export async function saved(page: Page, button: string): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  return readFileSync(await (await download).path(), "utf8");
}

/** The fit file of the page. */
export const savedFit = async (page: Page): Promise<FitFile> =>
  JSON.parse(await saved(page, "Save the fit file")) as FitFile;

/** Collects how long the page's main thread was blocked, from its first script on. */
export async function watchBlocks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const blocks: number[] = [];
    Object.assign(globalThis, { blocks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) blocks.push(duration);
    }).observe({ type: "longtask", buffered: true });
  });
}

/** The longest block of the main thread so far, in milliseconds; those under 50 are not seen. */
export const longestBlock = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, ...(globalThis as unknown as { blocks: number[] }).blocks));
