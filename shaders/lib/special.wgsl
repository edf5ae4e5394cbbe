// The special functions of the operator table in float32; the float64 twins are in
// src/expr/special-functions.ts. Each is computed by a series where the closed form would cancel.

// ln x for a share x, 0 at x = 0.
fn logz(x: f32) -> f32 {
  return select(0.0, log(max(x, 1e-37)), x > 0.0);
}

// x less whole turns, in [−π, π]: WGSL promises sin and cos only there. 2π is taken off in two
// parts, the first of few bits, so that its products with turns are exact (Cody and Waite).
fn turn(x: f32) -> f32 {
  let turns = round(x * 0.15915494);
  return (x - turns * 6.28125) - turns * 0.0019353072;
}

// 1/x for a share x, 0 at x = 0.
fn recipz(x: f32) -> f32 {
  return select(0.0, 1.0 / max(x, 1e-37), x > 0.0);
}

// φ₂(z) = (eᶻ − 1 − z)/z², φ₃ = (φ₂ − 1/2)/z and φ₄ = (φ₃ − 1/6)/z. Beyond |z| = 1 they are
// computed so, which loses at most two bits; inside, the other way round, from the series of φ₄.
// They are wanted together, of the same z, and written so that a compiler finds what they have in
// common.

// φ₄(z) inside, by its series.
fn phi_series(z: f32) -> f32 {
  return 1.0 / 24.0 + z * (1.0 / 120.0 + z * (1.0 / 720.0 + z * (1.0 / 5040.0
    + z * (1.0 / 40320.0 + z * (1.0 / 362880.0 + z * (1.0 / 3628800.0
    + z * (1.0 / 39916800.0 + z * (1.0 / 479001600.0))))))));
}

// φ₂(w) beyond, with r = 1/w.
fn phi2_beyond(w: f32, r: f32) -> f32 {
  return (exp(min(w, 60.0)) - 1.0 - w) * r * r;
}

fn phi2(z: f32) -> f32 {
  let inside = abs(z) < 1.0;
  let w = select(z, 1.0, inside);
  return select(phi2_beyond(w, 1.0 / w), 0.5 + z * (1.0 / 6.0 + z * phi_series(z)), inside);
}

fn phi3(z: f32) -> f32 {
  let inside = abs(z) < 1.0;
  let w = select(z, 1.0, inside);
  let r = 1.0 / w;
  return select((phi2_beyond(w, r) - 0.5) * r, 1.0 / 6.0 + z * phi_series(z), inside);
}

fn phi4(z: f32) -> f32 {
  let inside = abs(z) < 1.0;
  let w = select(z, 1.0, inside);
  let r = 1.0 / w;
  return select(((phi2_beyond(w, r) - 0.5) * r - 1.0 / 6.0) * r, phi_series(z), inside);
}

// artanh(√y)/√y = Σ yⁿ/(2n + 1).
fn artanhc(y: f32) -> f32 {
  return 1.0 + y * (1.0 / 3.0 + y * (1.0 / 5.0 + y * (1.0 / 7.0
    + y * (1.0 / 9.0 + y * (1.0 / 11.0 + y * (1.0 / 13.0))))));
}

// Its derivative.
fn dartanhc(y: f32) -> f32 {
  return 1.0 / 3.0 + y * (2.0 / 5.0 + y * (3.0 / 7.0 + y * (4.0 / 9.0
    + y * (5.0 / 11.0 + y * (6.0 / 13.0 + y * (7.0 / 15.0))))));
}

// Where the series in y = (x·r)² with r = 1/(2 + x) is taken: inside, elsewhere x is 0.
struct Log1pPoint { inside: bool, x: f32, r: f32, y: f32 }

fn log1p_point(x: f32) -> Log1pPoint {
  let inside = x > -0.5 && x < 1.0;
  let v = select(0.0, x, inside);
  let r = 1.0 / (2.0 + v);
  return Log1pPoint(inside, v, r, v * r * v * r);
}

// ln(1 + x)/x for x > −1. WGSL promises a logarithm's relative error outside [½, 2] only. Inside,
// ln(1 + x) = 2 artanh(x/(2 + x)).
fn log1pc(x: f32) -> f32 {
  let at = log1p_point(x);
  let series = artanhc(at.y);
  let w = select(x, 1.0, at.inside);
  return select(log(1.0 + w) / w, 2.0 * at.r * series, at.inside);
}

// The derivative of log1pc, (1/(1 + x) − log1pc(x))/x. Inside, that of the series: with
// r = 1/(2 + x), r′ = −r² and y′ = 4xr³.
fn dlog1pc(x: f32) -> f32 {
  let at = log1p_point(x);
  let series = artanhc(at.y);
  let slope = dartanhc(at.y);
  let w = select(x, 1.0, at.inside);
  return select(
    (1.0 / (1.0 + w) - log(1.0 + w) / w) / w,
    2.0 * at.r * at.r * (4.0 * at.x * at.r * at.r * slope - series),
    at.inside,
  );
}

// The second derivative of log1pc, −(1/(1 + x)² + 2·dlog1pc(x))/x. Inside, that of the series s(y):
// 4r³s + 8r⁴(1 − 5xr)s′ + 32x²r⁷s″.
fn d2log1pc(x: f32) -> f32 {
  let at = log1p_point(x);
  let series = artanhc(at.y);
  let slope = dartanhc(at.y);
  let bend = 2.0 / 5.0 + at.y * (6.0 / 7.0 + at.y * (12.0 / 9.0
    + at.y * (20.0 / 11.0 + at.y * (30.0 / 13.0 + at.y * (42.0 / 15.0)))));
  let w = select(x, 1.0, at.inside);
  return select(
    -(1.0 / ((1.0 + w) * (1.0 + w)) + 2.0 * (1.0 / (1.0 + w) - log(1.0 + w) / w) / w) / w,
    at.r * at.r * at.r
    * (4.0 * series + 8.0 * at.r * ((1.0 - 5.0 * at.x * at.r) * slope + 4.0 * at.y * at.r * bend)),
    at.inside,
  );
}
