/**
 * Other values of a formula's parameters with the same predictions: terms of the same form that can
 * change places, and signs that change nothing (of a width that is squared, or of several
 * parameters together). The fit is then one of several that are the same, and a reader must know
 * which.
 */
import { finding, type Finding } from "../../base/verdict.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import { extremesOf } from "../../stats/moments.ts";
import { parseFormula, type Syntax } from "../../syntax/formula.ts";
import { children } from "../../syntax/tree.ts";
import { predictor } from "../result/predictor.ts";

/** Predictions are the same that differ by less than this share of their range. */
const SAME = 1e-6;
/** Signs that are changed together, at most. */
const TOGETHER = 3;
/** Values that differ by more than this share of their size. */
const MOVED = 1e-3;

/** A way to other values with the same predictions. */
export interface Mirror {
  /** Parameters that change places, pairwise; or whose signs change. */
  readonly kind: "places" | "signs";
  readonly left: readonly string[];
  /** Of places: what the left ones change with. */
  readonly right: readonly string[];
}

/** Parameters by label. */
type Values = ReadonlyMap<string, number>;

/** Whether two points predict the same at some runs. */
export type SamePredictions = (a: Float64Array, b: Float64Array) => boolean;

/** @param runs where predictions are compared */
export function samePredictions(
  law: BoundLaw,
  runs: Pick<RunSet, "rows" | "inputs" | "weights">,
): SamePredictions {
  let predict: ReturnType<typeof predictor> | undefined;
  return (a, b) => {
    predict ??= predictor(law, runs);
    const [p, q] = [predict(a), predict(b)];
    const [low, high] = extremesOf(p);
    return p.every((value, row) => Math.abs(value - (q[row] ?? NaN)) <= SAME * (high - low));
  };
}

/** Parts of a law's formula that may change places: the same for hundreds of targets. */
const exchangesOf = new WeakMap<BoundLaw, readonly Mirror[]>();

/** The mirrors of a typed formula at a point. None for laws of the catalog. */
export function mirrorsOf(law: BoundLaw, theta: Float64Array, same: SamePredictions): Mirror[] {
  const { definition } = law.law;
  if (definition === undefined) return [];
  const values: Values = flatten(law.reportAt(theta));
  const at = (changed: Readonly<Record<string, number>>): boolean =>
    same(theta, law.point({ ...Object.fromEntries(values), ...changed }));
  const open = new Map(law.coordinates.map((coordinate) => [coordinate.label, coordinate]));
  const exchanges = exchangesOf.get(law) ?? exchangesIn(definition.formula, new Set(open.keys()));
  exchangesOf.set(law, exchanges);
  const places = exchanges.filter(({ left, right }) => {
    const changed = left.flatMap((a, n) => {
      const b = right[n] ?? a;
      return [[a, values.get(b) ?? NaN] as const, [b, values.get(a) ?? NaN] as const];
    });
    // Terms that are equal need not be told apart.
    const moves = changed.some(([name, value]) => differs(value, values.get(name) ?? NaN));
    const may = changed.every(([name, value]) => value > 0 || open.get(name)?.name === name);
    return moves && may && at(Object.fromEntries(changed));
  });
  // A parameter that is optimized by its logarithm, or that has a bound at 0, has one sign.
  const signed = [...open].flatMap(([label, { name, bounds }]) =>
    name === label && bounds[0] < 0 && bounds[1] > 0 && values.get(label) !== 0 ? [label] : [],
  );
  return [...places, ...signsOf(signed, (names) => at(negatives(values, names)))];
}

const differs = (a: number, b: number): boolean =>
  Math.abs(a - b) > MOVED * Math.max(Math.abs(a), Math.abs(b));

const negatives = (values: Values, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, -(values.get(name) ?? NaN)]));

/** The smallest sets of signs that change nothing. */
function signsOf(labels: readonly string[], same: (names: readonly string[]) => boolean): Mirror[] {
  const found: (readonly string[])[] = [];
  let sets: (readonly string[])[] = [[]];
  for (let size = 1; size <= TOGETHER; size++) {
    sets = sets.flatMap((set) =>
      labels.slice(labels.indexOf(set.at(-1) ?? "") + 1).map((label) => [...set, label]),
    );
    const fresh = sets.filter(
      (set) => !found.some((one) => one.every((name) => set.includes(name))),
    );
    found.push(...fresh.filter(same));
  }
  return found.map((left) => ({ kind: "signs", left, right: [] }));
}

/** Parts of a sum of the same form, with other parameters. */
function exchangesIn(formula: string, parameters: ReadonlySet<string>): Mirror[] {
  const exchanges: Mirror[] = [];
  const visit = (node: Syntax): void => {
    const terms = termsOf(node).map((term) => shapeOf(term, parameters));
    for (const [i, a] of terms.entries())
      for (const b of terms.slice(i + 1)) {
        const isDisjoint = a.names.every((name) => !b.names.includes(name));
        if (a.names.length > 0 && a.shape === b.shape && isDisjoint)
          exchanges.push({ kind: "places", left: a.names, right: b.names });
      }
    for (const term of termsOf(node)) for (const child of children(term)) visit(child);
  };
  visit(parseFormula(formula, "the formula"));
  return exchanges;
}

const termsOf = (node: Syntax): Syntax[] =>
  node.kind === "binary" && node.op === "+"
    ? [...termsOf(node.left), ...termsOf(node.right)]
    : [node];

/** A part's form, and its parameters in the order in which they stand in it. */
function shapeOf(
  node: Syntax,
  parameters: ReadonlySet<string>,
): { readonly shape: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const write = (part: Syntax): string => {
    const inner = (): string => children(part).map(write).join();
    switch (part.kind) {
      case "number":
        return String(part.value);
      case "name":
        if (!parameters.has(part.name)) return `${part.name}[${JSON.stringify(part.of)}]`;
        if (!names.includes(part.name)) names.push(part.name);
        return `#${names.indexOf(part.name)}`;
      case "call":
        return `${part.name}(${inner()})`;
      case "negate":
        return `-(${inner()})`;
      case "binary":
        return `(${inner()})${part.op}`;
    }
  };
  return { shape: write(node), names };
}

/**
 * What a reader of parameters must know of mirrors. `tied`: other points with the same predictions;
 * where no mirror explains them, what they differ in is told.
 *
 * @param known parameters that are known not to be determined
 */
export function mirrorFindings(
  law: BoundLaw,
  theta: Float64Array,
  tied: readonly Float64Array[],
  same: SamePredictions,
  known: readonly string[],
): Finding[] {
  const mirrors = mirrorsOf(law, theta, same);
  const findings = mirrors.map((mirror) =>
    finding("mirror-solution", sentenceOf(mirror), [...mirror.left, ...mirror.right]),
  );
  const told = new Set([...known, ...mirrors.flatMap(({ left, right }) => [...left, ...right])]);
  const own = flatten(law.reportAt(theta));
  const others = new Set(
    tied.flatMap((point) =>
      [...flatten(law.reportAt(point))].flatMap(([label, value]) =>
        differs(value, own.get(label) ?? NaN) ? [label] : [],
      ),
    ),
  );
  if ([...others].every((label) => told.has(label))) return findings;
  const names = [...others];
  const sentence = `other values of ${names.join(", ")} give the same predictions at every row: of those that were found one is shown`;
  return [...findings, finding("mirror-solution", sentence, names)];
}

function sentenceOf({ kind, left, right }: Mirror): string {
  if (kind === "places")
    return `${left.join(", ")} and ${right.join(", ")} can change places: the fit is the same, and which is which is not known`;
  return left.length === 1
    ? `the fit is the same with the other sign of ${left.join()}: its size is known, its sign is not`
    : `the fit is the same with the signs of ${left.join(", ")} changed together`;
}
