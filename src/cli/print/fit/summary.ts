/** A fit file as a person reads it. */
import { lossOf } from "../../../expr/loss.ts";
import type { Runs } from "../../../data/runs/run-set.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import { wrap } from "../../text/layout.ts";
import type { SummaryOptions } from "../../io/output.ts";
import { fittedForms } from "./fitted-forms.ts";
import { parameterTables } from "./parameters.ts";
import { profileTables } from "./profiles.ts";
import { remarks } from "./remarks.ts";
import { observedPanels } from "./observed-panels.ts";
import { results } from "./fit-table.ts";
import { count } from "../../../base/wording.ts";
import { number, seconds } from "../../../base/format-number.ts";

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

/** δ of all fits: one number, or from the least to the most. */
function deltas(fits: readonly Fit[], usual: number): string {
  const each = fits.map(({ delta }) => delta ?? usual);
  const ends = new Set([Math.min(...each), Math.max(...each)]);
  return [...ends].map((delta) => number(delta, delta === usual ? 1 : 3)).join(" to ");
}

function heading(
  { data, settings, backend, fits, failed = [], timing }: FitFile,
  { width, style }: SummaryOptions,
): string {
  const targets = new Set([...fits, ...failed].map(({ target }) => target));
  const rows = `${count(data.rows, "row")} fitted${data.testRows > 0 ? `, ${data.testRows} held out` : ""}`;
  const domains =
    data.domains.length === 0
      ? []
      : [`${count(data.domains.length, "domain")} (${data.domains.join(", ")})`];
  const what = [rows, ...domains, count(targets.size, "target")].join(" · ");
  const { title, scale } = lossOf(settings.loss);
  const loss = scale === undefined ? title : `${title}, δ ${deltas(fits, settings.delta)}`;
  const residual = settings.residual === "raw" ? "" : `, of the ${settings.residual} residual`;
  const total = timing["total"];
  const how = [
    backend.kind === "webgpu" ? `WebGPU: ${backend.adapter}` : `CPU: ${backend.adapter}`,
    loss + residual,
    `seed ${settings.seed}`,
    ...(total === undefined ? [] : [seconds(total)]),
  ];
  return [style.bold(data.source), wrap(what, width), style.dim(wrap(how.join(" · "), width))].join(
    "\n",
  );
}
