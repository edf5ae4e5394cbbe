/** The browser page, as `mixlaw page` serves it. */
import { writeFileSync } from "node:fs";
import { beforeAll, afterAll, describe, expect } from "vitest";
import { accessFaults, drawAll, pictureFaults } from "../../scripts/pictures/look.mjs";
import { filesOf, MATERIALS } from "../../scripts/pictures/materials.mjs";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { startMixlaw, workplace } from "../cli/command.ts";
import { PLAIN_HOST } from "../../scripts/browser.mjs";
import { browserTest, hasBrowser } from "../support/browser.ts";
import { openSite } from "../support/site.ts";
import {
  chooseLittle,
  drop,
  SIMULATED,
  fit,
  fitted,
  LARGEST,
  longestBlock,
  saved,
  savedFit,
  type Server,
  servePage,
  step,
  takeSimulated,
  visit,
  watchBlocks,
} from "./visit.ts";

let server: Server;
beforeAll(async () => {
  if (hasBrowser) server = await servePage();
});
afterAll(() => server?.close());

/** The rows that the command fits and holds out. */
const ROWS = {
  simulated: ["test/simulated/runs.csv", "--test", LARGEST],
  example: ["examples/runs.csv", "--units", "absolute", "--test", "n_params > 5e5"],
} as const;
/** The command's fits of what `chooseLittle` chooses, each computed once. */
const expected = new Map<keyof typeof ROWS, Promise<FitFile>>();
function fromCommand(rows: keyof typeof ROWS): Promise<FitFile> {
  const words = "--law additive --restarts 32 --backend cpu --json".split(" ");
  const known = expected.get(rows);
  if (known !== undefined) return known;
  const made = startMixlaw(["fit", ...ROWS[rows], ...words]).then(
    ({ stdout }) => JSON.parse(stdout) as FitFile,
  );
  expected.set(rows, made);
  return made;
}

/** Objectives and errors are the command's: both are polished in float64. */
async function expectCommandNumbers(file: FitFile, rows: keyof typeof ROWS): Promise<void> {
  const { fits } = await fromCommand(rows);
  expect(file.fits.map(({ target }) => target)).toEqual(fits.map(({ target }) => target));
  for (const [i, { objective, test }] of file.fits.entries()) {
    expect(objective / fits[i].objective).toBeCloseTo(1, 9);
    expect((test?.mrePercent ?? NaN) / (fits[i].test?.mrePercent ?? NaN)).toBeCloseTo(1, 5);
  }
}

describe.each([
  ["with WebGPU", true],
  ["without WebGPU", false],
] as const)("the page %s", (_, webgpu) => {
  browserTest("fits as the command does", async ({ openPage }) => {
    const page = await openPage({ webgpu });
    await watchBlocks(page);
    await visit(page, server);
    const machine = webgpu ? "WebGPU: google swiftshader" : "this browser has no WebGPU adapter";
    await page.getByText(machine).waitFor();
    await takeSimulated(page);
    await chooseLittle(page, webgpu ? "webgpu" : "auto");
    const began = performance.now();
    await fit(page);
    const wall = ((performance.now() - began) / 1000).toFixed(1);
    const block = Math.round(await longestBlock(page));
    console.log(`fitted in ${wall} s, longest block of the main thread ${block} ms`);
    const file = await savedFit(page);
    expect(file.backend.kind).toBe(webgpu ? "webgpu" : "cpu");
    await expectCommandNumbers(file, "simulated");
  });
});

browserTest("the example is fitted as by the command", async ({ openPage }) => {
  const page = await openPage({ webgpu: false });
  await visit(page, server);
  await page.getByRole("button", { name: "Take the example" }).click();
  await chooseLittle(page);
  await fit(page);
  await expectCommandNumbers(await savedFit(page), "example");
});

browserTest("by plain http the page works on the processor, and says so", async ({ openPage }) => {
  const site = await openSite("");
  const page = await openPage();
  const plain = site.origin.replace("127.0.0.1", PLAIN_HOST);
  await page.goto(`${plain}/dist/page/index.html`);
  await page.getByText("WebGPU needs https or localhost").waitFor();
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await page.locator("input[type=file]").setInputFiles(SIMULATED);
  await chooseLittle(page);
  await fit(page);
  const { data, fits } = await savedFit(page);
  expect(fits).toHaveLength(3);
  expect(data.sha256).toBe((await fromCommand("simulated")).data.sha256);
  await site.close();
});

describe("a table on the page", () => {
  const { path, write } = workplace();

  browserTest("is dropped, fitted, optimized and reported", async ({ openPage }) => {
    const page = await openPage();
    await visit(page, server);
    await drop(page, SIMULATED, "dropped.csv");
    await chooseLittle(page);
    await fit(page);
    const optimum = JSON.parse(await saved(page, "Save the optimum")) as Optimum;
    expect(optimum.schema).toBe("mixlaw/optimum@1");
    // The command solves the page's fit file for the same run and finds the same mixture.
    const fitPath = write("fit.json", await saved(page, "Save the fit file"));
    const { params, tokens } = optimum.at;
    const { stdout } = await startMixlaw(
      `optimize ${fitPath} --params ${params} --tokens ${tokens} --backend cpu --json`.split(" "),
    );
    const fromFile = JSON.parse(stdout) as Optimum;
    expect(optimum.objective).toBeCloseTo(fromFile.objective, 9);
    const report = await openPage({ offline: true });
    writeFileSync(path("report.html"), await saved(page, "Save the report"));
    await report.goto(`file://${path("report.html")}`);
    await drawAll(report);
    expect(await report.locator("figure[data-view]").count()).toBe(
      await page.locator("figure[data-view]").count(),
    );
  });

  browserTest("that is broken is refused where it was chosen", async ({ openPage }) => {
    const page = await openPage();
    await visit(page, server);
    const input = page.locator("input[type=file]");
    await input.setInputFiles(write("ragged.csv", 'n_params,n_tokens,loss\n1e8,1e9,2.5\n1e8,"2e9'));
    await step(page, "1. Runs").getByRole("alert").waitFor();
    await input.setInputFiles(
      write("text.csv", "n_params,n_tokens,loss_web\n1e8,1e9,2.5\n1e8,2e9,low\n"),
    );
    await page.getByRole("alert").filter({ hasText: "loss_web" }).waitFor();
    await input.setInputFiles(write("fit.json", '{"schema":"mixlaw/fit@2"}'));
    await step(page, "1. Runs").getByRole("alert").filter({ hasText: "fit.json" }).waitFor();
    await page.getByRole("button", { name: "Take the example" }).click();
    await page.getByText(/example\.csv: \d+ rows/).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  browserTest("with names that would be markup stays text", async ({ openPage }) => {
    const { fit: fitPath } = filesOf(MATERIALS.hostile, path("hostile"));
    const page = await openPage();
    await visit(page, server);
    await drop(page, path("hostile/runs.csv"), `<img src=x onerror="globalThis.wasHit=1">.csv`);
    await step(page, "3. Laws").waitFor();
    expect(await page.getByText("onerror").count()).toBeGreaterThan(0);
    await page.locator("input[type=file]").setInputFiles(fitPath);
    await fitted(page);
    expect(await pictureFaults(page)).toEqual([]);
    expect(await page.locator("main :is(img, iframe, object, script, [onload])").count()).toBe(0);
    expect(await page.evaluate(() => "wasHit" in globalThis)).toBe(false);
  });
});

describe("the visitor", () => {
  browserTest("stops a fit, keeps the best, and fits again", async ({ openPage }) => {
    const page = await openPage({ webgpu: false });
    await visit(page, server);
    await takeSimulated(page);
    await step(page, "3. Laws").getByLabel("Starts").selectOption("2048");
    await page.getByRole("button", { name: "Fit", exact: true }).click();
    const stop = page.getByRole("button", { name: "Stop and keep the best so far" });
    await stop.click();
    await stop.waitFor({ state: "detached" });
    await page.getByText(/^Interrupted: |^Stopped before any fit was found/).waitFor();
    await chooseLittle(page);
    await fit(page);
    await expectCommandNumbers(await savedFit(page), "simulated");
  });

  browserTest("needs no mouse", async ({ openPage }) => {
    const page = await openPage();
    await visit(page, server);
    const isFocused = (name: string): Promise<boolean> =>
      page.evaluate((text) => document.activeElement?.textContent === text, name);
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; !(await isFocused(name)); presses++) {
        expect(presses, `no way to “${name}”`).toBeLessThan(200);
        await page.keyboard.press("Tab");
      }
    };
    await tabTo("Take the example");
    await page.keyboard.press("Enter");
    await step(page, "3. Laws").waitFor();
    await tabTo("Fit");
    await page.keyboard.press("Enter");
    await page.getByRole("progressbar").waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent?.startsWith("Stop"));
    await page.keyboard.press("Enter");
    await page.getByRole("progressbar").waitFor({ state: "detached" });
  });

  browserTest.for(["light", "dark"] as const)(
    "meets no serious finding of axe-core, %s",
    async (colorScheme, { openPage }) => {
      const page = await openPage({ colorScheme, viewport: { width: 800, height: 900 } });
      await visit(page, server);
      expect(await accessFaults(page)).toEqual([]);
      await takeSimulated(page);
      await chooseLittle(page);
      expect(await accessFaults(page)).toEqual([]);
      await fit(page);
      expect(await pictureFaults(page)).toEqual([]);
      expect(await accessFaults(page)).toEqual([]);
    },
  );
});
