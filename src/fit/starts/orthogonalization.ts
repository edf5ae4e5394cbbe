/**
 * Modified Gram–Schmidt steps of which the right side is part (Björck 1967, "Solving linear least
 * squares problems by Gram–Schmidt orthogonalization"): ‖b − A·x‖ for a few columns, which are
 * taken one after the other. For millions of small problems: nothing is allocated after the start.
 */
import type { Stretches } from "./stretches.ts";

/** What is left of a column below this share of it says that it depends on those before it. */
const DEPENDENT = 1e-11;
/** Columns whose largest number is beyond this, or below its inverse, are in units of it. */
const USUAL = 1e100;
/**
 * Beside a column's largest number, 1e-100 or more, smaller ones than this are nothing. Their
 * squares would be denormal numbers, which take a processor a hundred times as long.
 */
const VANISHING = 1e-150;

export class Orthogonalization {
  /** Addresses: b less what the columns account for; the columns' own directions. */
  readonly #b: number;
  readonly #Q: readonly number[];
  /** Their squares; 0 of a column that depends on those before it. */
  readonly #squares: Float64Array;
  readonly #units: Float64Array;
  /** Row-major: how much of direction i is in column j > i. */
  readonly #shares: Float64Array;
  /** How much of each direction is in b. */
  readonly #pulls: Float64Array;
  /** How many columns were taken. */
  #count = 0;
  #left = 0;

  constructor(
    readonly list: Stretches,
    /** Where in the list its numbers begin. */
    readonly place: number,
    readonly rows: number,
    /** Columns, at most. */
    readonly most: number,
  ) {
    this.#b = list.address(place);
    this.#Q = Array.from({ length: most }, (_, j) => list.address(place + (1 + j) * rows));
    this.#squares = new Float64Array(most);
    this.#units = new Float64Array(most);
    this.#shares = new Float64Array(most * most);
    this.#pulls = new Float64Array(most);
  }

  /** How many numbers it takes of its list. */
  static numbers = (rows: number, most: number): number => rows * (1 + most);

  /** Begins with b = −r and no columns; `r`: the address. */
  begin(r: number): void {
    this.list.negate(r, this.#b, this.rows);
    this.#left = NaN;
    this.#count = 0;
  }

  /** Takes x times a column, at an address, off b. */
  subtract(x: number, column: number): void {
    this.#left = this.list.subtract(this.#b, x, column, this.rows);
  }

  /** b less what the columns account for. */
  get b(): Float64Array {
    return this.list.numbers.subarray(this.place, this.place + this.rows);
  }

  /** ‖b‖². */
  get left(): number {
    if (Number.isNaN(this.#left)) this.#left = this.list.dot(this.#b, this.#b, this.rows);
    return this.#left;
  }

  /** Takes the column at an address. False where it depends on those before it. */
  take(column: number): boolean {
    const { list, rows, most } = this;
    const [Q, squares, shares, j] = [this.#Q, this.#squares, this.#shares, this.#count++];
    const own = Q[j];
    const whole = this.#copy(column, j);
    let square = whole;
    for (let i = 0; i < j; i++) {
      const share = squares[i] === 0 ? 0 : list.dot(Q[i], own, rows) / squares[i];
      shares[i * most + j] = share;
      if (share !== 0) square = list.subtract(own, share, Q[i], rows);
    }
    const isNew = j < rows && square > DEPENDENT ** 2 * whole;
    squares[j] = isNew ? square : 0;
    this.#pulls[j] = isNew ? list.dot(own, this.#b, rows) / square : 0;
    if (isNew) this.#left = list.subtract(this.#b, this.#pulls[j], own, rows);
    return isNew;
  }

  /** Copies a column, in a unit that suits it, to place j; returns the sum of its squares. */
  #copy(column: number, j: number): number {
    const { list, rows } = this;
    const own = this.#Q[j];
    const largest = list.copy(column, own, VANISHING, rows);
    const unit = largest > 0 && (largest < 1 / USUAL || largest > USUAL) ? largest : 1;
    if (unit !== 1) list.divide(column, unit, own, rows);
    this.#units[j] = unit;
    return list.dot(own, own, rows);
  }

  /**
   * An entry i ≤ j of the triangle T of as many rows as there are columns: ‖b − A·x‖² is ‖u −
   * T·x‖², u being `pulled`, and what no x changes.
   */
  triangle(i: number, j: number): number {
    const share = i === j ? 1 : this.#shares[i * this.most + j];
    return share * Math.sqrt(this.#squares[i]) * this.#units[j];
  }

  /** See `triangle`. */
  pulled(i: number): number {
    return this.#pulls[i] * Math.sqrt(this.#squares[i]);
  }

  /** Writes the x of the least ‖b − A·x‖. All columns have to be independent. */
  solve(x: Float64Array): void {
    const { most } = this;
    const count = this.#count;
    for (let i = count - 1; i >= 0; i--) {
      x[i] = this.#pulls[i];
      for (let j = i + 1; j < count; j++) x[i] -= this.#shares[i * most + j] * x[j];
    }
    for (let i = 0; i < count; i++) x[i] /= this.#units[i];
  }
}
