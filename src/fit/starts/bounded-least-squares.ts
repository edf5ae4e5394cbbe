/** Least squares of a few unknowns, each in its bounds. */
import { Orthogonalization } from "./orthogonalization.ts";
import type { Stretches } from "./stretches.ts";

/**
 * Solves problems of one size: `rows` rows, `n` unknowns. A and r are stretches of a list: whoever
 * reduces writes them before.
 */
export class BoundedLeastSquares {
  /** Addresses of A, column after column, and of r. */
  readonly A: readonly number[];
  readonly r: number;
  readonly #left: number;
  readonly #x: Float64Array;
  /** All columns, and those of their triangle whose unknowns are free. */
  readonly #all: Orthogonalization;
  readonly #part: Orthogonalization;
  /** ‖T·x + t‖ changes with x as ‖A·x + r‖ does, T a triangle, column after column: places. */
  readonly #T: number;
  readonly #t: number;
  /** The unknowns that are free: the first `#count` numbers. */
  readonly #free: Int32Array;
  #count = 0;
  /** Values of the free unknowns. */
  readonly #values: Float64Array;

  constructor(
    readonly list: Stretches,
    /** Where in the list its numbers begin: those of A, then those of r, and others. */
    readonly place: number,
    readonly rows: number,
    readonly n: number,
  ) {
    this.A = Array.from({ length: n }, (_, j) => list.address(place + j * rows));
    let next = place + n * rows;
    const take = (count: number): number => (next += count) - count;
    this.r = list.address(take(rows));
    this.#left = take(rows);
    this.#T = take(n * n);
    this.#t = take(n);
    this.#all = new Orthogonalization(list, take(Orthogonalization.numbers(rows, n)), rows, n);
    this.#part = new Orthogonalization(list, take(Orthogonalization.numbers(n, n)), n, n);
    this.#x = new Float64Array(n);
    this.#free = new Int32Array(n);
    this.#values = new Float64Array(n);
  }

  /** How many numbers it takes of its list. */
  static numbers(rows: number, n: number): number {
    const { numbers } = Orthogonalization;
    return (n + 2) * rows + (n + 1) * n + numbers(rows, n) + numbers(n, n);
  }

  /**
   * x that makes ‖A·x + r‖ small within bounds: the minimum over the free unknowns, after those
   * that it takes beyond a bound were put there, the worst first. A dependent column gets the value
   * that is nearest to 0. Good enough to start from; it need not be the minimum where several
   * bounds hold. After `reduce`.
   */
  solve(lower: Float64Array, upper: Float64Array): Float64Array {
    const { n } = this;
    const x = this.#x;
    for (let j = 0; j < n; j++) {
      x[j] = Math.min(Math.max(0, lower[j]), upper[j]);
      this.#free[j] = j;
    }
    this.#count = n;
    this.#fillTriangle();
    while (this.#count > 0) {
      const dependent = this.#solveFree();
      const worst = dependent < 0 ? this.#worst(lower, upper) : dependent;
      if (worst < 0) break;
      const j = this.#free[worst];
      if (dependent < 0) x[j] = Math.min(Math.max(this.#values[worst], lower[j]), upper[j]);
      // It is free no more.
      this.#free.copyWithin(worst, worst + 1, this.#count);
      this.#count--;
    }
    for (let i = 0; i < this.#count; i++) x[this.#free[i]] = this.#values[i];
    if (this.#count < n) this.#fillLeft();
    return x;
  }

  /** A·x + r after `solve`, or all of it with the other sign. */
  get left(): Float64Array {
    const { list, rows } = this;
    return this.#count < this.n
      ? list.numbers.subarray(this.#left, this.#left + rows)
      : this.#all.b;
  }

  /** Its sum of squares. */
  get squares(): number {
    const { list, rows } = this;
    const left = list.address(this.#left);
    return this.#count < this.n ? list.dot(left, left, rows) : this.#all.left;
  }

  #fillLeft(): void {
    const { list, A, rows } = this;
    const [x, left] = [this.#x, list.address(this.#left)];
    list.negate(this.r, left, rows);
    for (let j = 0; j < x.length; j++) list.subtract(left, x[j], A[j], rows);
  }

  /**
   * Takes A and r in. Returns the least ‖A·x + r‖² that there is without bounds; 0 where a column
   * depends on others.
   */
  reduce(): number {
    const all = this.#all;
    all.begin(this.r);
    let areNew = true;
    for (let j = 0; j < this.n; j++) areNew = all.take(this.A[j]) && areNew;
    return areNew ? all.left : 0;
  }

  /** Fills the triangle, in which a column that depends on those before it ends in 0. */
  #fillTriangle(): void {
    const { n, list } = this;
    const { numbers } = list;
    const all = this.#all;
    for (let j = 0; j < n; j++) {
      for (let i = 0; i <= j; i++) numbers[this.#T + j * n + i] = all.triangle(i, j);
      for (let i = j + 1; i < n; i++) numbers[this.#T + j * n + i] = 0;
      numbers[this.#t + j] = -all.pulled(j);
    }
  }

  /**
   * Finds the values of the free unknowns at the minimum. Returns the position of one that others
   * stand for, or −1.
   */
  #solveFree(): number {
    const { n, list } = this;
    const [part, x] = [this.#part, this.#x];
    const column = (j: number): number => list.address(this.#T + j * n);
    part.begin(list.address(this.#t));
    for (let j = 0; j < n; j++) if (x[j] !== 0 && !this.#isFree(j)) part.subtract(x[j], column(j));
    for (let i = 0; i < this.#count; i++) if (!part.take(column(this.#free[i]))) return i;
    part.solve(this.#values);
    return -1;
  }

  #isFree(j: number): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#free[i] === j) return true;
    return false;
  }

  /** The position of the unknown that is furthest beyond a bound, as a share of its size; or −1. */
  #worst(lower: Float64Array, upper: Float64Array): number {
    let [worst, most] = [-1, 0];
    for (let i = 0; i < this.#count; i++) {
      const [value, j] = [this.#values[i], this.#free[i]];
      const bound = Math.min(Math.max(value, lower[j]), upper[j]);
      const by = Math.abs(value - bound) / (Math.abs(value) || 1);
      if (by > most) [worst, most] = [i, by];
    }
    return worst;
  }
}
