/** The chapters of a report: which views are shown, in which order. The decision comes first. */
import type { Chapter, Section } from "../views/catalog.ts";
import { basinsFacts } from "./facts/basins.ts";
import { lacking } from "../views/kit/view.ts";
import { decisionOf } from "./facts/decision/decision.ts";
import { interactionsFacts } from "./facts/decision/interactions.ts";
import { mixtureFacts } from "./facts/decision/mixture.ts";
import { optimaFacts } from "./facts/decision/optima.ts";
import { outcomeFacts } from "./facts/decision/outcome.ts";
import { scalePathFacts } from "./facts/decision/scale-path.ts";
import { sliceFacts } from "./facts/decision/slice.ts";
import { wayFacts } from "./facts/decision/way.ts";
import { fitFindingsFacts, optimumFindingsFacts } from "./facts/findings.ts";
import { backtestsFacts } from "./facts/quality/backtests.ts";
import { lossesFacts } from "./facts/quality/losses-over-tokens.ts";
import { observedPredictedFacts } from "./facts/quality/observed-predicted.ts";
import { residualsFacts } from "./facts/quality/residuals.ts";
import { parametersFacts } from "./facts/parameters.ts";
import { summaryFacts } from "./facts/summary.ts";
import type { Material, NamedOptimum } from "./facts/material.ts";

/** All chapters. This computes: in a page it belongs into a worker. */
export async function chaptersOf(material: Material): Promise<Chapter[]> {
  return [
    ...decisionChapters(material),
    findingsChapter(material),
    qualityChapter(material),
    lawsChapter(material),
  ];
}

const NO_OPTIMUM = lacking(
  'No optimum was given. "mixlaw optimize fit.json --params 7B --tokens 150B --out optimum.json" chooses a mixture, and "mixlaw report fit.json optimum.json" shows it.',
);

function decisionChapters(material: Material): Chapter[] {
  const { optima } = material;
  if (optima.length > 0)
    return [
      ...(optima.length > 1 ? [comparisonOf(optima)] : []),
      ...optima.map((optimum) => decisionChapter(material, optimum)),
    ];
  return [{ title: "The decision", sections: [{ view: "summary", data: NO_OPTIMUM }] }];
}

const comparisonOf = (optima: readonly NamedOptimum[]): Chapter => ({
  title: "The decisions side by side",
  sections: [{ view: "optima", data: optimaFacts(optima) }],
});

/** What to do, the pictures of it, and right below what may be said of it. */
function decisionChapter({ file, optima }: Material, { name, optimum }: NamedOptimum): Chapter {
  const decision = decisionOf(file, optimum);
  const sections: Section[] = [
    { view: "summary", data: summaryFacts(optimum) },
    { view: "mixture", data: mixtureFacts(optimum, decision) },
    { view: "outcome", data: outcomeFacts(optimum) },
    { view: "optimum-findings", data: optimumFindingsFacts(optimum) },
    { view: "way", data: wayFacts(decision) },
    { view: "interactions", data: interactionsFacts(decision) },
    { view: "slice", data: sliceFacts(decision) },
    { view: "scale-path", data: scalePathFacts(decision) },
  ];
  return { title: optima.length > 1 ? `The decision: ${name}` : "The decision", sections };
}

/** How well the law in use fits, and how it did on runs that it had not seen. */
const qualityChapter = (material: Material): Chapter => ({
  title: "How well the law fits",
  sections: [
    { view: "observed-predicted", data: observedPredictedFacts(material) },
    { view: "residuals", data: residualsFacts(material) },
    { view: "losses-over-tokens", data: lossesFacts(material) },
    { view: "backtests", data: backtestsFacts(material) },
  ],
});

const findingsChapter = (material: Material): Chapter => ({
  title: "What was found",
  sections: [{ view: "fit-findings", data: fitFindingsFacts(material) }],
});

const lawsChapter = (material: Material): Chapter => ({
  title: "The laws",
  sections: [
    { view: "parameters", data: parametersFacts(material) },
    { view: "basins", data: basinsFacts(material) },
  ],
});
