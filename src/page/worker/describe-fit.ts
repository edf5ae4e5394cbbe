/** A fit file as the page shows it, besides its report. */
import { seconds } from "../../base/format-number.ts";
import { lawIn } from "../../fit/file/law-of-fit.ts";
import { failureOf, hasFailed } from "../../fit/result/failed-fits.ts";
import type { Fit, FitFile } from "../../fit/result/fit-file.ts";
import { targetsIn } from "../../mixture/problem/choose-fits.ts";
import type { FitView, ScoreView } from "../protocol/workshop.ts";

/** What is known of a fit beside its file. */
export interface FitContext {
  readonly isInterrupted: boolean;
  readonly hasTable: boolean;
}

export function describeFit(file: FitFile, { isInterrupted, hasTable }: FitContext): FitView {
  const { data, fits, failed = [] } = file;
  const holding = fits.filter((fit) => !hasFailed(fit));
  const laws = [...new Set(holding.map(({ law }) => law))];
  const mixed = laws.filter((law) => lawIn(file, law).uses.weights);
  return {
    kind: "fit",
    source: data.source,
    laws,
    targets: targetsIn(file),
    domains: data.domains,
    scores: holding.map(scoreOf),
    findings: [...fits.filter(hasFailed), ...failed].map(failureOf),
    backend: backendOf(file),
    isInterrupted: isInterrupted || fits.some(({ search }) => search.status === "interrupted"),
    replicates: Math.max(0, ...holding.map(({ bootstrap }) => bootstrap?.replicates ?? 0)),
    hasMixture: mixed.length > 0,
    usualLaw: usualLaw(file, holding, mixed),
    largest: { params: data.range.params?.max ?? null, tokens: data.range.tokens?.max ?? null },
    hasTable,
  };
}

function scoreOf({ target, law, train, test, objective, search }: Fit): ScoreView {
  return {
    target,
    law,
    train: train.mrePercent,
    test: test?.mrePercent ?? null,
    objective,
    agreed: `${search.reachedBest} of ${search.followed}`,
  };
}

function backendOf({ backend, timing }: FitFile): string {
  const where = backend.kind === "webgpu" ? `WebGPU (${backend.adapter})` : backend.adapter;
  const total = timing["total"];
  return total === undefined ? where : `${where}, ${seconds(total)}`;
}

/** The law that back-tests chose, else that with the least error on rows held out, or fitted. */
function usualLaw(file: FitFile, fits: readonly Fit[], mixed: readonly string[]): string {
  const chosen = file.chosen?.law;
  if (chosen !== undefined && mixed.includes(chosen)) return chosen;
  const error = (law: string): number => {
    const scores = fits.filter((fit) => fit.law === law).map((fit) => fit.test ?? fit.train);
    return scores.reduce((sum, { mae }) => sum + mae, 0) / scores.length;
  };
  return mixed.toSorted((a, b) => error(a) - error(b))[0] ?? "";
}
