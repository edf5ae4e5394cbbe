/** What is to be known better, as each replicate of a fit's bootstrap has it. */
import { InputError } from "../base/errors.ts";
import { given } from "../base/objects.ts";
import { option } from "../base/option-text.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { predictor } from "../fit/result/predictor.ts";
import type { Scale } from "../mixture/goal/surface.ts";
import { spaceOf } from "../mixture/problem/space-of.ts";
import { mixtureFrom } from "../mixture/problem/mixture-from.ts";
import { resolver } from "../mixture/solver/resolver.ts";
import type { Member } from "./ensemble.ts";
import type { NextOptions } from "./next-options.ts";

export interface Goals {
  readonly names: readonly string[];
  /** Replicates × goals, row-major. */
  readonly values: Float64Array;
}

const hasMixture = (members: readonly Member[]): boolean =>
  members.some(({ law }) => law.law.uses.weights);

/** The shares of the best mixture by each replicate. */
export function shareGoals(
  file: FitFile,
  members: readonly Member[],
  options: NextOptions,
  replicates: number,
): Goals {
  const { domains } = file.data;
  const k = domains.length;
  if (k === 0 || !hasMixture(members))
    throw new InputError(
      `the law ${members[0].fit.law} does not depend on the mixture: use ${option("goal", "loss")}, or another ${option("law")}.`,
      { option: "goal" },
    );
  const bestBy = mixtureSolver(file, members, options);
  const values = new Float64Array(replicates * k);
  for (let r = 0; r < replicates; r++)
    values.set(bestBy(members.map((member) => member.replicates[r])), r * k);
  return { names: domains, values };
}

/** From coordinates by member to the best mixture; each solve goes from the last one's. */
function mixtureSolver(
  file: FitFile,
  members: readonly Member[],
  { params, tokens, constraints, beyond }: NextOptions,
): (thetas: readonly Float64Array[]) => Float64Array {
  const used = [...members.keys()].filter((t) => members[t].weight > 0);
  const weights = used.map((t) => [members[t].fit.target, members[t].weight] as const);
  const { solve } = resolver(file, {
    law: members[0].fit.law,
    objective: Object.fromEntries(weights),
    ...given({ params, tokens, constraints, beyond }),
  });
  let { h } = solve({});
  return (thetas) => {
    ({ h } = solve({ theta: used.map((t) => thetas[t]), starts: [h] }));
    return h;
  };
}

/** The objective at one mixture by each replicate. */
export function lossGoal(
  file: FitFile,
  members: readonly Member[],
  at: Scale,
  options: NextOptions,
  replicates: number,
): Goals {
  const weights = hasMixture(members) ? mixtureOf(file, members, options) : new Float64Array();
  const { params, tokens, inputs: others = {} } = at;
  const inputs = Object.fromEntries(
    Object.entries({ params, tokens, ...others }).map(([name, x]) => [name, Float64Array.of(x)]),
  );
  const predictors = members.map(({ law }) => predictor(law, { rows: 1, inputs, weights }));
  const objectiveBy = (r: number): number =>
    members.reduce(
      (sum, member, t) =>
        member.weight === 0 ? sum : sum + member.weight * predictors[t](member.replicates[r])[0],
      0,
    );
  const values = Float64Array.from({ length: replicates }, (_, r) => objectiveBy(r));
  if (!values.every(Number.isFinite))
    throw new InputError(
      `a replicate of the fit has no finite loss at the run that is planned: name another N and D, or another ${option("law")}.`,
      { option: "goal" },
    );
  return { names: ["objective"], values };
}

/** The mixture of the options, or else the best one by the fit. */
function mixtureOf(file: FitFile, members: readonly Member[], options: NextOptions): Float64Array {
  const { mixture } = options;
  if (mixture === undefined)
    return mixtureSolver(file, members, options)(members.map(({ theta }) => theta));
  return mixtureFrom(spaceOf(file, {}), mixture, "mixture");
}
