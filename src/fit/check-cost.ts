/** What a fit costs is bounded before it begins. */
import { InputError } from "../base/errors.ts";
import { checkLimit } from "../options/limits.ts";
import { option } from "../base/option-text.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { CATALOG } from "../laws/catalog/catalog.ts";
import type { Law } from "../laws/law.ts";
import { parametersOf } from "../laws/parameters/parameters.ts";
import type { FitSettings } from "../options/fit-options.ts";

/**
 * Throws the InputError for laws, targets, starts and replicates that together pass a limit, and
 * for two laws of one name.
 */
export function checkCost(laws: readonly Law[], runs: Runs, settings: FitSettings): void {
  checkNames(laws);
  const { signs, restarts, bootstrap } = settings;
  const pairs = laws.length * runs.targets.length;
  checkLimit("laws", laws.length, { what: "the fit", remedy: "fit fewer at once" });
  checkLimit("targets", runs.targets.length, {
    what: runs.source,
    remedy: `name fewer ${option("targets")}`,
    where: { option: "targets" },
  });
  checkLimit("starts", restarts * pairs, {
    what: "the fit",
    remedy: `lower ${option("restarts")}, or name fewer ${option("targets")} or laws`,
    where: { option: "restarts" },
  });
  const sizes = laws.map(
    (law) =>
      parametersOf(law.parameters({ signs }), law.uses.weights ? runs.domains : []).length *
      runs.targets.length,
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
