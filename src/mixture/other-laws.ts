/** What the other laws of a fit file say of the mixture that was chosen by one. */
import { InputError } from "../base/errors.ts";
import { gain, loss, number, signed } from "../base/format-number.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { listed, plural } from "../base/wording.ts";
import { lawIn } from "../fit/file/law-of-fit.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { upgraded } from "../fit/result/upgrade-fit-file.ts";
import { judgeOf } from "./judge.ts";
import { poseProblem, type Problem } from "./problem/pose-problem.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import type { OtherLaw, Optimum } from "./request/optimum.ts";

/**
 * Each law of the file that has a fit of every target, depends on the mixture and did not choose
 * it. Failed fits have no say, nor have laws without a finite loss there.
 */
export function otherLaws(
  file: FitFile,
  { losses, reference }: Problem,
  options: OptimizeOptions,
  h: Float64Array,
): OtherLaw[] {
  const { fits } = upgraded(file);
  const names = [...new Set(fits.map(({ law }) => law))].filter(
    (name) =>
      lawIn(file, name).uses.weights &&
      losses.some(({ law }) => law !== name) &&
      losses.every(
        ({ target }) =>
        fits.some((fit) => fit.law === name && fit.target === target && fit.verdict.status !== "failed"), // prettier-ignore
      ),
  );
  return names.flatMap((law) => {
    const problem = posed(file, { ...options, law });
    if (problem === undefined) return [];
    const judge = judgeOf(problem);
    const { objective, predicted } = judge(h);
    const compared = [reference, problem.uniform].map((mixture) => judge(mixture).objective);
    if (![objective, ...compared].every(Number.isFinite)) return [];
    return [
      {
        law,
        objective,
        predicted,
        gain: {
          reference: judge(reference).objective - objective,
          uniform: judge(problem.uniform).objective - objective,
        },
      },
    ];
  });
}

/** Undefined where a law asks for something that the request does not say. */
function posed(file: FitFile, options: OptimizeOptions): Problem | undefined {
  try {
    return poseProblem(file, options);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** What they say, in a sentence. */
export function otherLawFindings(
  laws: readonly OtherLaw[],
  { objective, uniform }: Pick<Optimum, "objective" | "uniform">,
  isAverage = false,
): Finding[] {
  if (laws.length === 0) return [];
  const each = laws.map(
    (other) =>
      `${other.law} ${loss(other.objective)} (${signed(other.objective - objective, 4)}; gain ${gain(other.gain.uniform)})`,
  );
  const all = [objective, ...laws.map((other) => other.objective)];
  const spread = Math.max(...all) - Math.min(...all);
  const own = gain(uniform.objective - objective);
  return [
    finding(
      "other-laws",
      `the ${isAverage ? "average of laws" : "law"} that chose this mixture predicts ${loss(objective)} and a gain over the uniform mixture of ${own}; the file's ${isAverage ? "" : "other "}${plural(laws.length, "law")}: ${listed(each)}. They differ by ${number(spread, 2)}`,
      laws.map(({ law }) => law),
    ),
  ];
}

/** Marin's logbook and result tables, September 2026. */
const OPTIMISM_SEEN =
  "in marin's trained comparisons smooth laws promised .035 to .07 nats too much at their own optimum";

/** That a law may promise too much where it is best. */
export function optimismFindings({ interval }: Pick<Optimum, "interval">): Finding[] {
  const known =
    interval === null
      ? "how much it is here, the replicates of a bootstrap would say"
      : `here it is ${number(interval.optimism, 2)} by the bootstrap, if the law is right`;
  return [finding("optimistic-at-own-optimum", `${OPTIMISM_SEEN}; ${known}`)];
}
