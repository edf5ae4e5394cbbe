/**
 * A program's value at points that differ from one in few coordinates: only what depends on those
 * is computed anew.
 */
import { workspace } from "../evaluator.ts";
import { OPS } from "../operators.ts";
import type { Program } from "../program.ts";
import { compiledSteps, type Steps } from "./step-code.ts";

/** Changes that concern more than this part of a program are no cheaper than all of it. */
const MOST = 1 / 8;

/**
 * Coordinates that change together. Of a direction, all that depends on it but the program's value
 * is 0 where it is: without one there is less to compute.
 */
export interface Group {
  readonly point: number;
  readonly direction?: number;
}

/** The operators that are computed in place. */
const [CALL, ADD, SUB, MUL, DIV] = [0, 1, 2, 3, 4];
const CODES: Partial<Record<string, number>> = { add: ADD, sub: SUB, mul: MUL, div: DIV };

/** The slots that a group concerns. */
interface Concerned {
  /** Of its coordinates; −1 for one that the program does not read. */
  readonly point: number;
  readonly direction: number;
  /** Those, and what depends on them, in order. */
  readonly all: Int32Array;
  /** Of these what has to be computed: without a direction less. */
  readonly steps: Int32Array;
  readonly flatSteps: Int32Array;
  /** What is 0 without a direction, and read by others. */
  readonly flat: Int32Array;
  /** Those of all that are read where another group changes. */
  readonly shared: Int32Array;
}

/** What computes a group's steps, and those without a direction; made when first needed. */
interface Computers {
  steps?: Steps;
  flatSteps?: Steps;
}

/** A program whose data are all of its run table. */
export class FewChanges {
  readonly #program: Program;
  readonly #groups: readonly Concerned[];
  /** By slot: how it is computed, and from what. */
  readonly #codes: Uint8Array;
  readonly #first: Int32Array;
  readonly #second: Int32Array;
  readonly #calls: readonly ((a: number, b: number) => number)[];
  /** All slots that are computed. */
  readonly #all: Int32Array;
  /** Values at the point, where one group is changed, and where two are. */
  readonly #base: Float64Array;
  readonly #one: Float64Array;
  readonly #two: Float64Array;
  #changed: number | undefined;
  /** By group. */
  readonly #computers: readonly Computers[];

  private constructor(program: Program, groups: readonly Concerned[]) {
    const { slots } = program;
    this.#program = program;
    this.#groups = groups;
    this.#computers = groups.map(() => ({}));
    const args = slots.map((slot) => (slot.kind === "op" ? slot.args : []));
    this.#codes = Uint8Array.from(slots, (slot) => slot.kind === "op" ? (CODES[slot.op] ?? CALL) : CALL); // prettier-ignore
    this.#first = Int32Array.from(args, ([a = 0]) => a);
    this.#second = Int32Array.from(args, ([a = 0, b = a]) => b);
    this.#calls = slots.map((slot) => (slot.kind === "op" ? OPS[slot.op].f64 : Number));
    this.#all = Int32Array.from(slots.flatMap((slot, i) => (slot.kind === "op" ? [i] : [])));
    [this.#base, this.#one, this.#two] = [workspace(program), workspace(program), workspace(program)]; // prettier-ignore
  }

  /** Undefined where a group concerns much of the program. */
  static of(program: Program, groups: readonly Group[]): FewChanges | undefined {
    const concerned = concernedBy(program, groups);
    return concerned && new FewChanges(program, concerned);
  }

  /** Goes to a point, of a row of the run table. */
  at(theta: Float64Array, row: Float64Array): void {
    const base = this.#base;
    for (const [i, slot] of this.#program.slots.entries()) {
      if (slot.kind === "param") base[i] = theta[slot.index];
      else if (slot.kind === "column") base[i] = row[slot.index];
    }
    this.#compute(this.#all, base);
    this.#one.set(base);
    this.#two.set(base);
    this.#changed = undefined;
  }

  /** The value at the point. */
  get value(): number {
    return this.#base[this.#program.value];
  }

  /** The values of all slots at the point, and where one group is changed; not to be written to. */
  get values(): { readonly before: Float64Array; readonly after: Float64Array } {
    return { before: this.#base, after: this.#one };
  }

  /** The slots that a group concerns, in order. */
  concerned(group: number): Int32Array {
    return this.#groups[group].all;
  }

  /** Changes one group, and undoes the last such change. */
  change(group: number, point: number, direction: number): void {
    const [base, one, two] = [this.#base, this.#one, this.#two];
    if (this.#changed !== undefined) {
      const { all } = this.#groups[this.#changed];
      copy(all, base, one);
      copy(all, base, two);
    }
    this.#changed = group;
    this.#put(group, point, direction, one);
    copy(this.#groups[group].all, one, two);
  }

  /** The value where another group is changed too. */
  with(group: number, point: number, direction: number): number {
    const two = this.#two;
    this.#put(group, point, direction, two);
    const value = two[this.#program.value];
    copy(this.#groups[group].shared, this.#one, two);
    return value;
  }

  #put(group: number, point: number, direction: number, memory: Float64Array): void {
    const own = this.#groups[group];
    if (own.point >= 0) memory[own.point] = point;
    if (own.direction >= 0) memory[own.direction] = direction;
    if (direction === 0) {
      for (let n = 0; n < own.flat.length; n++) memory[own.flat[n]] = 0;
      this.#computer(group, "flatSteps")(memory);
    } else this.#computer(group, "steps")(memory);
  }

  #computer(group: number, which: keyof Computers): Steps {
    const known = this.#computers[group][which];
    if (known !== undefined) return known;
    const steps = this.#groups[group][which];
    const made =
      compiledSteps(this.#program.slots, steps) ?? ((memory) => this.#compute(steps, memory));
    this.#computers[group][which] = made;
    return made;
  }

  #compute(slots: Int32Array, memory: Float64Array): void {
    const [codes, first, second, calls] = [this.#codes, this.#first, this.#second, this.#calls];
    for (let n = 0; n < slots.length; n++) {
      const slot = slots[n];
      const a = memory[first[slot]];
      const b = memory[second[slot]];
      const code = codes[slot];
      if (code === ADD) memory[slot] = a + b;
      else if (code === MUL) memory[slot] = a * b;
      else if (code === SUB) memory[slot] = a - b;
      else if (code === DIV) memory[slot] = a / b;
      else memory[slot] = calls[slot](a, b);
    }
  }
}

function copy(slots: Int32Array, from: Float64Array, to: Float64Array): void {
  for (let n = 0; n < slots.length; n++) to[slots[n]] = from[slots[n]];
}

/** Undefined where a group concerns much of the program. */
function concernedBy(program: Program, groups: readonly Group[]): Concerned[] | undefined {
  const { slots } = program;
  const readers = slots.map((): number[] => []);
  for (const [i, slot] of slots.entries())
    if (slot.kind === "op") for (const arg of slot.args) readers[arg].push(i);
  const reached = (from: readonly number[]): Set<number> => {
    const found = new Set(from.filter((slot) => slot >= 0));
    for (const slot of found) for (const reader of readers[slot]) found.add(reader);
    return found;
  };
  const places = new Map(slots.flatMap((slot, i) => slot.kind === "param" ? [[slot.index, i]] : [])); // prettier-ignore
  const placeOf = (param: number | undefined): number => places.get(param ?? -1) ?? -1;
  /** By slot: how many groups concern it. */
  const counts = new Int32Array(slots.length);
  let count = 0;
  const found: { point: number; direction: number; concerned: Set<number> }[] = [];
  for (const group of groups) {
    const [point, direction] = [placeOf(group.point), placeOf(group.direction)];
    const concerned = reached([point, direction]);
    for (const slot of concerned) counts[slot]++;
    count += concerned.size;
    if (count > MOST * slots.length * groups.length) return undefined;
    found.push({ point, direction, concerned });
  }
  return found.map(({ point, direction, concerned }): Concerned => {
    const all = Int32Array.from(concerned).sort();
    const steps = all.filter((slot) => slot !== point && slot !== direction);
    const directed = reached([direction]);
    const isFlat = (slot: number): boolean =>
      directed.has(slot) && counts[slot] === 1 && slot !== program.value;
    const isReadFurther = (slot: number): boolean => readers[slot].some((reader) => !isFlat(reader)); // prettier-ignore
    // Whatever concerns a slot concerns its readers, and some of those more.
    const isShared = (slot: number): boolean =>
      slot === program.value || readers[slot].some((reader) => counts[reader] > counts[slot]);
    return {
      point,
      direction,
      all,
      steps,
      flatSteps: steps.filter((slot) => !isFlat(slot)),
      flat: steps.filter((slot) => isFlat(slot) && isReadFurther(slot)),
      shared: all.filter(isShared),
    };
  });
}
