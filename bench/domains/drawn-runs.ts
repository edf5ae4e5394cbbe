/** Runs drawn from a law, as the library reads them. */
import { toRuns } from "../../src/data/runs/runs.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import type { Law } from "../../src/laws/law.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import type { Design } from "../../src/simulate/run-design.ts";
import { simulate } from "../../src/simulate/simulate.ts";

/** Domains d1, d2, …. */
export const domainsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `d${i + 1}`);

/** A truth with noise of so many parts of the loss. */
export const truthOf = (law: Law, { domains, targets }: Design, noise: number, seed = 5) =>
  drawTruth(law, domains, targets, { signs: "positive", seed, noise: { kind: "lognormal", sigma: noise } }); // prettier-ignore

/** The runs of a design with losses by a truth; another seed has other mixtures and noise. */
export async function drawnRuns(
  law: Law,
  truth: ReturnType<typeof truthOf>,
  design: Design,
  seed: number,
): Promise<Runs> {
  const { columns, rows } = simulate(law, { ...truth, seed }, design);
  const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", law.name));
}
