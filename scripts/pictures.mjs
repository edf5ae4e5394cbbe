/**
 * Makes pictures of reports, for people to look at: every view of several materials at three widths
 * on light and dark ground, and the pages that a printer gets. Says what looks wrong by machine.
 *
 *     npm run pictures                          all, to .cache/pictures/
 *     npm run pictures -- example olmix24       of these materials
 *     npm run pictures -- --fresh               fits and optimizes anew
 *     npm run pictures -- --readme              docs/report.png alone
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { browserArguments, browserRemedy, findBrowser } from "./browser.mjs";
import { accessFaults, drawAll, pictureFaults } from "./pictures/look.mjs";
import { MATERIALS, reportOf } from "./pictures/materials.mjs";

/** @typedef {keyof typeof MATERIALS} Name */
/** @typedef {import("playwright-core").Browser} Browser */

const root = dirname(import.meta.dirname);
const out = join(root, ".cache/pictures");
const WIDTHS = [400, 800, 1200];
/** @type {readonly ("light" | "dark")[]} */
const SCHEMES = ["light", "dark"];

/** The report of a material, made anew from files that may be there.
 * @param {Name} name @param {boolean} fresh */
function reportFile(name, fresh) {
  const folder = join(out, name);
  if (fresh) rmSync(folder, { recursive: true, force: true });
  return reportOf(MATERIALS[name], folder).path;
}

/**
 * A picture of each figure at a width and a scheme, and of the whole page; returns the faults.
 * @param {Browser} browser @param {string} report @param {number} width
 * @param {"light" | "dark"} colorScheme @param {string} folder */
async function shootFigures(browser, report, width, colorScheme, folder) {
  const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
  await page.goto(pathToFileURL(report).href);
  const faults = [...(await pictureFaults(page)), ...(await accessFaults(page))];
  const ending = `${width}-${colorScheme}.png`;
  for (const figure of await page.locator("figure[data-view]").all())
    await figure.screenshot({ path: join(folder, `${await figure.getAttribute("id")}-${ending}`) });
  await page.screenshot({ path: join(folder, `whole-${ending}`), fullPage: true });
  await page.close();
  return faults.map((fault) => `${width} ${colorScheme} ${fault}`);
}

/** The report as a printer gets it: a PDF, and where pdftoppm is there a picture a page.
 * @param {Browser} browser @param {string} report @param {string} folder */
async function print(browser, report, folder) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(report).href);
  const pdf = join(folder, "print.pdf");
  await page.pdf({ path: pdf, preferCSSPageSize: true });
  await page.close();
  spawnSync("pdftoppm", ["-png", "-r", "70", pdf, join(folder, "print")]);
}

/** @param {Browser} browser @param {Name} name @param {boolean} fresh */
async function shoot(browser, name, fresh) {
  const report = reportFile(name, fresh);
  const folder = join(out, name, "views");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const faults = [];
  for (const width of WIDTHS)
    for (const scheme of SCHEMES)
      faults.push(...(await shootFigures(browser, report, width, scheme, folder)));
  await print(browser, report, folder);
  writeFileSync(join(folder, "faults.txt"), faults.map((fault) => `${fault}\n`).join(""));
  console.log(`${name}: ${folder}`);
  for (const fault of faults) console.log(`  ${fault}`);
}

/** The README's picture: the top of the example's report.
 * @param {Browser} browser */
async function shootReadme(browser) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
  await page.goto(pathToFileURL(reportFile("example", false)).href);
  await drawAll(page);
  const path = join(root, "docs/report.png");
  const mixture = page.locator("figure[data-view=mixture]");
  const height = await mixture.evaluate(
    (figure) => figure.getBoundingClientRect().bottom + window.scrollY,
  );
  const clip = { x: 0, y: 0, width: 1000, height: Math.ceil(height) + 20 };
  await page.screenshot({ path, fullPage: true, clip });
  console.log(path);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    fresh: { type: "boolean", default: false },
    readme: { type: "boolean", default: false },
  },
});
const known = /** @type {Name[]} */ (Object.keys(MATERIALS));
const unknown = positionals.find((name) => !known.some((each) => each === name));
const { path: executablePath, why } = findBrowser();
if (unknown !== undefined) {
  console.error(`there is no material ${unknown}; there are ${known.join(", ")}`);
  process.exitCode = 1;
} else if (executablePath === undefined) {
  console.error(`${why}. ${browserRemedy}`);
  process.exitCode = 1;
} else {
  const browser = await chromium.launch({ executablePath, args: browserArguments(true) });
  const names = positionals.length > 0 ? known.filter((name) => positionals.includes(name)) : known;
  if (values.readme) await shootReadme(browser);
  else for (const name of names) await shoot(browser, name, values.fresh);
  await browser.close();
}
