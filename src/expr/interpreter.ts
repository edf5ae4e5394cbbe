/**
 * A program evaluated step by step, in the words of the operator table: what javascript.ts
 * compiles, for pages that forbid compiling. Steps are flat lists of numbers, since looking at the
 * slots themselves takes longer than computing them. The sums over runs take a step for many runs
 * at once.
 */
import type { Evaluator64, Tables } from "./evaluator.ts";
import type { OpName } from "./graph.ts";
import { fold, type LossKind, lossOf, matrixWeight } from "./loss.ts";
import { OPS } from "./operators.ts";
import { type BentProgram, type Level, ofLevel, type Program, type Table } from "./program.ts";
import { scatterLoop } from "./scatter-columns.ts";

/** The interpreted form of a program; `loss` is that of `sumLoss` and `sumBend`. */
export function interpreted(program: Program | BentProgram, loss: LossKind): Evaluator64 {
  return {
    ...levelsOf(program),
    ...sumsOf(program, loss),
    scatter: scatterLoop(program),
  };
}

/** Operators in order; arguments and results are numbered places. */
class Steps {
  readonly #ops: OpName[] = [];
  readonly #out: number[] = [];
  readonly #first: number[] = [];
  readonly #second: number[] = [];

  /** An operator of one argument has it twice. */
  add(op: OpName, out: number, [a, b = a]: readonly number[]): void {
    this.#ops.push(op);
    this.#out.push(out);
    this.#first.push(a);
    this.#second.push(b);
  }

  /** What computes the steps in `memory`, a number a place. */
  one(): (memory: Float64Array) => void {
    const [out, first, second] = [this.#out, this.#first, this.#second].map((places) => Int32Array.from(places)); // prettier-ignore
    const loops = this.#ops.map(loopOf);
    const codes = Uint8Array.from(this.#ops, codeOf);
    return (memory) => {
      for (let k = 0; k < codes.length; k++) {
        const a = memory[first[k]];
        const b = memory[second[k]];
        const code = codes[k];
        if (code === MUL) memory[out[k]] = a * b;
        else if (code === ADD) memory[out[k]] = a + b;
        else if (code === SUB) memory[out[k]] = a - b;
        else if (code === DIV) memory[out[k]] = a / b;
        else loops[k](memory, out[k], first[k], second[k], 1);
      }
    };
  }

  /** What computes the steps for the first `rows` rows; a place has a stretch of `ROWS` numbers. */
  many(): (memory: Float64Array, rows: number) => void {
    const [out, first, second] = [this.#out, this.#first, this.#second].map((places) => Int32Array.from(places, (place) => ROWS * place)); // prettier-ignore
    const loops = this.#ops.map(loopOf);
    return (memory, rows) => {
      for (let k = 0; k < loops.length; k++) loops[k](memory, out[k], first[k], second[k], rows);
    };
  }
}

/** The arithmetic that is computed in place where there is one number. */
const [MUL, ADD, SUB, DIV, CALL] = [1, 2, 3, 4, 0];
const CODES: Partial<Record<OpName, number>> = { mul: MUL, add: ADD, sub: SUB, div: DIV };
const codeOf = (op: OpName): number => CODES[op] ?? CALL;

/** Rows that are computed at once. */
const ROWS = 128;

/** An operator at `rows` rows, from places of `m` to places of `m`. */
type Loop = (m: Float64Array, out: number, a: number, b: number, rows: number) => void;

/**
 * Operators as loops of their own. A call for each number takes longer, and makes an object of each
 * result. They do what `f64` of the operator does.
 */
const LOOPS: Partial<Record<OpName, Loop>> = {
  add(m, out, a, b, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = m[a + i] + m[b + i];
  },
  sub(m, out, a, b, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = m[a + i] - m[b + i];
  },
  mul(m, out, a, b, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = m[a + i] * m[b + i];
  },
  div(m, out, a, b, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = m[a + i] / m[b + i];
  },
  neg(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = -m[a + i];
  },
  exp(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = Math.exp(m[a + i]);
  },
  log(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = Math.log(m[a + i]);
  },
  sqrt(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = Math.sqrt(m[a + i]);
  },
  abs(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = Math.abs(m[a + i]);
  },
  min(m, out, a, b, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = Math.min(m[a + i], m[b + i]);
  },
  max(m, out, a, b, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = Math.max(m[a + i], m[b + i]);
  },
  step(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = m[a + i] > 0 ? 1 : 0;
  },
  recipz(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = m[a + i] > 0 ? 1 / m[a + i] : 0;
  },
  logz(m, out, a, _, rows) {
    for (let i = 0; i < rows; i++) m[out + i] = m[a + i] > 0 ? Math.log(m[a + i]) : 0;
  },
};

/** The loop of an operator. */
const loopOf = (op: OpName): Loop => LOOPS[op] ?? loopOfCalls(OPS[op].f64);

const loopOfCalls =
  (f: (a: number, b: number) => number): Loop =>
  (m, out, a, b, rows) => {
    for (let i = 0; i < rows; i++) m[out + i] = f(m[a + i], m[b + i]);
  };

/** Columns of data that a level loads: from where, and to which place. */
interface Loads {
  readonly table: Table;
  readonly index: number;
  readonly width: number;
  readonly place: number;
}

/** The columns that a level loads, to the places that its slots have. */
const loadsOf = ({ slots, tables }: Program, level: Level, placeOf: (slot: number) => number) =>
  slots.flatMap((slot, i): Loads[] => {
    if (slot.kind !== "column" || (slot.table === "mix") !== (level === "mix")) return [];
    const { table, index } = slot;
    return [{ table, index, width: tables[table].length, place: placeOf(i) }];
  });

/** The levels, of one group or run: places are slots. */
function levelsOf(program: Program): Pick<Evaluator64, "fit" | "mix" | "run" | "list"> {
  const { slots, value } = program;
  const listed = [value, ...program.columns.map(({ partial }) => partial)];
  const [fit, mix, run] = (["fit", "mix", "run"] as const).map((level) => stepsOf(program, level, (slot) => slot).one()); // prettier-ignore
  const params = slots.flatMap((slot, i) => slot.kind === "param" ? [{ index: slot.index, place: i }] : []); // prettier-ignore
  const [mixLoads, runLoads] = (["mix", "run"] as const).map((level) => loadsOf(program, level, (slot) => slot)); // prettier-ignore
  const load = (loads: readonly Loads[], values: Float64Array, tables: Tables, row: number) => {
    for (const { table, index, width, place } of loads)
      values[place] = tables[table][row * width + index];
  };
  return {
    fit(values, theta) {
      for (const { index, place } of params) values[place] = theta[index];
      fit(values);
    },
    mix(values, tables, group) {
      load(mixLoads, values, tables, group);
      mix(values);
    },
    run(values, tables, at) {
      load(runLoads, values, tables, at);
      run(values);
      return values[value];
    },
    list(values, tables, from, to, into, stride) {
      for (let at = from; at < to; at++) {
        load(runLoads, values, tables, at);
        run(values);
        for (let c = 0; c < listed.length; c++) into[c * stride + at] = values[listed[c]];
      }
    },
  };
}

/** The operators of a level. */
function stepsOf(program: Program, level: Level, placeOf: (slot: number) => number): Steps {
  const steps = new Steps();
  for (const i of ofLevel(program, level)) {
    const slot = program.slots[i];
    if (slot.kind === "op") steps.add(slot.op, placeOf(i), slot.args.map(placeOf));
  }
  return steps;
}

/** The run level for many runs, and expressions of the loss behind it. */
class RunRows {
  /** A stretch of `ROWS` numbers a place. */
  readonly memory: Float64Array;
  readonly #places = new Map<number, number>();
  /** Slots of other levels that are read. */
  readonly #outer: readonly number[];
  /** Where the last runs that were computed end. */
  end = 0;
  readonly #loads: readonly Loads[];
  readonly #compute: (memory: Float64Array, rows: number) => void;
  readonly #leaves: Readonly<Record<"delta" | "tau", number>>;
  /** Where the expressions are. */
  readonly ends: readonly number[];
  /** Runs that weigh something, of those that are computed at once. */
  readonly #rows = new Int32Array(ROWS);
  readonly weight = new Float64Array(ROWS);

  constructor(program: Program, expressions: Parameters<typeof fold>[0][]) {
    const own = new Set(ofLevel(program, "run"));
    const outer: number[] = [];
    let used = 0;
    const placeOf = (slot: number): number => {
      const known = this.#places.get(slot);
      if (known !== undefined) return known;
      this.#places.set(slot, used);
      if (!own.has(slot)) outer.push(slot);
      return used++;
    };
    this.#loads = loadsOf(program, "run", placeOf);
    const steps = stepsOf(program, "run", placeOf);
    const residual = placeOf(program.value);
    for (const { partial } of program.columns) placeOf(partial);
    if ("bend" in program) placeOf((program as BentProgram).bend);
    this.#leaves = { delta: used++, tau: used++ };
    const constants: [number, number][] = [];
    const leaf = (name: string): number => name === "residual" ? residual : this.#leaves[name as "delta" | "tau"]; // prettier-ignore
    this.ends = expressions.map((node) =>
      fold<number>(node, {
        number: (x) => {
          constants.push([used, x]);
          return used++;
        },
        leaf,
        call: (op, args) => {
          steps.add(op, used, args);
          return used++;
        },
      }),
    );
    this.#outer = outer;
    this.#compute = steps.many();
    this.memory = new Float64Array(used * ROWS);
    for (const [place, x] of constants) this.memory.fill(x, place * ROWS, (place + 1) * ROWS);
  }

  /** Where the values of a slot begin. */
  at(slot: number): number {
    return ROWS * (this.#places.get(slot) ?? NaN);
  }

  /** Gives the places what is the same for all runs of a group. */
  begin(values: Float64Array, delta: number, tau: number, runs: number): void {
    const rows = Math.min(runs, ROWS);
    for (let i = 0; i < this.#outer.length; i++) {
      const slot = this.#outer[i];
      this.#fill(this.at(slot), values[slot], rows);
    }
    this.#fill(ROWS * this.#leaves.delta, delta, rows);
    this.#fill(ROWS * this.#leaves.tau, tau, rows);
  }

  #fill(from: number, x: number, rows: number): void {
    const { memory } = this;
    for (let i = 0; i < rows; i++) memory[from + i] = x;
  }

  /** Computes runs from `from` on, up to `end`. Returns how many there are. */
  next({ run, response }: Tables, weight: Float64Array, from: number, to: number): number {
    const { memory, weight: w } = this;
    const chosen = this.#rows;
    let rows = 0;
    let at = from;
    for (; at < to && rows < ROWS; at++) {
      if (weight[at] === 0) continue;
      w[rows] = weight[at];
      chosen[rows++] = at;
    }
    for (let k = 0; k < this.#loads.length; k++) {
      const { table, index, width, place } = this.#loads[k];
      const column = table === "run" ? run : response;
      const into = ROWS * place;
      for (let i = 0; i < rows; i++) memory[into + i] = column[chosen[i] * width + index];
    }
    this.#compute(memory, rows);
    this.end = at;
    return rows;
  }
}

/** The sums over runs. Each is added up in the order of the runs, as javascript.ts does. */
function sumsOf(
  program: Program | BentProgram,
  name: LossKind,
): Pick<Evaluator64, "sumLoss" | "sumBend" | "sumValue"> {
  const loss = lossOf(name);
  // τ = 1 is what the search has throughout, and takes less time.
  const usual = new RunRows(program, [loss.rho, loss.psi, loss.omega(1)]);
  const general = new RunRows(program, [loss.rho, loss.psi, matrixWeight(loss)]);
  const rowsFor = (tau: number): RunRows => (tau === 1 ? usual : general);
  return {
    sumLoss: lossSum(program, rowsFor),
    sumBend: bendSum(program, rowsFor),
    sumValue: valueSum(program),
  };
}

/** Where the columns' derivatives begin. */
const partialsOf = ({ columns }: Program, runs: RunRows): number[] =>
  columns.map(({ partial }) => runs.at(partial));

function lossSum(program: Program, rowsFor: (tau: number) => RunRows): Evaluator64["sumLoss"] {
  // Whatever the loss, the slots have the same places.
  const partials = partialsOf(program, rowsFor(1));
  const [pull, stiffness, scaled] = Array.from({ length: 3 }, () => new Float64Array(ROWS));
  return (values, tables, weight, from, to, delta, tau, { S, v }) => {
    const runs = rowsFor(tau);
    const { memory, weight: w } = runs;
    const rho = ROWS * runs.ends[0];
    const psi = ROWS * runs.ends[1];
    const omega = ROWS * runs.ends[2];
    runs.begin(values, delta, tau, to - from);
    let total = 0;
    for (let at = from; at < to; at = runs.end) {
      const rows = runs.next(tables, weight, at, to);
      for (let i = 0; i < rows; i++) {
        total += w[i] * memory[rho + i];
        pull[i] = w[i] * memory[psi + i];
        stiffness[i] = w[i] * memory[omega + i];
      }
      for (let a = 0, ab = 0; a < partials.length; a++) {
        const d = partials[a];
        v[a] = addProducts(v[a], pull, memory, d, rows);
        for (let i = 0; i < rows; i++) scaled[i] = stiffness[i] * memory[d + i];
        for (let b = 0; b <= a; b++, ab++)
          S[ab] = addProducts(S[ab], scaled, memory, partials[b], rows);
      }
    }
    return total;
  };
}

function bendSum(
  program: Program | BentProgram,
  rowsFor: (tau: number) => RunRows,
): NonNullable<Evaluator64["sumBend"]> {
  const partials = partialsOf(program, rowsFor(1));
  const pull = new Float64Array(ROWS);
  return (values, tables, weight, from, to, delta, tau, pulls) => {
    if (!("bend" in program)) throw new Error("the program has no second derivative");
    const runs = rowsFor(tau);
    const { memory, weight: w } = runs;
    const omega = ROWS * runs.ends[2];
    const bend = runs.at(program.bend);
    runs.begin(values, delta, tau, to - from);
    for (let at = from; at < to; at = runs.end) {
      const rows = runs.next(tables, weight, at, to);
      for (let i = 0; i < rows; i++) pull[i] = w[i] * memory[omega + i] * memory[bend + i];
      for (let a = 0; a < partials.length; a++)
        pulls[a] = addProducts(pulls[a], pull, memory, partials[a], rows);
    }
  };
}

function valueSum(program: Program): Evaluator64["sumValue"] {
  const runs = new RunRows(program, []);
  const partials = partialsOf(program, runs);
  const value = runs.at(program.value);
  const { memory, weight: w } = runs;
  return (values, tables, weight, from, to, slopes) => {
    runs.begin(values, 0, 1, to - from);
    let total = 0;
    for (let at = from; at < to; at = runs.end) {
      const rows = runs.next(tables, weight, at, to);
      total = addProducts(total, w, memory, value, rows);
      for (let a = 0; a < partials.length; a++)
        slopes[a] = addProducts(slopes[a], w, memory, partials[a], rows);
    }
    return total;
  };
}

/** total + Σ a·b over rows, added up in their order. */
function addProducts(
  total: number,
  a: Float64Array,
  b: Float64Array,
  from: number,
  rows: number,
): number {
  let result = total;
  for (let i = 0; i < rows; i++) result += a[i] * b[from + i];
  return result;
}
