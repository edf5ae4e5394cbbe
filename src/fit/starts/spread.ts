/** How much a response varies. */

/** Its standard deviation; where it does not vary, its size; 1 where it is 0. */
export function spreadOf(losses: Float64Array): number {
  const present = losses.filter((y) => !Number.isNaN(y));
  const largest = present.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  if (largest === 0) return 1;
  const mean = present.reduce((sum, y) => sum + y / largest, 0) / present.length;
  const square = present.reduce((sum, y) => sum + (y / largest - mean) ** 2, 0) / present.length;
  return largest * (square > 0 ? Math.sqrt(square) : 1);
}
