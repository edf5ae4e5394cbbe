/** The laws that come with mixlaw, by name. */
import { BY_PHASE, byPhase } from "../by-phase.ts";
import type { Law } from "../law.ts";
import { additive } from "./mixture/additive.ts";
import { bimix } from "./mixture/bimix.ts";
import { dataMixing } from "./mixture/data-mixing.ts";
import { dataMixingM1 } from "./mixture/data-mixing-m1.ts";
import { dataMixingM2 } from "./mixture/data-mixing-m2.ts";
import { full } from "./mixture/full.ts";
import { joint } from "./mixture/joint.ts";
import { linear } from "./mixture/linear.ts";
import { logLinear } from "./mixture/log-linear.ts";
import { mixture } from "./mixture/mixture.ts";
import { mixtureTokens } from "./mixture/mixture-tokens.ts";
import { simple } from "./mixture/simple.ts";
import { additiveEpochs } from "./supply/additive-epochs.ts";
import { epochs } from "./supply/epochs.ts";
import { jointEpochs } from "./supply/joint-epochs.ts";
import { repetition } from "./supply/repetition.ts";
import { chinchilla } from "./scale/chinchilla.ts";
import { dcpt } from "./scale/d-cpt.ts";
import { dataConstrained } from "./scale/data-constrained.ts";
import { farseer } from "./scale/farseer.ts";
import { finetuning } from "./scale/finetuning.ts";
import { forgetting } from "./scale/forgetting.ts";
import { granularity } from "./scale/granularity.ts";
import { kaplan } from "./scale/kaplan.ts";
import { moeSparsity } from "./scale/moe-sparsity.ts";
import { routed } from "./scale/routed.ts";

/** Smaller laws before those that contain them. */
const byKey = {
  chinchilla,
  mixture,
  mixtureTokens,
  simple,
  additive,
  joint,
  full,
  kaplan,
  farseer,
  dataConstrained,
  repetition,
  additiveEpochs,
  jointEpochs,
  epochs,
  moeSparsity,
  granularity,
  routed,
  linear,
  logLinear,
  dataMixing,
  dataMixingM1,
  dataMixingM2,
  bimix,
  dcpt,
  forgetting,
  finetuning,
} as const;

/**
 * The laws that come with mixlaw. Keys are their names in camel case: `laws.logLinear` is the law
 * that users call log-linear.
 *
 * @example await engine.fit([laws.additive, laws.joint], runs)
 */
export const laws: Readonly<Record<keyof typeof byKey, Law>> = byKey;

/** The catalog by the names that users type, in the order of `laws`. */
export const CATALOG: ReadonlyMap<string, Law> = new Map(
  Object.values(laws).map((law) => [law.name, law]),
);

/**
 * A law by the name that users type: one of the catalog, or of each phase by itself, such as
 * "epochs-by-phase". Undefined for another name.
 */
export function lawNamed(name: string): Law | undefined {
  const own = CATALOG.get(name);
  if (own !== undefined || !name.endsWith(BY_PHASE)) return own;
  const base = CATALOG.get(name.slice(0, -BY_PHASE.length));
  return base && byPhase(base);
}

/** Every name that `lawNamed` knows: those of the catalog, then those of each phase by itself. */
export const lawNames = (): string[] => [
  ...CATALOG.keys(),
  ...[...CATALOG.values()].flatMap((law) => byPhase(law)?.name ?? []),
];
