/** The laws that come with mixlaw, by name. */
import { additive } from "./mixture/additive.ts";
import { bimix } from "./mixture/bimix.ts";
import { constrained } from "./scale/data-constrained.ts";
import { dataMixing } from "./mixture/data-mixing.ts";
import { dcpt } from "./scale/d-cpt.ts";
import { farseer } from "./scale/farseer.ts";
import { finetuning } from "./scale/finetuning.ts";
import { forgetting } from "./scale/forgetting.ts";
import { kaplan } from "./scale/kaplan.ts";
import { linear } from "./mixture/linear.ts";
import { logLinear } from "./mixture/log-linear.ts";
import { m1 } from "./mixture/data-mixing-m1.ts";
import { m2 } from "./mixture/data-mixing-m2.ts";
import { routed } from "./scale/routed.ts";
import { sparsity } from "./scale/moe-sparsity.ts";
import { chinchilla } from "./scale/chinchilla.ts";
import type { Law } from "../law.ts";
import { full } from "./mixture/full.ts";
import { joint } from "./mixture/joint.ts";
import { mixture } from "./mixture/mixture.ts";
import { simple } from "./mixture/simple.ts";
import { mixtureTokens } from "./mixture/mixture-tokens.ts";

const byKey = {
  chinchilla, mixture, mixtureTokens, simple, additive, joint, full,
  kaplan, farseer, dataConstrained: constrained, moeSparsity: sparsity, routed,
  linear, logLinear, dataMixing, dataMixingM1: m1, dataMixingM2: m2, bimix, dcpt,
  forgetting, finetuning,
} as const; // prettier-ignore

/**
 * The laws that come with mixlaw. Keys are their names in camel case: `laws.logLinear` is the law
 * that users call log-linear.
 *
 * @example await engine.fit([laws.additive, laws.joint], runs)
 */
export const laws: Readonly<Record<keyof typeof byKey, Law>> = byKey;

/** The catalog by the names that users type, smaller laws before those that contain them. */
export const CATALOG: ReadonlyMap<string, Law> = new Map(
  Object.values(laws).map((law) => [law.name, law]),
);
