/**
 * Modified Gram–Schmidt steps of which the right side is part (Björck 1967, "Solving linear least
 * squares problems by Gram–Schmidt orthogonalization"): ‖b − A·x‖ for a few columns, which are
 * taken one after the other. For millions of small problems: nothing is allocated after the start.
 */

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
  /** b less what the columns account for. */
  readonly b: Float64Array;
  /** The columns' own directions, one after the other. */
  readonly #Q: Float64Array;
  /** Their squares; 0 of a column that depends on those before it. */
  readonly #squares: Float64Array;
  readonly #units: Float64Array;
  /** Row-major: how much of direction i is in column j > i. */
  readonly #shares: Float64Array;
  /** How much of each direction is in b. */
  readonly #pulls: Float64Array;
  /** How many columns were taken. */
  #count = 0;

  constructor(
    readonly rows: number,
    /** Columns, at most. */
    readonly most: number,
  ) {
    this.b = new Float64Array(rows);
    this.#Q = new Float64Array(rows * most);
    this.#squares = new Float64Array(most);
    this.#units = new Float64Array(most);
    this.#shares = new Float64Array(most * most);
    this.#pulls = new Float64Array(most);
  }

  /** Begins with b = −r and no columns. */
  begin(r: Float64Array): void {
    for (let row = 0; row < this.rows; row++) this.b[row] = -r[row];
    this.#count = 0;
  }

  /** Takes x times a column, which begins at `from`, off b. */
  subtract(x: number, A: Float64Array, from: number): void {
    subtract(this.b, 0, x, A, from, this.rows);
  }

  /** Takes the column that begins at `from`. False where it depends on those before it. */
  take(A: Float64Array, from: number): boolean {
    const { rows, most, b } = this;
    const [Q, squares, j] = [this.#Q, this.#squares, this.#count++];
    const at = j * rows;
    const whole = this.#copy(A, from, j);
    for (let i = 0; i < j; i++) {
      const square = squares[i];
      const share = square === 0 ? 0 : dot(Q, i * rows, Q, at, rows) / square;
      this.#shares[i * most + j] = share;
      if (share !== 0) subtract(Q, at, share, Q, i * rows, rows);
    }
    const square = j === 0 ? whole : dot(Q, at, Q, at, rows);
    const isNew = j < rows && square > DEPENDENT ** 2 * whole;
    squares[j] = isNew ? square : 0;
    this.#pulls[j] = isNew ? dot(Q, at, b, 0, rows) / square : 0;
    if (isNew) subtract(b, 0, this.#pulls[j], Q, at, rows);
    return isNew;
  }

  /** Copies a column, in a unit that suits it, to place j; returns the sum of its squares. */
  #copy(A: Float64Array, from: number, j: number): number {
    const { rows } = this;
    const Q = this.#Q;
    const to = j * rows;
    let largest = 0;
    for (let i = 0; i < rows; i++) {
      const value = A[from + i];
      const size = Math.abs(value);
      largest = Math.max(largest, size);
      Q[to + i] = size < VANISHING ? 0 : value;
    }
    const unit = largest > 0 && (largest < 1 / USUAL || largest > USUAL) ? largest : 1;
    if (unit !== 1) for (let i = 0; i < rows; i++) Q[to + i] = A[from + i] / unit;
    this.#units[j] = unit;
    return dot(Q, to, Q, to, rows);
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

/** Σ a·b of two stretches, in four sums that a processor does beside each other. */
function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, rows: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    s0 += a[atA + i] * b[atB + i];
    s1 += a[atA + i + 1] * b[atB + i + 1];
    s2 += a[atA + i + 2] * b[atB + i + 2];
    s3 += a[atA + i + 3] * b[atB + i + 3];
  }
  for (; i < rows; i++) s0 += a[atA + i] * b[atB + i];
  return s0 + s1 + (s2 + s3);
}

/** a −= x·b of two stretches. */
function subtract(
  a: Float64Array,
  atA: number,
  x: number,
  b: Float64Array,
  atB: number,
  rows: number,
): void {
  for (let i = 0; i < rows; i++) a[atA + i] -= x * b[atB + i];
}
