/** The laws that come with mixlaw, by name. */
import { additive } from "./additive.ts";
import { bimix } from "./bimix.ts";
import { constrained } from "./constrained.ts";
import { dataMixing } from "./datamixing.ts";
import { dcpt } from "./dcpt.ts";
import { farseer } from "./farseer.ts";
import { finetuning } from "./finetuning.ts";
import { forgetting } from "./forgetting.ts";
import { kaplan } from "./kaplan.ts";
import { linear } from "./linear.ts";
import { logLinear } from "./loglinear.ts";
import { m1 } from "./mone.ts";
import { m2 } from "./mtwo.ts";
import { routed } from "./routed.ts";
import { sparsity } from "./sparsity.ts";
import { chinchilla } from "./chinchilla.ts";
import type { Law } from "./define.ts";
import { full } from "./full.ts";
import { joint } from "./joint.ts";
import { mixture } from "./mixture.ts";
import { simple } from "./simple.ts";
import { mixtureTokens } from "./tokens.ts";

export const laws = {
  chinchilla, mixture, mixtureTokens, simple, additive, joint, full,
  kaplan, farseer, dataConstrained: constrained, moeSparsity: sparsity, routed,
  linear, logLinear, dataMixing, dataMixingM1: m1, dataMixingM2: m2, bimix, dcpt,
  forgetting, finetuning,
} as const; // prettier-ignore

/** The catalog by the names that users type, smaller laws before those that contain them. */
export const CATALOG: ReadonlyMap<string, Law> = new Map(Object.values(laws).map((law) => [law.name, law]));
