/** What a fit costs is bounded before it begins. */
import { InputError } from "../../base/errors.ts";
import { checkLimit } from "../../options/limits.ts";
import { option } from "../../base/option-text.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { CATALOG } from "../../laws/catalog/catalog.ts";
import { domainsOfLaw } from "../../laws/bind.ts";
import type { Law } from "../../laws/law.ts";
import { parametersOf } from "../../laws/parameters/parameters.ts";
import type { FitSettings } from "../../options/fit-options.ts";

/** Refits to parts of the runs, beside the fit to all of them. */
export interface PlannedRefits {
  /** Starts of all of them together, of a law and a target. */
  readonly starts: number;
  /** The option that has fewer of them. */
  readonly option: string;
}

/**
 * Throws the InputError for laws, targets, starts and replicates that together pass a limit, and
 * for two laws of one name.
 */
export function checkCost(
  laws: readonly Law[],
  runs: Runs,
  settings: FitSettings,
  refits?: PlannedRefits,
): void {
  checkNames(laws);
  const { signs, restarts, bootstrap } = settings;
  const pairs = laws.length * runs.targets.length;
  const what = refits === undefined ? "the fit" : "the validation";
  checkLimit("laws", laws.length, { what, remedy: "name fewer" });
  checkLimit("targets", runs.targets.length, {
    what: runs.source,
    remedy: `name fewer ${option("targets")}`,
    where: { option: "targets" },
  });
  const fewer = refits === undefined ? "" : ` or ${option(refits.option)}`;
  checkLimit("starts", (restarts + (refits?.starts ?? 0)) * pairs, {
    what,
    remedy: `lower ${option("restarts")}${fewer}, or name fewer ${option("targets")} or laws`,
    where: { option: "restarts" },
  });
  const sizes = laws.map(
    (law) =>
      parametersOf(
        law.parameters({ signs }),
        law.uses.weights ? domainsOfLaw(law, runs.domains, runs.phases) : [],
      ).length * runs.targets.length,
  );
  checkLimit("replicateNumbers", bootstrap * sizes.reduce((a, b) => a + b, 0), {
    what: "the bootstrap",
    remedy: `lower ${option("bootstrap")}, or name fewer ${option("targets")} or laws`,
    where: { option: "bootstrap" },
  });
}

/** A file knows its laws by name: each has its own, and none that of a law of the catalog. */
function checkNames(laws: readonly Law[]): void {
  const byName = new Map<string, Law>(CATALOG);
  for (const law of laws) {
    const other = byName.get(law.name);
    if (other !== undefined && other !== law && law.definition !== undefined)
      throw new InputError(
        `two laws are called "${law.name}"${CATALOG.has(law.name) ? ", one of them mixlaw's own" : ""}: give the formula another name`,
        { option: "law" },
      );
    byName.set(law.name, law);
  }
}
