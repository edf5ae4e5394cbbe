/**
 * The additive law of Shukor et al. 2025, arXiv 2507.09404, eq. 2.4, with repeated tokens worth
 * less (Muennighoff et al. 2023, arXiv 2305.16264): wᵢ is what a token of domain i is worth after
 * hᵢD/Uᵢ epochs, and D becomes Σ hᵢDwᵢ. It is the additive law where nothing is repeated.
 */
import { add } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";
import { mixtureTerm } from "../../terms/mixture-term.ts";
import { lnEffective, lnWorth, repetitions, WORTH_FORM } from "../../terms/repetition.ts";
import { additive } from "../mixture/additive.ts";
import { chinchilla } from "../scale/chinchilla.ts";

/** The mixture term over shares that are worth something: 1/Σ Cᵢ(hᵢwᵢ)^γᵢ. */
export const WORTH_MIXTURE_FORM = `1/sum(C[i]*(h[i]*${WORTH_FORM})^gamma[i])`;

/** Effective tokens. */
export const EFFECTIVE_FORM = `D_eff = tokens*sum(h[i]*${WORTH_FORM})`;

export const additiveEpochs = defineLaw({
  name: "additive-epochs",
  equation: "L = E + 1/Σᵢ Cᵢ(hᵢwᵢ)^γᵢ + A/N^α + B/(Σᵢ hᵢDwᵢ)^β, wᵢ the worth at hᵢD/Uᵢ epochs",
  source: "arXiv 2507.09404 with arXiv 2305.16264",
  about: "the additive law where tokens are repeated: Uᵢ unique tokens seen hᵢD/Uᵢ times",
  uses: { params: true, tokens: true, weights: true, supply: true },
  parameters: (options) => ({ ...additive.parameters(options), lnRD: repetitions }),
  loss: (x) =>
    add(
      chinchilla.loss({ ...x, lnD: add(x.lnD, lnEffective(x)) }),
      mixtureTerm(x, (i) => lnWorth(x, i)),
    ),
  report: (c) => ({ ...additive.report(c), R_D: Math.exp(c.value("lnRD")) }),
  form: () => ({
    equations: [`L = E + ${WORTH_MIXTURE_FORM} + A/params^alpha + B/D_eff^beta`, EFFECTIVE_FORM],
  }),
  units: "absolute",
  contains: {},
});
