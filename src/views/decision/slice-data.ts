/** What the slice of mixtures shows, and what its pictures share. */
import { significant } from "../../base/format-number.ts";
import { itemAt } from "../../base/known.ts";
import type { Key } from "../kit/legend.ts";
import { COLOR, faint } from "../kit/palette.ts";

/** A mixture that is marked; its parts are what it has of each corner. */
export interface SliceMark {
  readonly kind: "optimum" | "reference" | "uniform";
  readonly parts: readonly number[];
}

export interface SliceData {
  /** Two or three domains; or two of them and the rest, which keeps its proportions. */
  readonly corners: readonly string[];
  /** The share of all data that the first two corners are of; below 1 the picture is a detail. */
  readonly span: number;
  /** Whether the corners are all domains, so that every mixture is in the picture. */
  readonly isAll: boolean;
  /** Steps from corner to corner: points are those of `views/kit/mesh.ts`, or of a line. */
  readonly parts: number;
  /** The objective at the optimum. */
  readonly best: number;
  /** How much worse each point is. */
  readonly losses: Float64Array;
  /** By how much each point breaks a constraint; allowed where it is at most 0. */
  readonly excess: Float64Array;
  readonly constraints: "known" | "unknown";
  readonly epsilon: number;
  /** The outline of the near-optimal mixtures, parts one after the other. */
  readonly near: Float64Array;
  readonly marks: readonly SliceMark[];
  /** The trained mixtures, parts one after the other. */
  readonly trained: Float64Array;
  readonly unit: "loss" | "ratio";
}

/** Bands of the field, at most. */
const BANDS = 8;
/** Of the points, this part is in the first band at least, and this part in the last. */
const WITHIN = [0.02, 0.94] as const;
/** Levels are at least the near-optimal width divided by this. */
const FINEST = 4;

/**
 * Levels of 1, 2 and 5 times powers of ten that part the values.
 *
 * @param epsilon what is less is nearly as good as the best: levels are not much finer
 */
export function levelsOf(losses: Float64Array, epsilon: number): number[] {
  const sorted = losses.filter((x) => x > 0 && Number.isFinite(x)).sort();
  if (sorted.length === 0) return [];
  const [low, high] = WITHIN.map((p) => itemAt(sorted, Math.floor(p * (sorted.length - 1))));
  const least = Math.max(low ?? 0, epsilon / FINEST);
  const from = Math.floor(Math.log10(least));
  const to = Math.ceil(Math.log10(high ?? 1));
  const all = Array.from({ length: to - from + 1 }, (_, n) => from + n)
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
    .filter((level) => level >= least && level <= (high ?? 0));
  return all.length < BANDS ? all : all.slice(1 - BANDS);
}

/** Whether the reference is the uniform mixture. */
export function isSame(marks: readonly SliceMark[]): boolean {
  const [reference, uniform] = (["reference", "uniform"] as const).map(
    (kind) => marks.find((each) => each.kind === kind)?.parts ?? [],
  );
  return (reference ?? []).every((x, c) => Math.abs(x - (uniform?.[c] ?? 0)) < 1e-9);
}

/** What the marks stand for. */
export function markKeys({
  marks,
  epsilon,
  excess,
  trained,
  isAll,
  constraints,
}: SliceData): Key[] {
  const isOne = isSame(marks);
  const isProjected = isAll ? "" : ", by its parts";
  return [
    { label: "optimum", color: COLOR.optimum, mark: "dot" },
    { label: `at most ${significant(epsilon, 2)} worse`, color: COLOR.optimum, mark: "dashed" },
    { label: `${isOne ? "reference: uniform" : "reference"}${isProjected}`, color: COLOR.reference, mark: "dot" }, // prettier-ignore
    ...(isOne
      ? []
      : [{ label: `uniform${isProjected}`, color: COLOR.uniform, mark: "dot" as const }]),
    ...(trained.length === 0 ? [] : [{ label: `trained mixture${isProjected}`, color: COLOR.muted, mark: "ring" as const }]), // prettier-ignore
    ...(excess.some((x) => x > 0) ? [{ label: "forbidden by a constraint", color: faint(COLOR.worse, 0.4) }] : []), // prettier-ignore
    ...(constraints === "unknown" ? [{ label: "constraints are not known: an older optimum file", color: COLOR.muted, mark: "outline" as const }] : []), // prettier-ignore
  ];
}
