/**
 * Runs drawn from a known law: to plan a set of runs before training any, and to test what a fit
 * recovers.
 */
import { ownOf } from "../base/known.ts";
import { InputError } from "../base/errors.ts";
import { evaluate } from "../expr/float64.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { supplyInputs } from "../options/supply.ts";
import type { Law } from "../laws/law.ts";
import { drawMixtures } from "./draw-mixtures.ts";
import { boundFor, type Truth } from "./draw-truth.ts";
import { digits, drawsFor } from "./draws.ts";
import { checkDesign, type Design } from "./run-design.ts";
import { partsOf, phaseColumns, phasesOf } from "./simulated-phases.ts";

/** A table: `columns` names its columns, each row has a number for each. */
export interface Simulated {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/**
 * Runs of a design with losses from the truth and noise; a pure function of its arguments.
 *
 * @returns columns mixture_id, run_id, n_params, n_tokens, u_<domain> (for a law that reads the
 *   supply), h_<domain> (none for a law without a mixture; of phases <phase>_<domain>) and the
 *   targets; losses have 9 digits
 * @throws InputError for a design that cannot be used and for a truth that lacks a domain or
 *   target.
 * @example simulate(additive, truth, { domains, targets, sizes: [2e7, 1e8], tokens: { perParam: 20,
 *   checkpoints: 4 }, mixtures: 30 })
 */
export function simulate(law: Law, truth: Truth, design: Design): Simulated {
  checkDesign(design);
  const { domains, targets, phases } = design;
  const laws = targets.map((target) => {
    const bound = boundFor(law, target, { ...truth, domains, phases });
    return { bound, theta: trueCoordinates(bound, truth, target) };
  });
  const columns = columnsOf(law, design);
  const draws = drawsFor("noise", truth.seed);
  const rows = plannedRuns(law, truth.seed, design).map((run, row) => {
    const losses = laws.map(({ bound, theta }, t) => {
      const loss = lossAt(bound, theta, run);
      const error = truth.noise.sigma * draws.normal(row, t);
      return digits(truth.noise.kind === "lognormal" ? loss * Math.exp(error) : loss + error);
    });
    return [...run.ids, ...Object.values(run.inputs), ...run.shares, ...losses];
  });
  return { columns, rows };
}

/** The columns of the table, in their order. */
function columnsOf({ uses }: Law, { domains, targets, phases }: Design): string[] {
  const others = (uses.inputs ?? []).map(({ name }) => name);
  const supply = uses.supply === true ? domains.map((domain) => `u_${domain}`) : [];
  const before = ["mixture_id", "run_id", "n_params", "n_tokens", ...others, ...supply];
  const named = phasesOf(phases, domains);
  const shares = named === undefined ? domains.map((domain) => `h_${domain}`) : phaseColumns(named, [...before, ...targets]); // prettier-ignore
  return [...before, ...(uses.weights ? shares : []), ...targets];
}

/** A row of the table before there are losses. */
interface PlannedRun {
  /** Numbers of the mixture and of the run. */
  readonly ids: readonly [number, number];
  /** By name, in the order of the columns: params, tokens, and the law's other inputs. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Shares as the table has them: those of each phase, one after the other. */
  readonly shares: Float64Array;
  /** Of all tokens of the run: what the law reads. */
  readonly weights: Float64Array;
}

/**
 * Every mixture at every size, with a row for each checkpoint and each level of other inputs. A
 * checkpoint of a run with phases has seen less of the last ones than its phases' parts say, so
 * each row is then the end of a run of its own.
 */
function plannedRuns(law: Law, seed: number, design: Design): PlannedRun[] {
  const { sizes } = design;
  const names = (law.uses.inputs ?? []).map(({ name }) => name);
  const levels = crossed(
    (law.uses.inputs ?? []).map(({ name, typical }) => ownOf(design.inputs, name) ?? typical),
  ).map((level) => Object.fromEntries(names.map((name, i) => [name, level[i]])));
  const supply = law.uses.supply === true ? supplyInputs(supplyFor(design, seed)) : {};
  const mixtures = law.uses.weights ? mixturesOf(design, seed) : [NO_MIXTURE];
  return mixtures.flatMap((shared, mixture) =>
    sizes.flatMap((params, size) => {
      const run = mixture * sizes.length + size;
      const counts = checkpoints(design.tokens, params);
      return counts.flatMap((tokens, n) => {
        const id = design.phases === undefined ? run : run * counts.length + n;
        const ids = [mixture, id] as const;
        return levels.map((level) => ({
          ids,
          inputs: { params, tokens, ...level, ...supply },
          ...shared,
        }));
      });
    }),
  );
}

/** The shares of a run. */
type Mixture = Pick<PlannedRun, "shares" | "weights">;
const NO_MIXTURE: Mixture = { shares: new Float64Array(0), weights: new Float64Array(0) };

/** The mixtures of a design; of runs with phases one of each phase, which are drawn apart. */
function mixturesOf({ domains, mixtures, phases }: Design, seed: number): Mixture[] {
  const k = domains.length;
  if (phases === undefined)
    return drawMixtures(k, mixtures, seed).map((shares) => ({ shares, weights: shares }));
  const parts = partsOf(phases);
  const drawn = parts.map((_, phase) => drawMixtures(k, mixtures, seed, phase));
  return Array.from({ length: mixtures }, (_, m) => {
    const shares = Float64Array.from(drawn.flatMap((ofPhase) => [...ofPhase[m]]));
    return { shares, weights: shares.map((share, i) => share * parts[Math.floor(i / k)]) };
  });
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
    const phases = truth.phases === undefined ? "" : `, its phases ${Object.keys(truth.phases).join(", ")}`; // prettier-ignore
    const problem = `the truth has no coordinate ${name} for ${target}: its domains are ${truth.domains.join(", ") || "none"}${phases}, its law is ${truth.law}`;
    throw new InputError(problem, { option: "truth" });
  });
}
