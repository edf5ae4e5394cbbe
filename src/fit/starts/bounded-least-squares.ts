/** Least squares of a few unknowns, each in its bounds. */
import { Orthogonalization } from "./orthogonalization.ts";

/**
 * Solves problems of one size: `rows` rows, `n` unknowns. Its arrays are made once, and are the
 * same at every call.
 */
export class BoundedLeastSquares {
  readonly #left: Float64Array;
  readonly #x: Float64Array;
  /** All columns, and those of their triangle whose unknowns are free. */
  readonly #all: Orthogonalization;
  readonly #part: Orthogonalization;
  /** ‖T·x + t‖ changes with x as ‖A·x + r‖ does, T a triangle, column after column. */
  readonly #T: Float64Array;
  readonly #t: Float64Array;
  /** The unknowns that are free: the first `#count` numbers. */
  readonly #free: Int32Array;
  #count = 0;
  /** Values of the free unknowns. */
  readonly #values: Float64Array;

  constructor(
    readonly rows: number,
    readonly n: number,
  ) {
    this.#left = new Float64Array(rows);
    this.#x = new Float64Array(n);
    this.#all = new Orthogonalization(rows, n);
    this.#part = new Orthogonalization(n, n);
    this.#T = new Float64Array(n * n);
    this.#t = new Float64Array(n);
    this.#free = new Int32Array(n);
    this.#values = new Float64Array(n);
  }

  /**
   * x that makes ‖A·x + r‖ small within bounds, A column after column: the minimum over the free
   * unknowns, after those that it takes beyond a bound were put there, the worst first. A dependent
   * column gets the value that is nearest to 0. Good enough to start from; it need not be the
   * minimum where several bounds hold.
   */
  solve(A: Float64Array, r: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array {
    const { n } = this;
    const x = this.#x;
    for (let j = 0; j < n; j++) {
      x[j] = Math.min(Math.max(0, lower[j]), upper[j]);
      this.#free[j] = j;
    }
    this.#count = n;
    this.#reduce(A, r);
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
    if (this.#count < n) this.#fillLeft(A, r);
    return x;
  }

  /** A·x + r after `solve`, or all of it with the other sign. */
  get left(): Float64Array {
    return this.#count < this.n ? this.#left : this.#all.b;
  }

  #fillLeft(A: Float64Array, r: Float64Array): void {
    const [x, left] = [this.#x, this.#left];
    left.set(r);
    for (let j = 0, at = 0; j < x.length; j++)
      for (let row = 0; row < left.length; row++, at++) left[row] += A[at] * x[j];
  }

  /** Fills the triangle, in which a column that depends on those before it ends in 0. */
  #reduce(A: Float64Array, r: Float64Array): void {
    const { n, rows } = this;
    const all = this.#all;
    all.begin(r);
    for (let j = 0; j < n; j++) {
      all.take(A, j * rows);
      for (let i = 0; i <= j; i++) this.#T[j * n + i] = all.triangle(i, j);
      this.#t[j] = -all.pulled(j);
    }
  }

  /**
   * Finds the values of the free unknowns at the minimum. Returns the position of one that others
   * stand for, or −1.
   */
  #solveFree(): number {
    const { n } = this;
    const [part, T, x] = [this.#part, this.#T, this.#x];
    part.begin(this.#t);
    for (let j = 0; j < n; j++) if (x[j] !== 0 && !this.#isFree(j)) part.subtract(x[j], T, j * n);
    for (let i = 0; i < this.#count; i++) if (!part.take(T, this.#free[i] * n)) return i;
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
