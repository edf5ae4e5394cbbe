/** What the findings of an optimum, and those of the fits, show. */
import { bearsOn } from "../../../base/claims.ts";
import type { Finding } from "../../../base/verdict.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type {
  FindingsData,
  Sentence,
  SentenceGroup,
  SentenceLabel,
} from "../../../views/words/findings.ts";
import { labelOf, uniqueFindings } from "../../../words/finding-label.ts";
import { fitRemarks } from "../../../words/fit-remarks.ts";
import { optimumSentences } from "../../../words/optimum-sentences.ts";
import { withFlagNames } from "../../../words/option-flags.ts";
import { boundSentence, proofSentence } from "../../../words/proof.ts";
import { type Material, usedFits } from "../material.ts";

/** The verdict with its certificate first, then the findings by what they bear on. */
export function optimumFindingsFacts(optimum: Optimum): FindingsData {
  const findings = uniqueFindings(optimum.verdict.findings);
  const isOfMixture = ({ code }: Finding): boolean => !bearsOn(code, "predictions");
  const proof = proofSentence(optimum);
  const facts = optimumSentences(optimum).filter((sentence) => sentence !== proof);
  return {
    groups: filled([
      {
        title: "How good it is as an optimum",
        sentences: stated([proof, boundSentence(optimum)]),
      },
      { title: "What bears on the mixture", sentences: labelled(findings.filter(isOfMixture)) },
      {
        title: "What bears on the losses that it rests on",
        sentences: labelled(findings.filter((finding) => !isOfMixture(finding))),
      },
      { title: "How sharp it is, and what constraints cost", sentences: stated(facts) },
    ]),
  };
}

/**
 * Of the fits that answers come from first, then of the others: fits that failed, and what to
 * beware of. Last what is only to know of all of them and of the runs.
 */
export function fitFindingsFacts(material: Material): FindingsData {
  const file = withFailed(material.file, material.failed);
  const used = usedFits(material);
  const others = file.fits.filter((fit) => !used.includes(fit));
  return {
    groups: filled([
      {
        title: others.length === 0 ? "What to beware of" : "What to beware of in the fits in use",
        sentences: remarksOf({ ...file, fits: used, failed: [] }, ["failed", "warning"]),
      },
      {
        title: "What to beware of in the others",
        sentences: remarksOf({ ...file, fits: others }, ["failed", "warning"]),
      },
      { title: "What is good to know", sentences: remarksOf(file, ["note"]) },
    ]),
  };
}

const remarksOf = (file: FitFile, labels: readonly SentenceLabel[]): Sentence[] =>
  fitRemarks(file, {
    isShown: () => false,
    elsewhere: "The picture of the parameters marks them.",
  }).flatMap(({ label, sentence }) => (labels.includes(label) ? [{ label, text: sentence }] : []));

/** The file as it was: fits that failed are set apart in the material. */
function withFailed(file: FitFile, failed: Material["failed"]): FitFile {
  const isFit = (fit: Material["failed"][number]): fit is Fit => "parameters" in fit;
  return {
    ...file,
    fits: [...file.fits, ...failed.filter(isFit)],
    failed: failed.flatMap((fit) => (isFit(fit) ? [] : [fit])),
  };
}

const filled = (groups: readonly SentenceGroup[]): SentenceGroup[] =>
  groups.filter(({ sentences }) => sentences.length > 0);

const stated = (sentences: readonly string[]): Sentence[] =>
  sentences
    .filter((sentence) => sentence !== "")
    .map((sentence) => ({ label: null, text: withFlagNames(sentence) }));

/** Findings as sentences, warnings first. */
function labelled(findings: readonly Finding[]): Sentence[] {
  const sentences = findings.map(({ code, sentence }) => ({
    label: labelOf(code),
    text: withFlagNames(sentence),
  }));
  return [
    ...sentences.filter(({ label }) => label === "warning"),
    ...sentences.filter(({ label }) => label === "note"),
  ];
}
