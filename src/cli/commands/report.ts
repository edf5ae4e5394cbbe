/** `mixlaw report`: one HTML file of a fit and its optima. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Command } from "commander";
import { reportOf } from "../../report/report.ts";
import { reportHtml } from "../../report/write-report.ts";
import { endHelp } from "../io/help.ts";
import { print, style } from "../io/output.ts";
import { readFitWithRows, readOptimum } from "../io/read-text.ts";
import { documentDestination } from "../io/save.ts";

const EXAMPLES = `
The file opens from disk in any browser, without a network. It has everything in it: pass it around, print it.

Examples:
  mixlaw report fit.json optimum.json
  mixlaw report fit.json small.json large.json -o report.html`;

export function addReport(program: Command): void {
  const command = program
    .command("report")
    .summary("write one HTML page of a fit and its optima")
    .description(
      "Writes one self-contained HTML page: the optimal mixture, the predictions, how well the laws fit, and what may be said of it.",
    )
    .argument("<FIT>", 'fit file, from "mixlaw fit --out"')
    .argument("[OPTIMUM...]", 'optima of that fit, from "mixlaw optimize --out"')
    .option("-o, --out <FILE>", "the file to write", "report.html");
  endHelp(command, EXAMPLES).action(report);
}

async function report(
  path: string,
  optimumPaths: readonly string[],
  flags: { readonly out: string },
): Promise<void> {
  const file = await readFitWithRows(path);
  const out = await documentDestination(flags.out);
  const optima = await Promise.all(
    optimumPaths.map(async (each) => ({ name: basename(each), optimum: await readOptimum(each) })),
  );
  const html = reportHtml(await reportOf(file, optima), await readApp());
  await out.save(html);
  print(style().dim(`Wrote ${out.path}: open it in a browser.`));
}

/** The program that draws, bundled beside this one. */
async function readApp(): Promise<string> {
  const here = new URL(import.meta.url);
  const app = here.pathname.endsWith(".ts")
    ? "../../../dist/page/report-app.js"
    : "./page/report-app.js";
  return readFile(new URL(app, here), "utf8");
}
