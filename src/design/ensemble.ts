/** A fit's bootstrap as an ensemble: what each replicate says of a goal. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { restore } from "../fit/predict.ts";
import { predictor } from "../fit/result/predictor.ts";
import type { Fit, FitFile } from "../fit/result/fit-file.ts";
import type { BoundLaw } from "../laws/bind.ts";
import type { NextOptions } from "./next-options.ts";
import { resolver } from "../mixture/solver/resolver.ts";
import type { Scale } from "../mixture/goal/surface.ts";

/** A fit's replicates, as coordinates; undefined where it has none. */
export type ReplicatesOf = (fit: Fit, size: number) => readonly Float64Array[] | undefined;

/** A fit of the file that takes part, with its replicates. */
export interface Member {
  readonly fit: Fit;
  readonly law: BoundLaw;
  readonly theta: Float64Array;
  readonly replicates: readonly Float64Array[];
  readonly weight: number;
}

/** The fits that the goal is made of. */
export function membersOf(
  file: FitFile,
  { law: wanted, objective }: NextOptions,
  replicatesOf: ReplicatesOf,
): Member[] {
  const fits = file.fits.filter((fit) => wanted === undefined || fit.law === wanted);
  const laws = [...new Set(file.fits.map((fit) => fit.law))];
  if (fits.length === 0)
    throw new InputError(
      `${option("law")} is ${wanted}, but the fit file has only ${laws.join(", ")}.`,
      { option: "law" },
    );
  if (new Set(fits.map((fit) => fit.law)).size > 1)
    throw new InputError(
      `the fit file has several laws (${laws.join(", ")}): say which with ${option("law")}.`,
      { option: "law" },
    );
  const strange = Object.keys(objective ?? {}).find(
    (target) => !fits.some((fit) => fit.target === target),
  );
  if (strange !== undefined)
    throw new InputError(`${option("objective")} names "${strange}"; the targets are ${fits.map((fit) => fit.target).join(", ")}.`, { option: "objective" }); // prettier-ignore
  const weights = fits.map(({ target }) =>
    objective === undefined ? 1 : (objective[target] ?? 0),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(sum > 0) || weights.some((w) => w < 0))
    throw new InputError(`${option("objective")} needs weights of at least 0, one of them positive, such as loss_code=2,loss_web=1.`, { option: "objective" }); // prettier-ignore
  return fits.map((fit, n) => {
    const { law, theta } = restore(file, fit);
    const replicates = replicatesOf(fit, law.size);
    if (replicates === undefined)
      throw new InputError(
        `the fit of ${fit.law} to ${fit.target} has no bootstrap, which says what is not known yet. Fit again with ${option("bootstrap", 1000)} (and ${option("group")} where rows hang together).`,
        { option: "bootstrap" },
      );
    return { fit, law, theta, replicates, weight: weights[n] / sum };
  });
}

export function scaleOf(members: readonly Member[], options: NextOptions): Scale {
  const other = members.flatMap(({ law }) => law.law.uses.inputs ?? [])[0];
  if (other !== undefined)
    throw new InputError(`the law ${members[0].fit.law} has the input ${other.name} besides N, D and the shares, where the goal is not defined: use another ${option("law")}.`, { option: "law" }); // prettier-ignore
  const need = (name: "params" | "tokens"): number => {
    const value = options[name];
    if (value === undefined && members.some(({ law }) => law.law.uses[name]))
      throw new InputError(
        `the law ${members[0].fit.law} needs the ${name} of the run to plan: give ${option(name)}.`,
        { option: name },
      );
    return value ?? 1;
  };
  return { params: need("params"), tokens: need("tokens") };
}

export interface Goals {
  readonly names: readonly string[];
  readonly values: Float64Array;
}

/** The best mixture by each replicate. */
export function shares(
  file: FitFile,
  members: readonly Member[],
  options: NextOptions,
  R: number,
): Goals {
  const { domains } = file.data;
  const k = domains.length;
  if (k === 0 || members.some(({ law }) => !law.law.uses.weights))
    throw new InputError(
      `the law ${members[0].fit.law} does not depend on the mixture: use ${option("goal", "loss")}, or another ${option("law")}.`,
      { option: "goal" },
    );
  const best = solver(file, members, options);
  const values = new Float64Array(R * k);
  for (let r = 0; r < R; r++)
    values.set(best(members.map(({ replicates }) => replicates[r])), r * k);
  return { names: domains, values };
}

/** Coordinates by member → the best mixture, from the last one found. */
function solver(
  file: FitFile,
  members: readonly Member[],
  { params, tokens, constraints }: NextOptions,
) {
  const used = [...members.keys()].filter((t) => members[t].weight > 0);
  const again = resolver(file, {
    law: members[0].fit.law,
    objective: Object.fromEntries(used.map((t) => [members[t].fit.target, members[t].weight])),
    ...(params === undefined ? {} : { params }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(constraints === undefined ? {} : { constraints }),
  });
  let { h } = again.solve({});
  return (thetas: readonly Float64Array[]): Float64Array => {
    ({ h } = again.solve({ theta: used.map((t) => thetas[t]), starts: [h] }));
    return h;
  };
}

/** The objective at one mixture by each replicate. */
export function losses(
  file: FitFile,
  members: readonly Member[],
  at: Scale,
  options: NextOptions,
  R: number,
): Goals {
  const { domains } = file.data;
  const mixed = members.some(({ law }) => law.law.uses.weights);
  const given = options.mixture;
  const strange = Object.keys(given ?? {}).find((name) => !domains.includes(name));
  if (strange !== undefined)
    throw new InputError(
      `${option("mixture")} names "${strange}"; the domains are ${domains.join(", ")}.`,
      { option: "mixture" },
    );
  const mixture = !mixed
    ? new Float64Array()
    : given === undefined
      ? solver(file, members, options)(members.map(({ theta }) => theta))
      : Float64Array.from(domains, (d) => given[d] ?? 0);
  const point = {
    rows: 1,
    inputs: { params: Float64Array.of(at.params), tokens: Float64Array.of(at.tokens) },
    weights: mixture,
  };
  const predicts = members.map(({ law }) => predictor(law, point));
  const values = Float64Array.from({ length: R }, (_, r) =>
    members.reduce((sum, { replicates, weight }, t) => sum + (weight === 0 ? 0 : weight * predicts[t](replicates[r])[0]), 0),
  ); // prettier-ignore
  return { names: ["objective"], values };
}
