/**
 * The joint law of Shukor et al. 2025, arXiv 2507.09404, eq. 2.5, with repeated tokens worth less,
 * as in the additive law with epochs.
 */
import { add } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";
import { mixtureTerm } from "../../terms/mixture-term.ts";
import { formWith, powerMeanForm } from "../../terms/power-mean.ts";
import { lnEffective, lnWorth, repetitions } from "../../terms/repetition.ts";
import { additive } from "../mixture/additive.ts";
import { joint, jointLoss } from "../mixture/joint.ts";
import { additiveEpochs, EFFECTIVE_FORM, WORTH_MIXTURE_FORM } from "./additive-epochs.ts";

export const jointEpochs = defineLaw({
  name: "joint-epochs",
  equation:
    "L = E + 1/Σᵢ Cᵢ(hᵢwᵢ)^γᵢ + (Σᵢ Cᵢᴬhᵢ)^γᴬ/N^α + (Σᵢ Cᵢᴮhᵢ)^γᴮ/(Σᵢ hᵢDwᵢ)^β, wᵢ the worth at hᵢD/Uᵢ epochs",
  source: "arXiv 2507.09404 with arXiv 2305.16264",
  about: "the joint law where tokens are repeated: Uᵢ unique tokens seen hᵢD/Uᵢ times",
  uses: { params: true, tokens: true, weights: true, supply: true },
  parameters: (options) => ({ ...joint.parameters(options), lnRD: repetitions }),
  loss: (x) =>
    jointLoss(
      { ...x, lnD: add(x.lnD, lnEffective(x)) },
      mixtureTerm(x, (i) => lnWorth(x, i)),
    ),
  report: (c) => ({ ...joint.report(c), R_D: Math.exp(c.value("lnRD")) }),
  form: (x) =>
    formWith(`L = E + ${WORTH_MIXTURE_FORM} + A_h/params^alpha + B_h/D_eff^beta`, [
      { equations: [EFFECTIVE_FORM] },
      powerMeanForm(x, { mean: "A_h", pure: "pureA", gamma: "gammaA", positive: true }),
      powerMeanForm(x, { mean: "B_h", pure: "pureB", gamma: "gammaB", positive: true }),
    ]),
  units: "absolute",
  contains: {
    [additiveEpochs.name]: (c) => ({
      ...joint.contains[additive.name]?.(c),
      lnRD: c.value("lnRD"),
    }),
  },
});
