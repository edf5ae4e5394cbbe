/** What the findings of an optimum, and those of the fits, show. */
import { bearsOn } from "../../../base/claims.ts";
import type { Finding } from "../../../base/verdict.ts";
import type { Fit, FitFile } from "../../../fit/result/fit-file.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { FindingsData, Sentence, SentenceGroup } from "../../../views/words/findings.ts";
import { labelOf, uniqueFindings } from "../../../words/finding-label.ts";
import { fitRemarks } from "../../../words/fit-remarks.ts";
import { optimumSentences } from "../../../words/optimum-sentences.ts";
import { withFlagNames } from "../../../words/option-flags.ts";
import { boundSentence, proofSentence } from "../../../words/proof.ts";
import type { Material } from "../material.ts";

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

/** Fits that failed first, then what to beware of, then what happened to the data. */
export function fitFindingsFacts({ file, failed }: Material): FindingsData {
  const remarks = fitRemarks(withFailed(file, failed), {
    isShown: () => false,
    elsewhere: "The picture of the parameters marks them.",
  });
  const some = (...labels: readonly Sentence["label"][]): Sentence[] =>
    remarks
      .filter(({ label }) => labels.includes(label))
      .map(({ label, sentence }) => ({ label, text: sentence }));
  return {
    groups: filled([
      { title: "What to beware of", sentences: some("failed", "warning") },
      { title: "What is good to know", sentences: some("note") },
    ]),
  };
}

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
