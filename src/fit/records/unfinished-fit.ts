/** What is missing of a fit that ended at its deadline. */
import { finding, type Finding } from "../../base/verdict.ts";
import { listed } from "../../base/wording.ts";
import type { Law } from "../../laws/law.ts";
import type { FitFile } from "../result/fit-file.ts";

/**
 * The finding that says it: replicates that are not done, a search that was stopped, laws that were
 * not begun.
 *
 * @param laws those that were asked for
 */
export function unfinishedFit(
  { fits, failed = [], settings }: FitFile,
  laws: readonly Law[],
): Finding {
  const names = [...new Set(laws.map(({ name }) => name))];
  const asked = settings.bootstrap;
  const parts: string[] = [];
  for (const law of names) {
    const its = fits.filter((fit) => fit.law === law);
    if (its.length === 0) continue;
    const done = Math.min(...its.map(({ bootstrap }) => bootstrap?.replicates ?? 0));
    if (its.some(({ search }) => search.status === "interrupted"))
      parts.push(`the search of ${law} was stopped`);
    else if (done < asked) parts.push(`${done} of ${asked} replicates of ${law} are done`);
  }
  const begun = new Set([...fits, ...failed].map(({ law }) => law));
  const missing = names.filter((name) => !begun.has(name));
  if (missing.length > 0)
    parts.push(`${listed(missing)} ${missing.length === 1 ? "was" : "were"} not begun`);
  const what = parts.length > 0 ? parts.join(", ") : "some of what was asked for may be missing";
  return finding("deadline-passed", `the deadline came before the end: ${what}`);
}
