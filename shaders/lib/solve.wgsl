// The damped step for many coordinates, as loops. For few, src/gpu/solve.ts writes the same computation out.

var<private> A: array<f32, T>; // factor of the damped matrix, reciprocals on its diagonal

// step ← −(H + λ(diag H + c·tr H·I))⁻¹ gradient, by Cholesky; a coordinate at a bound that the step would leave is held. False: not positive definite.
fn solve_step(lambda: f32) -> bool {
  var trace = 0.0;
  for (var i = 0u; i < P; i++) {
    trace += H[i * (i + 3u) / 2u];
  }
  let ridge = lambda * DAMPING_TRACE * trace + TINY;
  var positive = true;
  for (var i = 0u; i < P; i++) {
    let row = i * (i + 1u) / 2u;
    let held = (theta[i] <= lower[i] && gradient[i] > 0.0) || (theta[i] >= upper[i] && gradient[i] < 0.0);
    var pivot = select(H[row + i] * (1.0 + lambda) + ridge, HUGE, held);
    var right = -gradient[i];
    for (var j = 0u; j < i; j++) {
      let other = j * (j + 1u) / 2u;
      var sum = H[row + j];
      for (var k = 0u; k < j; k++) {
        sum -= A[row + k] * A[other + k];
      }
      let l = sum * A[other + j];
      A[row + j] = l;
      pivot -= l * l;
      right -= l * step[j];
    }
    positive = positive && pivot > 0.0;
    A[row + i] = inverseSqrt(max(pivot, TINY));
    step[i] = right * A[row + i];
  }
  for (var n = P; n > 0u; n--) {
    let i = n - 1u;
    let x = step[i] * A[i * (i + 3u) / 2u];
    step[i] = x;
    for (var k = 0u; k < i; k++) {
      step[k] -= A[i * (i + 1u) / 2u + k] * x;
    }
  }
  return positive;
}
