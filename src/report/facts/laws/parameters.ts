/** What the view of the parameters shows. */
import { percent, significant } from "../../../base/format-number.ts";
import { count } from "../../../base/wording.ts";
import type { Fit } from "../../../fit/result/fit-file.ts";
import { ERROR_LEVEL, errorQuantile, fittedNumbers } from "../../../fit/tables/fitted-numbers.ts";
import type { ParametersData } from "../../../views/laws/parameters.ts";
import { type Lacking, lacking } from "../../../views/kit/view.ts";
import { type Material, usedFits } from "../material.ts";

export function parametersFacts(material: Material): ParametersData | Lacking {
  const { file } = material;
  const fits = usedFits(material);
  const rows = file.fits.flatMap((fit) =>
    fittedNumbers(file, fit).map(({ interval, ...row }) => ({
      ...row,
      interval: interval?.ends ?? null,
    })),
  );
  if (rows.length === 0) return lacking("The laws of this file have no parameters.");
  return {
    rows,
    used: fits.map(({ law, target }) => ({ law, target })),
    intervals: [...new Set(fits.map(intervalWords))],
  };
}

/** How a fit's intervals were made. */
function intervalWords(fit: Fit): string {
  const { bootstrap, standardErrors, law } = fit;
  if (bootstrap !== null) {
    const kind = bootstrap.interval === "bca" ? "BCa" : "percentile";
    return `Lines of the ${law} law: ${percent(bootstrap.level)} ${kind} intervals from ${count(bootstrap.replicates, "bootstrap replicate")}.`;
  }
  if (standardErrors === null)
    return `The fits of the ${law} law have no intervals: "mixlaw fit --bootstrap 1000" makes them.`;
  return `Lines of the ${law} law: ${percent(ERROR_LEVEL)} intervals, ${significant(errorQuantile(fit), 3)} standard errors on each side; profile intervals where they were asked for.`;
}
