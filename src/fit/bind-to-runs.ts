/** Laws bound to the domains of a set of runs, in units that the runs give. */
import { checkMagnitudes } from "../data/runs/check-magnitudes.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { Phases } from "../options/phases.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { frameOf } from "./starts/frame-of.ts";
import { bind, type BindOptions, type BoundLaw, type Units } from "../laws/bind.ts";
import { CATALOG } from "../laws/catalog/catalog.ts";
import { inputsOf } from "../laws/inputs.ts";
import type { Law } from "../laws/law.ts";
import { type Frame, NO_FRAME } from "../laws/parameters/frame.ts";

/**
 * A law over the domains of the runs, centered at the geometric means of its inputs; a formula in
 * the frame that the runs give it.
 */
export function bindToRuns(law: Law, runs: Runs, options: BindOptions): BoundLaw {
  const domains = law.uses.weights ? runs.domains : [];
  const units = unitsOf(law, runs);
  const boundIn = (frame: Frame): BoundLaw =>
    bind(law, domains, { ...options, frame, phases: runs.phases }, units);
  const hasInputs = inputNames(law, domains, runs.phases).every((name) => runs.train.inputs[name] !== undefined); // prettier-ignore
  // Without its inputs it is refused later, by name.
  return boundIn(hasInputs && runs.train.rows > 0 ? frameOf(boundIn, runs.train) : NO_FRAME);
}

const inputNames = (law: Law, domains: readonly string[], phases?: Phases): string[] => [
  ...(law.uses.params ? ["params"] : []),
  ...(law.uses.tokens ? ["tokens"] : []),
  ...inputsOf(law, domains, phases).map(({ name }) => name),
];

/**
 * Requested laws with those they contain, smaller before larger, bound to the runs. Without random
 * starts only those requested: given starts are none for what a law contains. Throws InputError for
 * runs with numbers that are too large or too small.
 */
export function bindAll(laws: readonly Law[], runs: Runs, settings: FitSettings): BoundLaw[] {
  checkMagnitudes(runs);
  const all = settings.restarts === 0 ? [...new Set(laws)] : withContained(laws);
  return all.map((law) => bindToRuns(law, runs, settings));
}

function withContained(laws: readonly Law[]): Law[] {
  const all = new Set<Law>();
  const visit = (law: Law): void => {
    for (const name of Object.keys(law.contains)) visit(CATALOG.get(name) as Law);
    all.add(law);
  };
  for (const law of laws) visit(law);
  return [...all];
}

/**
 * Geometric means: the units in which the logarithms of N, D and other positive inputs are
 * centered.
 */
function unitsOf(law: Law, runs: Runs): Units {
  const mean = (name: string): number => {
    const values = (runs.train.inputs[name] ?? new Float64Array()).filter((v) => v > 0);
    return values.length === 0
      ? 1
      : Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
  };
  const others = (law.uses.inputs ?? []).filter((input) => input.values !== "any");
  return {
    params: mean("params"),
    tokens: mean("tokens"),
    ...Object.fromEntries(others.map(({ name }) => [name, mean(name)])),
  };
}
