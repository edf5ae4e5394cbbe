/**
 * Runs drawn from a known law: to plan a set of runs before training any, and to test what a fit
 * recovers.
 */
import { ownOf } from "../base/known.ts";
import { InputError } from "../base/errors.ts";
import { evaluate } from "../expr/float64.ts";
import { bind, type BoundLaw } from "../laws/bind.ts";
import { lawFor } from "../laws/family.ts";
import { supplyInputs } from "../options/supply.ts";
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
 * @returns columns mixture_id, run_id, n_params, n_tokens, u_<domain> (for a law that reads the
 *   supply), h_<domain> (none for a law without a mixture) and the targets; losses have 9 digits
 * @throws InputError for a design that cannot be used and for a truth that lacks a domain or
 *   target.
 * @example simulate(additive, truth, { domains, targets, sizes: [2e7, 1e8], tokens: { perParam: 20,
 *   checkpoints: 4 }, mixtures: 30 })
 */
export function simulate(law: Law, truth: Truth, design: Design): Simulated {
  checkDesign(design);
  const { domains, targets } = design;
  const laws = targets.map((target) => {
    const bound = bind(lawFor(law, target, domains), domains, { signs: truth.signs }, truth.center);
    return { bound, theta: trueCoordinates(bound, truth, target) };
  });
  const draws = drawsFor("noise", truth.seed);
  const rows = plannedRuns(law, truth.seed, design).map((run, row) => {
    const losses = laws.map(({ bound, theta }, t) => {
      const loss = lossAt(bound, theta, run);
      const error = truth.noise.sigma * draws.normal(row, t);
      return digits(truth.noise.kind === "lognormal" ? loss * Math.exp(error) : loss + error);
    });
    return [...run.ids, ...Object.values(run.inputs), ...run.weights, ...losses];
  });
  const others = (law.uses.inputs ?? []).map(({ name }) => name);
  const supply = law.uses.supply === true ? domains.map((domain) => `u_${domain}`) : [];
  const shares = law.uses.weights ? domains.map((domain) => `h_${domain}`) : [];
  const inputs = ["n_params", "n_tokens", ...others, ...supply];
  return { columns: ["mixture_id", "run_id", ...inputs, ...shares, ...targets], rows };
}

/** A row of the table before there are losses. */
interface PlannedRun {
  /** Numbers of the mixture and of the run. */
  readonly ids: readonly [number, number];
  /** By name, in the order of the columns: params, tokens, and the law's other inputs. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly weights: Float64Array;
}

/** Every mixture at every size, with a row for each checkpoint and each level of other inputs. */
function plannedRuns(law: Law, seed: number, design: Design): PlannedRun[] {
  const { domains, sizes } = design;
  const names = (law.uses.inputs ?? []).map(({ name }) => name);
  const levels = crossed(
    (law.uses.inputs ?? []).map(({ name, typical }) => ownOf(design.inputs, name) ?? typical),
  ).map((level) => Object.fromEntries(names.map((name, i) => [name, level[i]])));
  const supply = law.uses.supply === true ? supplyInputs(supplyFor(design, seed)) : {};
  const mixtures = law.uses.weights
    ? drawMixtures(domains.length, design.mixtures, seed)
    : [new Float64Array(0)];
  return mixtures.flatMap((weights, mixture) =>
    sizes.flatMap((params, size) => {
      const ids = [mixture, mixture * sizes.length + size] as const;
      return checkpoints(design.tokens, params).flatMap((tokens) =>
        levels.map((level) => ({ ids, inputs: { params, tokens, ...level, ...supply }, weights })),
      );
    }),
  );
}

/** The unique tokens of each domain, drawn by the seed where the design does not say. */
function supplyFor({ domains, sizes, tokens, available }: Design, seed: number): Supply {
  if (available !== undefined)
    return Object.fromEntries(domains.map((domain) => [domain, available[domain]]));
  const most = Math.max(...sizes.flatMap((params) => checkpoints(tokens, params)));
  const draws = drawsFor("supply", seed);
  return Object.fromEntries(
    domains.map((domain, i) => {
      const epochs = 2 ** (4 * draws.uniform(0, i));
      return [domain, digits(most / domains.length / epochs, 3)];
    }),
  );
}

/** Unique tokens by domain. */
type Supply = Readonly<Record<string, number>>;

/** What the law predicts for a run. */
function lossAt(law: BoundLaw, theta: readonly number[], { inputs, weights }: PlannedRun): number {
  const [loss] = evaluate([law.loss], (leaf) => {
    if (leaf.kind === "param") return theta[leaf.index];
    if (leaf.kind === "weight") return weights[leaf.index];
    return leaf.kind === "input" ? inputs[leaf.name] : NaN;
  });
  return loss;
}

/** Every combination of one value from each list. */
const crossed = (lists: readonly (readonly number[])[]): number[][] =>
  lists.reduce<number[][]>(
    (combined, list) => combined.flatMap((before) => list.map((value) => [...before, value])),
    [[]],
  );

/** Token counts of the rows of a run. */
function checkpoints(tokens: Design["tokens"], params: number): number[] {
  if (!("perParam" in tokens)) return [...tokens];
  return Array.from({ length: tokens.checkpoints }, (_, i) =>
    Math.round((tokens.perParam * params * (i + 1)) / tokens.checkpoints),
  );
}

/** The coordinates of a target's law, as the truth has them. */
function trueCoordinates(bound: BoundLaw, truth: Truth, target: string): number[] {
  const law = truth.targets.find((other) => other.target === target);
  const known = truth.targets.map((other) => other.target).join(", ");
  if (law === undefined)
    throw new InputError(`the truth has no target ${target}; it has ${known}`, { option: "truth" });
  return bound.coordinates.map(({ name }) => {
    const value = law.coordinates[name];
    if (value !== undefined && Number.isFinite(value)) return value;
    const problem = `the truth has no coordinate ${name} for ${target}: its domains are ${truth.domains.join(", ") || "none"}, its law is ${truth.law}`;
    throw new InputError(problem, { option: "truth" });
  });
}
