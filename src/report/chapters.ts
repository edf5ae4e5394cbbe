/** The chapters of a report: which views are shown, in which order. The decision comes first. */
import { itemAt } from "../base/known.ts";
import type { Chapter, Section } from "../views/catalog.ts";
import { basinsFacts } from "./facts/laws/basins.ts";
import { lawIn } from "../fit/file/law-of-fit.ts";
import { type Lacking, lacking } from "../views/kit/view.ts";
import { candidatesFacts } from "./facts/decision/candidates.ts";
import { type Decision, decisionOf } from "./facts/decision/decision.ts";
import { interactionsFacts } from "./facts/decision/interactions.ts";
import { mixtureFacts } from "./facts/decision/mixture.ts";
import { optimaFacts } from "./facts/decision/optima.ts";
import { outcomeFacts } from "./facts/decision/outcome.ts";
import { scalePathFacts } from "./facts/decision/scale-path.ts";
import { sliceFacts } from "./facts/decision/slice.ts";
import { wayFacts } from "./facts/decision/way.ts";
import { fitFindingsFacts, optimumFindingsFacts } from "./facts/words/findings.ts";
import { lawErrorsFacts } from "./facts/laws/law-errors.ts";
import { lawOptimaFacts, lawPredictionsFacts } from "./facts/laws/law-optima.ts";
import { backtestsFacts } from "./facts/quality/backtests.ts";
import { lossesFacts } from "./facts/quality/losses-over-tokens.ts";
import { observedPredictedFacts } from "./facts/quality/observed-predicted.ts";
import { residualsFacts } from "./facts/quality/residuals.ts";
import { parametersFacts } from "./facts/laws/parameters.ts";
import { methodsFacts } from "./facts/words/methods.ts";
import { summaryFacts } from "./facts/words/summary.ts";
import type { Material, NamedOptimum } from "./facts/material.ts";

/** The chapters of a report, in order: sliders stand between the two parts. */
export interface Chapters {
  /** What was decided, or why nothing was. */
  readonly decisions: readonly Chapter[];
  readonly others: readonly Chapter[];
}

/** All chapters. This computes: in a page it belongs into a worker. */
export async function chaptersOf(material: Material): Promise<Chapters> {
  const decisions = material.optima.map(({ optimum }) => decisionOf(material.file, optimum));
  return {
    decisions: decisionChapters(material, decisions),
    others: [
      findingsChapter(material),
      qualityChapter(material),
      await lawsChapter(material, decisions[0]),
      { title: "How it was done", sections: [{ view: "methods", data: methodsFacts(material) }] },
    ],
  };
}

/** Why there is no decision: none was asked for, or there is no mixture to choose. */
const noOptimum = ({ file }: Material): Lacking =>
  lacking(
    file.fits.some(({ law }) => lawIn(file, law).uses.weights)
      ? 'No optimum was given. "mixlaw optimize fit.json --params 7B --tokens 150B --out optimum.json" chooses a mixture, and "mixlaw report fit.json optimum.json" shows it.'
      : 'These laws have no mixture to choose. "mixlaw optimize fit.json --flops 1e22" finds the best N and D for a compute.',
  );

function decisionChapters(
  material: Material,
  decisions: readonly (Decision | Lacking)[],
): Chapter[] {
  const { optima } = material;
  if (optima.length > 0)
    return [
      ...(optima.length > 1 ? [comparisonOf(optima)] : []),
      ...optima.map((optimum, n) => decisionChapter(material, optimum, itemAt(decisions, n))),
    ];
  return [{ title: "The decision", sections: [{ view: "summary", data: noOptimum(material) }] }];
}

const comparisonOf = (optima: readonly NamedOptimum[]): Chapter => ({
  title: "The decisions side by side",
  sections: [{ view: "optima", data: optimaFacts(optima) }],
});

/** What to do, the pictures of it, and right below what may be said of it. */
function decisionChapter(
  { optima }: Material,
  { name, optimum }: NamedOptimum,
  decision: Decision | Lacking,
): Chapter {
  const candidates = candidatesFacts(optimum);
  const sections: Section[] = [
    { view: "summary", data: summaryFacts(optimum) },
    { view: "mixture", data: mixtureFacts(optimum, decision) },
    { view: "outcome", data: outcomeFacts(optimum) },
    ...(candidates === null ? [] : [{ view: "candidates", data: candidates } as const]),
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

/** The laws beside each other, at the first optimum; then what was fitted, and how. */
async function lawsChapter(
  material: Material,
  first: Decision | Lacking | undefined,
): Promise<Chapter> {
  const sections: Section[] = [
    ...(first === undefined ? [] : await comparedAt(first)),
    { view: "law-errors", data: lawErrorsFacts(material) },
    { view: "parameters", data: parametersFacts(material) },
    { view: "basins", data: basinsFacts(material) },
  ];
  return { title: "The laws", sections };
}

const comparedAt = async (decision: Decision | Lacking): Promise<Section[]> => [
  { view: "law-optima", data: await lawOptimaFacts(decision) },
  { view: "law-predictions", data: lawPredictionsFacts(decision) },
];
