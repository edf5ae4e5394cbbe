/** A fit file as a person reads it. */
import type { Runs } from "../../../data/runs/run-set.ts";
import type { FitFile } from "../../../fit/result/fit-file.ts";
import { wrap } from "../../text/layout.ts";
import type { SummaryOptions } from "../../io/output.ts";
import { fittedForms } from "./fitted-forms.ts";
import { parameterTables } from "./parameters.ts";
import { profileTables } from "./profiles.ts";
import { remarks } from "./remarks.ts";
import { observedPanels } from "./observed-panels.ts";
import { results } from "./fit-table.ts";
import { objectiveWords } from "../../../words/objective-words.ts";
import { count, shorten } from "../../../base/wording.ts";
import { seconds } from "../../../base/format-number.ts";

/**
 * What `mixlaw fit` prints, without the last line end. `runs`: the rows that were fitted and held
 * out, for the chart.
 */
export function summary(file: FitFile, options: SummaryOptions, runs?: Runs): string {
  // Parameters of a failed fit say nothing: they are printed when they are asked for.
  const holding = file.fits.filter(({ verdict }) => verdict.status !== "failed");
  const shown = options.parameters ? file : { ...file, fits: holding };
  const blocks = [
    heading(file, options),
    ...results(file, options),
    ...(runs === undefined ? [] : [observedPanels(file, runs, options)]),
    ...parameterTables(shown, options),
    ...profileTables(shown, options),
    ...(options.parameters ? fittedForms(shown, options) : []),
    remarks(file, options),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** "2 domains (web, code) in 2 phases (main, anneal)" */
function domainsIn({ domains, phases }: FitFile["data"]): string {
  const list = phases?.domains ?? domains;
  const when = phases && ` in ${count(phases.names.length, "phase")} (${phases.names.join(", ")})`;
  return `${count(list.length, "domain")} (${list.join(", ")})${when ?? ""}`;
}

function heading(file: FitFile, { width, style }: SummaryOptions): string {
  const { data, settings, backend, fits, failed = [], timing } = file;
  const targets = new Set([...fits, ...failed].map(({ target }) => target));
  const rows = `${count(data.rows, "row")} fitted${data.testRows > 0 ? `, ${data.testRows} held out` : ""}`;
  const domains = data.domains.length === 0 ? [] : [domainsIn(data)];
  const names = targets.size > 1 ? ` (${shorten([...targets], 6)})` : "";
  const what = [rows, ...domains, count(targets.size, "target") + names].join(" · ");
  const total = timing["total"];
  const how = [
    backend.kind === "webgpu" ? `WebGPU: ${backend.adapter}` : `CPU: ${backend.adapter}`,
    objectiveWords(file),
    `seed ${settings.seed}`,
    ...(total === undefined ? [] : [seconds(total)]),
  ];
  return [style.bold(data.source), wrap(what, width), style.dim(wrap(how.join(" · "), width))].join(
    "\n",
  );
}
