/** One target's fit, and standard errors of what it reports. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { ErrorBlocks } from "../../data/runs/shared-errors.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import type { Summand } from "../../laws/summands.ts";
import type { Coverage } from "../result/fit-file.ts";
import type { Problem } from "../search/problem.ts";
import type { Information } from "./information.ts";

/** One target's fit, with the runs and the law's terms. */
export interface Fitted {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly target: number;
  readonly theta: Float64Array;
  readonly scale: LossScale;
  readonly runs: RunSet;
  readonly coverage: Coverage;
  readonly parts: readonly Summand[];
  /** The largest observation less the smallest, in units of the residual. */
  readonly span: number;
  /** Rows that share their error; left out where none do. */
  readonly shared?: ErrorBlocks | undefined;
  /** Errors by one fit of targets that have parameters in common; left out of a fit by itself. */
  readonly joint?: JointErrors | undefined;
}

/** Errors of a target's coordinates by the one fit of all targets. */
export interface JointErrors extends Pick<
  Information,
  "standardError" | "degreesOfFreedom" | "quantile"
> {}

/** What a target's runs say of its coordinates, with what the other targets say of them. */
export function withJointErrors(
  own: Information,
  { law, joint }: Pick<Fitted, "law" | "joint">,
): Information {
  if (joint === undefined) return own;
  const errors = law.coordinates.map((_, i) => joint.standardError(axis(law, i)));
  return {
    ...own,
    ...joint,
    unseen: own.unseen.filter((i) => !Number.isFinite(errors[i])),
    // No direction moves a coordinate by more than all of them together do.
    directions: own.directions.map(({ moves, ...direction }) => ({
      ...direction,
      moves: moves.map((move, i) => (move === 0 ? 0 : Math.min(move, errors[i]))),
    })),
  };
}

/**
 * Whether a coordinate at a bound ran away to it: only from the law's own ends, a bound that a user
 * gave is meant.
 */
export const isEndOf = ({ coordinates }: BoundLaw, theta: Float64Array, i: number): boolean =>
  theta[i] !== 0 && coordinates[i].spec.bounds?.includes(theta[i]) === true;

/** The gradient of coordinate `i` itself. */
export const axis = ({ size }: BoundLaw, i: number): number[] =>
  Array.from({ length: size }, (_, j) => (j === i ? 1 : 0));

/** Coordinates that are not fixed. */
export const variable = ({ box: { lower, upper } }: Problem): number[] =>
  [...lower.keys()].filter((i) => lower[i] < upper[i]);

/** Standard errors of the reported parameters; Infinity where they move along a null direction. */
export function standardErrors(
  law: BoundLaw,
  theta: Float64Array,
  { standardError, free, runaway }: Pick<Information, "standardError" | "free" | "runaway">,
): Map<string, number> {
  const reportAt = (point: Float64Array): Map<string, number> => flatten(law.reportAt(point));
  const labels = [...reportAt(theta).keys()];
  const gradients = new Map(labels.map((label) => [label, new Float64Array(law.size)]));
  for (const i of [...free, ...runaway]) {
    const h = 1e-6 * Math.max(1, Math.abs(theta[i]));
    const [up, down] = [theta[i] + h, theta[i] - h].map((x) => reportAt(theta.with(i, x)));
    for (const [label, gradient] of gradients)
      gradient[i] = ((up.get(label) ?? NaN) - (down.get(label) ?? NaN)) / (2 * h) || 0;
  }
  return new Map([...gradients].map(([label, gradient]) => [label, standardError(gradient)]));
}
