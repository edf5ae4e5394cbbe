/**
 * Runs drawn from a known law: to plan a set of runs before training any, and to test what a fit
 * recovers.
 */
import { InputError } from "../base/errors.ts";
import { evaluate } from "../expr/float64.ts";
import { bind, type BoundLaw } from "../laws/bind.ts";
import { lawFor } from "../laws/family.ts";
import type { Law } from "../laws/law.ts";
import { drawMixtures } from "./draw-mixtures.ts";
import type { Truth } from "./draw-truth.ts";
import { digits, drawsFor } from "./draws.ts";
import { checkDesign, type Design } from "./run-design.ts";

/** A table: `columns` names its columns, each row has a number for each. */
export interface Simulated {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/**
 * Runs of a design with losses from the truth and noise; a pure function of its arguments.
 *
 * @returns columns mixture_id, run_id, n_params, n_tokens, h_<domain> (none for a law without a
 *   mixture) and the targets; losses have 9 digits
 * @throws InputError for a design that cannot be used and for a truth that lacks a domain or
 *   target.
 * @example simulate(additive, truth, { domains, targets, sizes: [2e7, 1e8], tokens: { perParam: 20,
 *   checkpoints: 4 }, mixtures: 30 })
 */
export function simulate(law: Law, truth: Truth, design: Design): Simulated {
  checkDesign(design);
  const { domains, targets } = design;
  const truths = targets.map((target) => {
    const bound = bind(lawFor(law, target, domains), domains, { signs: truth.signs }, truth.center);
    return { bound, theta: trueCoordinates(bound, truth, target) };
  });
  const inputs = law.uses.inputs ?? [];
  const levels = crossed(inputs.map(({ name, typical }) => design.inputs?.[name] ?? typical));
  const mixtures = law.uses.weights
    ? drawMixtures(domains.length, design.mixtures, truth.seed)
    : [new Float64Array(0)];
  const draws = drawsFor("noise", truth.seed);
  const rows: number[][] = [];
  mixtures.forEach((weights, mixture) => {
    design.sizes.forEach((params, size) => {
      for (const tokens of checkpoints(design.tokens, params)) {
        for (const level of levels) {
          const values: Readonly<Record<string, number>> = {
            params,
            tokens,
            ...Object.fromEntries(inputs.map(({ name }, i) => [name, level[i]])),
          };
          const losses = truths.map(({ bound, theta }, t) => {
            const [loss] = evaluate([bound.loss], (leaf) => {
              if (leaf.kind === "param") return theta[leaf.index];
              return leaf.kind === "weight"
                ? weights[leaf.index]
                : leaf.kind === "input"
                  ? values[leaf.name]
                  : NaN;
            });
            const error = truth.noise.sigma * draws.normal(rows.length, t);
            return digits(truth.noise.kind === "lognormal" ? loss * Math.exp(error) : loss + error);
          });
          rows.push([
            mixture,
            mixture * design.sizes.length + size,
            params,
            tokens,
            ...level,
            ...weights,
            ...losses,
          ]);
        }
      }
    });
  });
  const shares = law.uses.weights ? domains.map((domain) => `h_${domain}`) : [];
  return {
    columns: [
      "mixture_id",
      "run_id",
      "n_params",
      "n_tokens",
      ...inputs.map(({ name }) => name),
      ...shares,
      ...targets,
    ],
    rows,
  };
}

/** Every combination of one value from each list. */
const crossed = (lists: readonly (readonly number[])[]): number[][] =>
  lists.reduce<number[][]>(
    (sofar, list) => sofar.flatMap((before) => list.map((value) => [...before, value])),
    [[]],
  );

function checkpoints(tokens: Design["tokens"], params: number): number[] {
  if (!("perParam" in tokens)) return [...tokens];
  return Array.from({ length: tokens.checkpoints }, (_, i) =>
    Math.round((tokens.perParam * params * (i + 1)) / tokens.checkpoints),
  );
}

function trueCoordinates(bound: BoundLaw, truth: Truth, target: string): number[] {
  const found = truth.targets.find((other) => other.target === target);
  const there = truth.targets.map((other) => other.target).join(", ");
  if (found === undefined)
    throw new InputError(`the truth has no target ${target}; it has ${there}`, { flag: "--truth" });
  return bound.coordinates.map(({ name }) => {
    const value = found.coordinates[name];
    if (value !== undefined && Number.isFinite(value)) return value;
    const problem = `the truth has no coordinate ${name} for ${target}: its domains are ${truth.domains.join(", ") || "none"}, its law is ${truth.law}`;
    throw new InputError(problem, { flag: "--truth" });
  });
}
