/** A report of a fit and its optima. */
import { count, listed } from "../base/wording.ts";
import { checkedFit } from "../fit/file/parse-fit-file.ts";
import { checkedOptimum } from "../mixture/request/optimum-schema.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { chaptersOf } from "./chapters.ts";
import { checkOptimum } from "./facts/check-optimum.ts";
import { materialOf, type NamedOptimum } from "./facts/material.ts";
import { whatIfFacts } from "./facts/what-if.ts";
import type { Report } from "./report-data.ts";

/** The name of a file without its folder. */
const withoutFolder = (path: string): string => path.replace(/^.*[/\\]/, "");

/**
 * What a report of a fit file shows.
 *
 * @throws InputError where every fit has failed, and for an optimum of other fits.
 */
export async function reportOf(fitFile: FitFile, optima: readonly NamedOptimum[]): Promise<Report> {
  const file = checkedFit(fitFile);
  for (const { name, optimum } of optima) checkedOptimum(optimum, name);
  const material = materialOf(file, optima);
  for (const optimum of optima) checkOptimum(material.file, optimum);
  const { data, version, fits } = material.file;
  const { decisions, others } = await chaptersOf(material);
  const laws = [...new Set(fits.map(({ law }) => law))];
  return {
    title: listed((data.reading?.sources ?? [data.source]).map(withoutFolder)),
    subtitle: `${count(data.rows, "run")} fitted by ${laws.join(", ")} · mixlaw ${version}`,
    chapters: [...decisions, ...others],
    sliders: { after: decisions.length, data: whatIfFacts(material) },
  };
}
