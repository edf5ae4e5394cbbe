/**
 * L = (A/h^α)·(B/D^β + C), h the share of the domain that the target measures — Ge et al. 2024,
 * BiMix, arXiv 2405.14908.
 */
import { add, exp, log, mul, neg } from "../../../expr/graph.ts";
import { defineLaw, type Law, reportCharts } from "../../law.ts";
import { exponential } from "../../parameters/chart.ts";
import { exponent, logCoefficient, tokenParameters } from "../../terms/shared-parameters.ts";

/** A is 1: only A·B and A·C can be known. */
const parameters = () => ({
  alpha: {
    ...exponent("exponent α of the domain's share"),
    start: () => [0.01, 0.5] as const,
    truth: [0.03, 0.1] as const,
  },
  lnB: { ...tokenParameters.lnB, meaning: "ln B, token term (with A = 1)" },
  beta: tokenParameters.beta,
  lnC: {
    ...logCoefficient("ln C, constant (with A = 1)", exponential("C")),
    start: (s: { min: number }) => [Math.log(0.2 * s.min), Math.log(s.min)] as const,
    truth: [0.4, 0.8] as const,
  },
});

const forDomain = (domain: number): Law =>
  defineLaw({
    name: "bimix",
    equation: "L = (A/hᵢ^α)·(B/D^β + C)",
    source: "Ge et al. 2024, arXiv 2405.14908",
    about:
      "the share of the target's own domain, and tokens; A = 1, since only A·B and A·C can be known",
    uses: { params: false, tokens: true, weights: true },
    parameters,
    loss: (x) => {
      const operand = `h[${x.domainNames[domain]}]`;
      const share = x.guard({
        node: x.h(domain),
        needs: "positive",
        operation: `1/${operand}^α`,
        operand,
      });
      const ln = log(share);
      const tokens = exp(add(x.p("lnB"), neg(mul(x.p("beta"), x.lnD))));
      return mul(exp(neg(mul(x.p("alpha"), ln))), add(tokens, exp(x.p("lnC"))));
    },
    report: (c) => ({ A: 1, ...reportCharts(parameters(), c) }),
    form: ({ domains }) => ({
      equations: [`L = A/h[${JSON.stringify(domains[domain])}]^alpha*(B/tokens^beta + C)`],
    }),
    units: "absolute",
    contains: {},
  });

/** One law object for each domain, since compiled code is kept by the law object. */
const forms = new Map<number, Law>();
const form = (domain: number): Law => {
  const law = forms.get(domain) ?? forDomain(domain);
  forms.set(domain, law);
  return law;
};

export const bimix: Law = { ...forDomain(0), forDomain: form };
