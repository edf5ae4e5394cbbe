/**
 * How a program's gradient changes with one parameter. Where a program is a function of few sums of
 * terms of one parameter each, another value of one changes its own term and the partials of the
 * sums: the terms of all others, where the work is, are computed once for all changes.
 */
import type { Program } from "../program.ts";
import { FewChanges } from "./few-changes.ts";

/** A column of which a change concerns the partial, and the entries that it does not concern. */
interface Steady {
  readonly partial: number;
  readonly params: Int32Array;
  readonly slots: Int32Array;
}

/** An entry of a column that a change concerns. */
interface Moved {
  readonly partial: number;
  readonly param: number;
  readonly slot: number;
}

/** What a parameter's change concerns. */
interface Concerned {
  readonly steady: readonly Steady[];
  readonly moved: readonly Moved[];
}

export class GradientChanges {
  readonly #changes: FewChanges;
  readonly #concerned: readonly Concerned[];

  private constructor(changes: FewChanges, concerned: readonly Concerned[]) {
    this.#changes = changes;
    this.#concerned = concerned;
  }

  /** Undefined where a parameter concerns much of the program. */
  static of(program: Program): GradientChanges | undefined {
    const groups = Array.from({ length: program.params }, (_, point) => ({ point }));
    const changes = FewChanges.of(program, groups);
    return (
      changes && new GradientChanges(changes, groups.map((_, i) => concernedBy(program, changes.concerned(i)))) // prettier-ignore
    );
  }

  /** Goes to a point, of a row of the run table. */
  at(theta: Float64Array, row: Float64Array): void {
    this.#changes.at(theta, row);
  }

  /** Adds to `out` a multiple of how the gradient changes where parameter i is `x`. */
  add(i: number, x: number, factor: number, out: Float64Array): void {
    this.#changes.change(i, x, 0);
    const { before, after } = this.#changes.values;
    const { steady, moved } = this.#concerned[i];
    for (const { partial, params, slots } of steady) {
      const change = factor * (after[partial] - before[partial]);
      for (let e = 0; e < params.length; e++) out[params[e]] += change * before[slots[e]];
    }
    for (const { partial, param, slot } of moved)
      out[param] += factor * (after[partial] * after[slot] - before[partial] * before[slot]);
  }
}

function concernedBy({ columns }: Program, slots: Int32Array): Concerned {
  const concerned = new Set(slots);
  const steady = columns
    .filter(({ partial }) => concerned.has(partial))
    .map(({ partial, entries }): Steady => {
      const kept = entries.filter(({ slot }) => !concerned.has(slot));
      return {
        partial,
        params: Int32Array.from(kept, ({ param }) => param),
        slots: Int32Array.from(kept, ({ slot }) => slot),
      };
    });
  const moved = columns.flatMap(({ partial, entries }) =>
    entries.flatMap((entry) => (concerned.has(entry.slot) ? [{ partial, ...entry }] : [])),
  );
  return { steady, moved };
}
