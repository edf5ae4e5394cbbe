// The special functions of the operator table in float32; the float64 twins are in src/expr/special.ts.
// Each is computed by a series where the closed form would cancel.

// ln x for a share x, 0 at x = 0.
fn logz(x: f32) -> f32 {
  return select(0.0, log(max(x, 1e-37)), x > 0.0);
}

// 1/x for a share x, 0 at x = 0.
fn recipz(x: f32) -> f32 {
  return select(0.0, 1.0 / max(x, 1e-37), x > 0.0);
}

// φ₂(z) = (eᶻ − 1 − z)/z². Beyond |z| = 1 the closed form loses at most two bits.
fn phi2(z: f32) -> f32 {
  let series = 0.5 + z * (1.0 / 6.0 + z * (1.0 / 24.0 + z * (1.0 / 120.0 + z * (1.0 / 720.0
    + z * (1.0 / 5040.0 + z * (1.0 / 40320.0 + z * (1.0 / 362880.0)))))));
  let w = select(z, 1.0, abs(z) < 1.0);
  return select((exp(min(w, 60.0)) - 1.0 - w) / (w * w), series, abs(z) < 1.0);
}

// φ₃(z) = (eᶻ − 1 − z − z²/2)/z³.
fn phi3(z: f32) -> f32 {
  let series = 1.0 / 6.0 + z * (1.0 / 24.0 + z * (1.0 / 120.0 + z * (1.0 / 720.0 + z * (1.0 / 5040.0
    + z * (1.0 / 40320.0 + z * (1.0 / 362880.0 + z * (1.0 / 3628800.0)))))));
  let w = select(z, 1.0, abs(z) < 1.0);
  return select((exp(min(w, 60.0)) - 1.0 - w - 0.5 * w * w) / (w * w * w), series, abs(z) < 1.0);
}

// ln(1 + x)/x for x > −1; below 0.25 through ln(1 + x) = 2 artanh(x/(2 + x)).
fn log1pc(x: f32) -> f32 {
  let r = 1.0 / (2.0 + x);
  let y = x * r * x * r;
  let series = 2.0 * r * (1.0 + y * (1.0 / 3.0 + y * (0.2 + y * (1.0 / 7.0 + y / 9.0))));
  let w = select(x, 1.0, abs(x) < 0.25);
  return select(log(1.0 + w) / w, series, abs(x) < 0.25);
}

// The derivative of log1pc: (1/(1 + x) − log1pc(x))/x.
fn dlog1pc(x: f32) -> f32 {
  let series = -0.5 + x * (2.0 / 3.0 + x * (-0.75 + x * (0.8 + x * (-5.0 / 6.0 + x * (6.0 / 7.0 + x * (-0.875 + x * (8.0 / 9.0)))))));
  let w = select(x, 1.0, abs(x) < 0.15);
  return select((1.0 / (1.0 + w) - log(1.0 + w) / w) / w, series, abs(x) < 0.15);
}
