// additive: 9 coordinates, 5 columns of the factored Jacobian.

const P = 9u;
const T = 45u;
const WORKGROUP = 32u;
const CALM = 4u;
const PINNINGS = 1u;
const MOST_BENT = 0.75;
const SHORTER = 0.25;

const RECORD_OBJECTIVE = 0u;

const RECORD_LAMBDA = 1u;

const RECORD_CALM = 2u;

const RECORD_STATUS = 3u;

const RECORD_SAMPLE = 4u;

const RECORD_REFUSED = 5u;

const RECORD_TRIAL = 6u;

const RECORD_PROMISED = 7u;

const RECORD_SPARE_PROMISED = 8u;

const RECORD_COORDINATES = 9u;

const DAMPING_TRACE = 0.003;

const DAMPING_START = 0.01;

const DAMPING_SHRINK = 0.2;

const DAMPING_GROW = 5.0;

const DAMPING_LEAST = 1e-7;

const DAMPING_MOST = 100000000.0;

const DAMPING_CALM = 0.1;

const lower = array<f32, P>(0.0, -60.0, 0.0, -60.0, 0.0, -60.0, -60.0, 0.0, 0.0);

const upper = array<f32, P>(3.4e+38, 60.0, 10.0, 60.0, 10.0, 60.0, 60.0, 60.0, 60.0);

struct Settings {
  lanes: u32,
  words: u32,
  first_block: u32,
  turns: u32,
  groups: u32,
  samples: u32,
  tolerance: f32,
  delta: f32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> schedule: array<u32>;
@group(0) @binding(2) var<storage, read_write> records: array<u32>;
@group(0) @binding(3) var<uniform> mixes0: array<vec4<f32>, 4096>;
@group(0) @binding(4) var<uniform> runs0: array<vec4<f32>, 4096>;

// The special functions of the operator table in float32; the float64 twins are in
// src/expr/special-functions.ts. Each is computed by a series where the closed form would cancel.

// ln x for a share x, 0 at x = 0.
fn logz(x: f32) -> f32 {
  return select(0.0, log(max(x, 1e-37)), x > 0.0);
}

// x less whole turns, in [−π, π]: WGSL promises sin and cos only there. 2π in two parts, the first
// of few bits (Cody and Waite).
fn turn(x: f32) -> f32 {
  let turns = round(x * 0.15915494);
  return (x - turns * 6.28125) - turns * 0.0019353072;
}

// 1/x for a share x, 0 at x = 0.
fn recipz(x: f32) -> f32 {
  return select(0.0, 1.0 / max(x, 1e-37), x > 0.0);
}

// φ₂(z) = (eᶻ − 1 − z)/z², φ₃ = (φ₂ − 1/2)/z and φ₄ = (φ₃ − 1/6)/z: so beyond |z| = 1, where that
// loses at most two bits; inside the other way round, from the series of φ₄. Of the same z they are
// wanted together, and written so that a compiler finds what they have in common.
fn phi_series(z: f32) -> f32 {
  return 1.0 / 24.0 + z * (1.0 / 120.0 + z * (1.0 / 720.0 + z * (1.0 / 5040.0 + z * (1.0 / 40320.0
    + z * (1.0 / 362880.0 + z * (1.0 / 3628800.0 + z * (1.0 / 39916800.0 + z * (1.0 / 479001600.0))))))));
}

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

// ln(1 + x)/x for x > −1. WGSL promises a logarithm's relative error outside [½, 2] only: inside,
// ln(1 + x) = 2 artanh(x/(2 + x)), and artanh(√y)/√y = Σ yⁿ/(2n + 1), which is artanhc(y).
fn artanhc(y: f32) -> f32 {
  return 1.0 + y * (1.0 / 3.0 + y * (1.0 / 5.0 + y * (1.0 / 7.0 + y * (1.0 / 9.0 + y * (1.0 / 11.0 + y * (1.0 / 13.0))))));
}

// Its derivative.
fn dartanhc(y: f32) -> f32 {
  return 1.0 / 3.0 + y * (2.0 / 5.0 + y * (3.0 / 7.0 + y * (4.0 / 9.0 + y * (5.0 / 11.0 + y * (6.0 / 13.0 + y * (7.0 / 15.0))))));
}

fn log1pc(x: f32) -> f32 {
  let inside = x > -0.5 && x < 1.0;
  let v = select(0.0, x, inside);
  let r = 1.0 / (2.0 + v);
  let y = v * r * v * r;
  let series = artanhc(y);
  let w = select(x, 1.0, inside);
  return select(log(1.0 + w) / w, 2.0 * r * series, inside);
}

// The derivative of log1pc, (1/(1 + x) − log1pc(x))/x. Inside, that of the series: with r = 1/(2 +
// x), r′ = −r² and y′ = 4xr³.
fn dlog1pc(x: f32) -> f32 {
  let inside = x > -0.5 && x < 1.0;
  let v = select(0.0, x, inside);
  let r = 1.0 / (2.0 + v);
  let y = v * r * v * r;
  let series = artanhc(y);
  let slope = dartanhc(y);
  let w = select(x, 1.0, inside);
  return select((1.0 / (1.0 + w) - log(1.0 + w) / w) / w, 2.0 * r * r * (4.0 * v * r * r * slope - series), inside);
}

// The second derivative of log1pc, −(1/(1 + x)² + 2·dlog1pc(x))/x. Inside, that of the series s(y):
// 4r³s + 8r⁴(1 − 5xr)s′ + 32x²r⁷s″.
fn d2log1pc(x: f32) -> f32 {
  let inside = x > -0.5 && x < 1.0;
  let v = select(0.0, x, inside);
  let r = 1.0 / (2.0 + v);
  let y = v * r * v * r;
  let series = artanhc(y);
  let slope = dartanhc(y);
  let bend = 2.0 / 5.0 + y * (6.0 / 7.0 + y * (12.0 / 9.0 + y * (20.0 / 11.0 + y * (30.0 / 13.0 + y * (42.0 / 15.0)))));
  let w = select(x, 1.0, inside);
  return select(
    -(1.0 / ((1.0 + w) * (1.0 + w)) + 2.0 * (1.0 / (1.0 + w) - log(1.0 + w) / w) / w) / w,
    r * r * r * (4.0 * series + 8.0 * r * ((1.0 - 5.0 * v * r) * slope + 4.0 * y * r * bend)),
    inside,
  );
}


fn all_done(done: bool) -> bool {
  return done;
}

@compute @workgroup_size(WORKGROUP)
fn search(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = schedule[(settings.first_block + workgroup.x) * WORKGROUP + local];
  load(min(lane, settings.lanes - 1u));
  var idle = lane == NOBODY || status != RUNNING;
  for (var turn = 0u; turn < settings.turns; turn++) {
    groups = select(settings.groups, 0u, all_done(idle));
    iterate();
    if (!idle && (status != RUNNING || turn + 1u == settings.turns)) {
      store(lane);
    }
    idle = idle || status != RUNNING;
    if (all_done(idle)) {
      break;
    }
  }
}

fn normal_equations(sample_index: u32) -> f32 {
  gradient = array<f32, P>();
  H = array<f32, T>();
  // fit level: from the parameters alone
  let fit0 = point[0]; // E
  let fit1 = point[1]; // lnA
  let fit2 = point[2]; // alpha
  let fit9 = point[3]; // lnB
  let fit10 = point[4]; // beta
  let fit18 = point[5]; // lnC[code]
  let fit19 = point[7]; // gamma[code]
  let fit26 = point[6]; // lnC[web]
  let fit27 = point[8]; // gamma[web]
  var total = 0.0;
  var first = 0u;
  for (var group = 0u; group < groups; group += 1u) {
  // mix level: once a mixture
  let mix20 = mixes0[group * 2u + 0u].x; // ln(h[code])
  let mix21 = (fit19 * mix20);
  let mix22 = (fit18 + mix21);
  let mix23 = exp(min(mix22, 80.0));
  let mix24 = mixes0[group * 2u + 0u].y; // step(h[code])
  let mix25 = (mix24 * mix23);
  let mix28 = mixes0[group * 2u + 0u].z; // ln(h[web])
  let mix29 = (fit27 * mix28);
  let mix30 = (fit26 + mix29);
  let mix31 = exp(min(mix30, 80.0));
  let mix32 = mixes0[group * 2u + 0u].w; // step(h[web])
  let mix33 = (mix32 * mix31);
  let mix34 = (mix25 + mix33);
  let mix35 = (1.0 / mix34);
  let mix42 = ((-1.0) / mix34);
  let mix43 = (mix35 * mix42);
  let mix44 = (mix25 * mix43);
  let mix45 = (mix20 * mix44);
  let mix46 = (mix33 * mix43);
  let mix47 = (mix28 * mix46);
  var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
  var s0_0 = 0.0; var s1_0 = 0.0; var s1_1 = 0.0; var s2_0 = 0.0; var s2_1 = 0.0; var s2_2 = 0.0; var s3_0 = 0.0; var s3_1 = 0.0; var s3_2 = 0.0; var s3_3 = 0.0; var s4_0 = 0.0; var s4_1 = 0.0; var s4_2 = 0.0; var s4_3 = 0.0; var s4_4 = 0.0;
  var sum = 0.0;
  let end = u32(mixes0[group * 2u + 1u].x);
  for (var run = first; run < end; run += 1u) {
  let run4 = runs0[run].x; // ln(params) - 20.72326583694641
  let run5 = (fit2 * run4);
  let run6 = (fit1 - run5);
  let run7 = exp(min(run6, 80.0));
  let run8 = (fit0 + run7);
  let run12 = runs0[run].y; // ln(tokens) - 23.025850929940457
  let run13 = (fit10 * run12);
  let run14 = (fit9 - run13);
  let run15 = exp(min(run14, 80.0));
  let run16 = (run8 + run15);
  let run36 = (run16 + mix35);
  let run37 = runs0[run].z; // response
  let run38 = (run36 - run37);
  let run39 = (run4 * run7);
  let run40 = (-run39);
  let run48 = (run12 * run15);
  let run49 = (-run48);
  let share = runs0[run].w;
  let residual = run38;
  let size = abs(residual);
  let inside = size <= settings.delta;
  sum += share * select(settings.delta * (size - 0.5 * settings.delta), 0.5 * residual * residual, inside);
  let omega = share * select(settings.delta / max(size, TINY), 1.0, inside);
  let psi = omega * residual;
  v0 += psi * run40; let d0 = omega * run40;
  v1 += psi * run7; let d1 = omega * run7;
  v2 += psi * 1.0; let d2 = omega * 1.0;
  v3 += psi * run49; let d3 = omega * run49;
  v4 += psi * run15; let d4 = omega * run15;
  s0_0 += d0 * run40;
  s1_0 += d1 * run40;
  s1_1 += d1 * run7;
  s2_0 += d2 * run40;
  s2_1 += d2 * run7;
  s2_2 += d2 * 1.0;
  s3_0 += d3 * run40;
  s3_1 += d3 * run7;
  s3_2 += d3 * 1.0;
  s3_3 += d3 * run49;
  s4_0 += d4 * run40;
  s4_1 += d4 * run7;
  s4_2 += d4 * 1.0;
  s4_3 += d4 * run49;
  s4_4 += d4 * run15;
  }
  first = end;
  total += sum;
  gradient[0] += v2 * 1.0;
  let t0_0 = s2_0 * 1.0;
  let t0_1 = s2_1 * 1.0;
  let t0_2 = s2_2 * 1.0;
  let t0_3 = s3_2 * 1.0;
  let t0_4 = s4_2 * 1.0;
  gradient[1] += v1 * 1.0;
  let t1_0 = s1_0 * 1.0;
  let t1_1 = s1_1 * 1.0;
  let t1_2 = s2_1 * 1.0;
  let t1_3 = s3_1 * 1.0;
  let t1_4 = s4_1 * 1.0;
  gradient[2] += v0 * 1.0;
  let t2_0 = s0_0 * 1.0;
  let t2_1 = s1_0 * 1.0;
  let t2_2 = s2_0 * 1.0;
  let t2_3 = s3_0 * 1.0;
  let t2_4 = s4_0 * 1.0;
  gradient[3] += v4 * 1.0;
  let t3_0 = s4_0 * 1.0;
  let t3_1 = s4_1 * 1.0;
  let t3_2 = s4_2 * 1.0;
  let t3_3 = s4_3 * 1.0;
  let t3_4 = s4_4 * 1.0;
  gradient[4] += v3 * 1.0;
  let t4_0 = s3_0 * 1.0;
  let t4_1 = s3_1 * 1.0;
  let t4_2 = s3_2 * 1.0;
  let t4_3 = s3_3 * 1.0;
  let t4_4 = s4_3 * 1.0;
  gradient[5] += v2 * mix44;
  let t5_0 = s2_0 * mix44;
  let t5_1 = s2_1 * mix44;
  let t5_2 = s2_2 * mix44;
  let t5_3 = s3_2 * mix44;
  let t5_4 = s4_2 * mix44;
  gradient[6] += v2 * mix46;
  let t6_0 = s2_0 * mix46;
  let t6_1 = s2_1 * mix46;
  let t6_2 = s2_2 * mix46;
  let t6_3 = s3_2 * mix46;
  let t6_4 = s4_2 * mix46;
  gradient[7] += v2 * mix45;
  let t7_0 = s2_0 * mix45;
  let t7_1 = s2_1 * mix45;
  let t7_2 = s2_2 * mix45;
  let t7_3 = s3_2 * mix45;
  let t7_4 = s4_2 * mix45;
  gradient[8] += v2 * mix47;
  let t8_0 = s2_0 * mix47;
  let t8_1 = s2_1 * mix47;
  let t8_2 = s2_2 * mix47;
  let t8_3 = s3_2 * mix47;
  let t8_4 = s4_2 * mix47;
  H[0] += t0_2 * 1.0;
  H[1] += t1_2 * 1.0;
  H[2] += t1_1 * 1.0;
  H[3] += t2_2 * 1.0;
  H[4] += t2_1 * 1.0;
  H[5] += t2_0 * 1.0;
  H[6] += t3_2 * 1.0;
  H[7] += t3_1 * 1.0;
  H[8] += t3_0 * 1.0;
  H[9] += t3_4 * 1.0;
  H[10] += t4_2 * 1.0;
  H[11] += t4_1 * 1.0;
  H[12] += t4_0 * 1.0;
  H[13] += t4_4 * 1.0;
  H[14] += t4_3 * 1.0;
  H[15] += t5_2 * 1.0;
  H[16] += t5_1 * 1.0;
  H[17] += t5_0 * 1.0;
  H[18] += t5_4 * 1.0;
  H[19] += t5_3 * 1.0;
  H[20] += t5_2 * mix44;
  H[21] += t6_2 * 1.0;
  H[22] += t6_1 * 1.0;
  H[23] += t6_0 * 1.0;
  H[24] += t6_4 * 1.0;
  H[25] += t6_3 * 1.0;
  H[26] += t6_2 * mix44;
  H[27] += t6_2 * mix46;
  H[28] += t7_2 * 1.0;
  H[29] += t7_1 * 1.0;
  H[30] += t7_0 * 1.0;
  H[31] += t7_4 * 1.0;
  H[32] += t7_3 * 1.0;
  H[33] += t7_2 * mix44;
  H[34] += t7_2 * mix46;
  H[35] += t7_2 * mix45;
  H[36] += t8_2 * 1.0;
  H[37] += t8_1 * 1.0;
  H[38] += t8_0 * 1.0;
  H[39] += t8_4 * 1.0;
  H[40] += t8_3 * 1.0;
  H[41] += t8_2 * mix44;
  H[42] += t8_2 * mix46;
  H[43] += t8_2 * mix45;
  H[44] += t8_2 * mix47;
  }
  return total;
}

fn bend(sample_index: u32) {
  slope = array<f32, P>();
  let fit0 = theta[0]; // E
  let fit1 = theta[1]; // lnA
  let fit2 = theta[2]; // alpha
  let fit9 = theta[3]; // lnB
  let fit10 = theta[4]; // beta
  let fit18 = theta[5]; // lnC[code]
  let fit19 = theta[7]; // gamma[code]
  let fit26 = theta[6]; // lnC[web]
  let fit27 = theta[8]; // gamma[web]
  let fit50 = velocity[1]; // ΔlnA
  let fit51 = velocity[2]; // Δalpha
  let fit56 = velocity[3]; // ΔlnB
  let fit57 = velocity[4]; // Δbeta
  let fit63 = velocity[5]; // ΔlnC[code]
  let fit64 = velocity[7]; // Δgamma[code]
  let fit68 = velocity[6]; // ΔlnC[web]
  let fit69 = velocity[8]; // Δgamma[web]
  var first = 0u;
  for (var group = 0u; group < groups; group += 1u) {
  let mix20 = mixes0[group * 2u + 0u].x; // ln(h[code])
  let mix21 = (fit19 * mix20);
  let mix22 = (fit18 + mix21);
  let mix23 = exp(min(mix22, 80.0));
  let mix24 = mixes0[group * 2u + 0u].y; // step(h[code])
  let mix25 = (mix24 * mix23);
  let mix28 = mixes0[group * 2u + 0u].z; // ln(h[web])
  let mix29 = (fit27 * mix28);
  let mix30 = (fit26 + mix29);
  let mix31 = exp(min(mix30, 80.0));
  let mix32 = mixes0[group * 2u + 0u].w; // step(h[web])
  let mix33 = (mix32 * mix31);
  let mix34 = (mix25 + mix33);
  let mix35 = (1.0 / mix34);
  let mix42 = ((-1.0) / mix34);
  let mix43 = (mix35 * mix42);
  let mix44 = (mix25 * mix43);
  let mix45 = (mix20 * mix44);
  let mix46 = (mix33 * mix43);
  let mix47 = (mix28 * mix46);
  let mix65 = (mix20 * fit64);
  let mix66 = (fit63 + mix65);
  let mix67 = (mix25 * mix66);
  let mix70 = (mix28 * fit69);
  let mix71 = (fit68 + mix70);
  let mix72 = (mix33 * mix71);
  let mix73 = (mix67 + mix72);
  let mix74 = (mix43 * mix73);
  let mix75 = (mix42 * mix74);
  let mix76 = (mix42 * mix42);
  let mix77 = (mix73 * mix76);
  let mix78 = (mix35 * mix77);
  let mix79 = (mix75 + mix78);
  let mix80 = (mix73 * mix79);
  let mix81 = (mix66 * mix67);
  let mix82 = (mix71 * mix72);
  let mix83 = (mix81 + mix82);
  let mix84 = (mix43 * mix83);
  let mix85 = (mix80 + mix84);
  var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
  let end = u32(mixes0[group * 2u + 1u].x);
  for (var run = first; run < end; run += 1u) {
  let run4 = runs0[run].x; // ln(params) - 20.72326583694641
  let run5 = (fit2 * run4);
  let run6 = (fit1 - run5);
  let run7 = exp(min(run6, 80.0));
  let run8 = (fit0 + run7);
  let run12 = runs0[run].y; // ln(tokens) - 23.025850929940457
  let run13 = (fit10 * run12);
  let run14 = (fit9 - run13);
  let run15 = exp(min(run14, 80.0));
  let run16 = (run8 + run15);
  let run36 = (run16 + mix35);
  let run37 = runs0[run].z; // response
  let run38 = (run36 - run37);
  let run39 = (run4 * run7);
  let run40 = (-run39);
  let run48 = (run12 * run15);
  let run49 = (-run48);
  let run52 = (run4 * fit51);
  let run53 = (fit50 - run52);
  let run54 = (run7 * run53);
  let run55 = (run53 * run54);
  let run58 = (run12 * fit57);
  let run59 = (fit56 - run58);
  let run60 = (run15 * run59);
  let run61 = (run59 * run60);
  let run62 = (run55 + run61);
  let run86 = (run62 + mix85);
  let share = runs0[run].w;
  let size = abs(run38);
  let along = share * select(settings.delta / max(size, TINY), 1.0, size <= settings.delta) * run86;
  v0 += along * run40;
  v1 += along * run7;
  v2 += along * 1.0;
  v3 += along * run49;
  v4 += along * run15;
  }
  first = end;
  slope[2] += v0 * 1.0;
  slope[1] += v1 * 1.0;
  slope[0] += v2 * 1.0;
  slope[5] += v2 * mix44;
  slope[6] += v2 * mix46;
  slope[7] += v2 * mix45;
  slope[8] += v2 * mix47;
  slope[4] += v3 * 1.0;
  slope[3] += v4 * 1.0;
  }
}

// The damped step as loops over tiles of 4 × 4: short to compile whatever the number of
// coordinates. For few coordinates src/gpu/search/write-solve.ts writes the same computation out,
// which runs faster and takes longer to compile.

const BLOCKS = (P + 3u) / 4u;

// The Cholesky factor by tiles, lower triangle: tile (I, J) at I(I + 1)/2 + J, column-major;
// reciprocals on its diagonal.
var<private> L: array<mat4x4<f32>, BLOCKS * (BLOCKS + 1u) / 2u>;
var<private> half_solved: array<vec4<f32>, BLOCKS>;

// H at (i, j), j ≤ i; beyond P the unit matrix's.
fn entry(i: u32, j: u32) -> f32 {
  return select(select(0.0, 1.0, i == j), H[min(i * (i + 1u) / 2u + j, T - 1u)], i < P);
}

fn damped(i: u32, swell: f32, ridge: f32) -> f32 {
  return select(HUGE, entry(i, i) * swell + ridge, displaced[min(i, P - 1u)] == FREE);
}

fn column(i: u32, j: u32) -> vec4<f32> {
  return vec4<f32>(entry(i, j), entry(i + 1u, j), entry(i + 2u, j), entry(i + 3u, j));
}

fn part_of_pull(i: u32) -> f32 {
  return select(0.0, pull[min(i, P - 1u)], i < P);
}

// Nothing is laid out beforehand, and a second right side has the matrix factored again.
fn begin_solve() {
}

// step ← (H + λ(diag H + c·tr H·I))⁻¹ pull, by Cholesky; pinned coordinates: see search.wgsl.
// False: not positive definite.
fn solve_step(lambda: f32) -> bool {
  var trace = 0.0;
  for (var i = 0u; i < P; i++) {
    trace += H[i * (i + 3u) / 2u];
  }
  let ridge = lambda * DAMPING_TRACE * trace + TINY;
  let swell = 1.0 + lambda;
  var positive = true;
  for (var I = 0u; I < BLOCKS; I++) {
    let i = 4u * I;
    let row = I * (I + 1u) / 2u;
    for (var J = 0u; J < I; J++) {
      let j = 4u * J;
      let other = J * (J + 1u) / 2u;
      var tile = mat4x4<f32>(column(i, j), column(i, j + 1u), column(i, j + 2u), column(i, j + 3u));
      for (var K = 0u; K < J; K++) {
        tile -= L[row + K] * transpose(L[other + K]);
      }
      let D = L[other + J];
      let x0 = tile[0] * D[0].x;
      let x1 = (tile[1] - x0 * D[0].y) * D[1].y;
      let x2 = (tile[2] - x0 * D[0].z - x1 * D[1].z) * D[2].z;
      let x3 = (tile[3] - x0 * D[0].w - x1 * D[1].w - x2 * D[2].w) * D[3].w;
      L[row + J] = mat4x4<f32>(x0, x1, x2, x3);
    }
    var tile = mat4x4<f32>(
      vec4<f32>(damped(i, swell, ridge), entry(i + 1u, i), entry(i + 2u, i), entry(i + 3u, i)),
      vec4<f32>(0.0, damped(i + 1u, swell, ridge), entry(i + 2u, i + 1u), entry(i + 3u, i + 1u)),
      vec4<f32>(0.0, 0.0, damped(i + 2u, swell, ridge), entry(i + 3u, i + 2u)),
      vec4<f32>(0.0, 0.0, 0.0, damped(i + 3u, swell, ridge)),
    );
    var right = vec4<f32>(part_of_pull(i), part_of_pull(i + 1u), part_of_pull(i + 2u), part_of_pull(i + 3u));
    for (var K = 0u; K < I; K++) {
      let l = L[row + K];
      tile -= l * transpose(l);
      right -= l * half_solved[K];
    }
    // The diagonal tile: its own factor D, then right ← D⁻¹ right.
    let d0 = inverseSqrt(max(tile[0].x, TINY));
    let c0 = tile[0] * d0;
    let p1 = tile[1].y - c0.y * c0.y;
    let d1 = inverseSqrt(max(p1, TINY));
    let c1 = (tile[1] - c0 * c0.y) * d1;
    let p2 = tile[2].z - c0.z * c0.z - c1.z * c1.z;
    let d2 = inverseSqrt(max(p2, TINY));
    let c2 = (tile[2] - c0 * c0.z - c1 * c1.z) * d2;
    let p3 = tile[3].w - c0.w * c0.w - c1.w * c1.w - c2.w * c2.w;
    let d3 = inverseSqrt(max(p3, TINY));
    positive = positive && tile[0].x > 0.0 && p1 > 0.0 && p2 > 0.0 && p3 > 0.0;
    let z0 = right.x * d0;
    let z1 = (right.y - c0.y * z0) * d1;
    let z2 = (right.z - c0.z * z0 - c1.z * z1) * d2;
    let z3 = (right.w - c0.w * z0 - c1.w * z1 - c2.w * z2) * d3;
    half_solved[I] = vec4<f32>(z0, z1, z2, z3);
    L[row + I] = mat4x4<f32>(
      vec4<f32>(d0, c0.yzw), vec4<f32>(0.0, d1, c1.zw), vec4<f32>(0.0, 0.0, d2, c2.w), vec4<f32>(0.0, 0.0, 0.0, d3));
  }
  for (var n = BLOCKS; n > 0u; n--) {
    let I = n - 1u;
    var right = half_solved[I];
    for (var K = n; K < BLOCKS; K++) {
      // a row vector times the tile: its transpose times the vector
      right -= half_solved[K] * L[K * (K + 1u) / 2u + I];
    }
    let D = L[I * (I + 1u) / 2u + I];
    let x3 = right.w * D[3].w;
    let x2 = (right.z - D[2].w * x3) * D[2].z;
    let x1 = (right.y - D[1].z * x2 - D[1].w * x3) * D[1].y;
    let x0 = (right.x - D[0].y * x1 - D[0].z * x2 - D[0].w * x3) * D[0].x;
    half_solved[I] = vec4<f32>(x0, x1, x2, x3);
    let at = 4u * I;
    step[at] = x0;
    step[min(at + 1u, P - 1u)] = select(step[P - 1u], x1, at + 1u < P);
    step[min(at + 2u, P - 1u)] = select(step[P - 1u], x2, at + 2u < P);
    step[min(at + 3u, P - 1u)] = select(step[P - 1u], x3, at + 3u < P);
  }
  return positive;
}


// The search: Levenberg–Marquardt iterations with Huber reweighting, one candidate (target, start)
// an invocation.
//
// Generated and put before this file: the constants P (coordinates), T = P(P+1)/2 and WORKGROUP,
// the bindings of src/gpu/search/kernel-plan.ts, and `normal_equations(sample)`, which evaluates
// the mean objective at `point` and leaves its gradient in `gradient` and its Gauss–Newton matrix
// (packed lower triangle) in `H`; `bend(sample)`, which leaves JᵀΩr″ along `velocity` at `theta` in
// `slope`; and `solve_step(λ)`, which sets `step` from `pull`: written out for few coordinates,
// shaders/lib/solve.wgsl for many; `all_done(mine)`: where tables are staged, lanes read for each
// other, and one that is done goes on until all of its subgroup are; and the entry point. The
// float64 twin of this is src/solve/levenberg-marquardt.ts, of its steps src/solve/damped-step.ts.
//
// Iterations are repeated by a loop of the entry point, or by the host. What a candidate goes on
// with, in its record between dispatches, is all but its matrix. So where a step is refused, a
// shorter one along the same curve is tried, which was found with it; and where that is refused
// too, the best point is evaluated once more, for a step with more damping.

const RUNNING = 0u;
const CONVERGED = 1u;
const STALLED = 2u;
const NONFINITE = 3u;

// What `point` is: the best point itself, whose matrix is wanted; a step from there; the shorter
// one.
const BEST = 0u;
const WHOLE = 1u;
const SHORT = 2u;

const NOBODY = 0xffffffffu; // no candidate
const TINY = 1e-30;
const HUGE = 1e30;

var<private> point: array<f32, P>; // where normal_equations evaluates
var<private> gradient: array<f32, P>;
var<private> H: array<f32, T>;
var<private> slope: array<f32, P>;
var<private> theta: array<f32, P>; // the best point so far
var<private> spare: array<f32, P>; // where the shorter step leads
var<private> pull: array<f32, P>; // the right side of a damped system
var<private> step: array<f32, P>; // its solution
var<private> velocity: array<f32, P>; // the straight step
// A pinned coordinate has a diagonal entry of HUGE and a right side of HUGE times what it moves by:
// it moves by that, and the others are solved for knowing so.
var<private> displaced: array<f32, P>;
const FREE = HUGE;
// its record, as it is read and written
var<private> state: array<u32, RECORD_COORDINATES + 3u * P>;
// A candidate, as in its record.
var<private> objective: f32;
var<private> lambda: f32;
var<private> calm: u32; // quiet iterations in a row
var<private> status: u32;
var<private> sample_index: u32;
var<private> refused: bool; // the step before
var<private> trial: u32;
// −gradient·step, of `point` and of `spare`: twice what an undamped model promises.
var<private> promised: f32;
var<private> spare_promised: f32;

// Whether the matrix is that of the solve before: only its right side is new.
var<private> factored: bool;
// Groups of runs, none for a lane without a candidate: it has no runs to wait for.
var<private> groups: u32;

// WGSL may assume that there is no NaN: `x != x` folds to false. The bits do not lie.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// Pins the free coordinates that the step carries beyond a bound; false where there are none.
fn pin() -> bool {
  var found = false;
  {
    let next = theta[0u] + step[0u];
    let beyond = displaced[0u] == FREE && (next < lower[0u] || next > upper[0u]);
    displaced[0u] = select(displaced[0u], clamp(next, lower[0u], upper[0u]) - theta[0u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[1u] + step[1u];
    let beyond = displaced[1u] == FREE && (next < lower[1u] || next > upper[1u]);
    displaced[1u] = select(displaced[1u], clamp(next, lower[1u], upper[1u]) - theta[1u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[2u] + step[2u];
    let beyond = displaced[2u] == FREE && (next < lower[2u] || next > upper[2u]);
    displaced[2u] = select(displaced[2u], clamp(next, lower[2u], upper[2u]) - theta[2u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[3u] + step[3u];
    let beyond = displaced[3u] == FREE && (next < lower[3u] || next > upper[3u]);
    displaced[3u] = select(displaced[3u], clamp(next, lower[3u], upper[3u]) - theta[3u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[4u] + step[4u];
    let beyond = displaced[4u] == FREE && (next < lower[4u] || next > upper[4u]);
    displaced[4u] = select(displaced[4u], clamp(next, lower[4u], upper[4u]) - theta[4u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[5u] + step[5u];
    let beyond = displaced[5u] == FREE && (next < lower[5u] || next > upper[5u]);
    displaced[5u] = select(displaced[5u], clamp(next, lower[5u], upper[5u]) - theta[5u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[6u] + step[6u];
    let beyond = displaced[6u] == FREE && (next < lower[6u] || next > upper[6u]);
    displaced[6u] = select(displaced[6u], clamp(next, lower[6u], upper[6u]) - theta[6u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[7u] + step[7u];
    let beyond = displaced[7u] == FREE && (next < lower[7u] || next > upper[7u]);
    displaced[7u] = select(displaced[7u], clamp(next, lower[7u], upper[7u]) - theta[7u], beyond);
    found = found || beyond;
  }
  {
    let next = theta[8u] + step[8u];
    let beyond = displaced[8u] == FREE && (next < lower[8u] || next > upper[8u]);
    displaced[8u] = select(displaced[8u], clamp(next, lower[8u], upper[8u]) - theta[8u], beyond);
    found = found || beyond;
  }

  return found;
}

// Reads the record of a candidate. In a loop that nobody can unroll, here and below: a software
// adapter serves storage a lane and a word at a time, each behind a branch; unrolled, those
// branches would be nine tenths of the kernel's.
fn load(lane: u32) {
  for (var w = 0u; w < settings.words; w++) {
    state[w] = records[w * settings.lanes + lane];
  }
  objective = bitcast<f32>(state[RECORD_OBJECTIVE]);
  lambda = bitcast<f32>(state[RECORD_LAMBDA]);
  calm = state[RECORD_CALM];
  status = state[RECORD_STATUS];
  sample_index = state[RECORD_SAMPLE];
  refused = state[RECORD_REFUSED] != 0u;
  trial = state[RECORD_TRIAL];
  promised = bitcast<f32>(state[RECORD_PROMISED]);
  spare_promised = bitcast<f32>(state[RECORD_SPARE_PROMISED]);
    theta[0u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 0u]), lower[0u], upper[0u]);
    point[0u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 0u]), theta[0u], trial == BEST);
    spare[0u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 0u]);
    theta[1u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 1u]), lower[1u], upper[1u]);
    point[1u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 1u]), theta[1u], trial == BEST);
    spare[1u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 1u]);
    theta[2u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 2u]), lower[2u], upper[2u]);
    point[2u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 2u]), theta[2u], trial == BEST);
    spare[2u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 2u]);
    theta[3u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 3u]), lower[3u], upper[3u]);
    point[3u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 3u]), theta[3u], trial == BEST);
    spare[3u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 3u]);
    theta[4u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 4u]), lower[4u], upper[4u]);
    point[4u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 4u]), theta[4u], trial == BEST);
    spare[4u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 4u]);
    theta[5u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 5u]), lower[5u], upper[5u]);
    point[5u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 5u]), theta[5u], trial == BEST);
    spare[5u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 5u]);
    theta[6u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 6u]), lower[6u], upper[6u]);
    point[6u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 6u]), theta[6u], trial == BEST);
    spare[6u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 6u]);
    theta[7u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 7u]), lower[7u], upper[7u]);
    point[7u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 7u]), theta[7u], trial == BEST);
    spare[7u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 7u]);
    theta[8u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 8u]), lower[8u], upper[8u]);
    point[8u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 8u]), theta[8u], trial == BEST);
    spare[8u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 8u]);

}

fn store(lane: u32) {
  state[RECORD_OBJECTIVE] = bitcast<u32>(objective);
  state[RECORD_LAMBDA] = bitcast<u32>(lambda);
  state[RECORD_CALM] = calm;
  state[RECORD_STATUS] = status;
  state[RECORD_REFUSED] = u32(refused);
  state[RECORD_TRIAL] = trial;
  state[RECORD_PROMISED] = bitcast<u32>(promised);
  state[RECORD_SPARE_PROMISED] = bitcast<u32>(spare_promised);
    state[RECORD_COORDINATES + 0u] = bitcast<u32>(theta[0u]);
    state[RECORD_COORDINATES + P + 0u] = bitcast<u32>(point[0u]);
    state[RECORD_COORDINATES + 2u * P + 0u] = bitcast<u32>(spare[0u]);
    state[RECORD_COORDINATES + 1u] = bitcast<u32>(theta[1u]);
    state[RECORD_COORDINATES + P + 1u] = bitcast<u32>(point[1u]);
    state[RECORD_COORDINATES + 2u * P + 1u] = bitcast<u32>(spare[1u]);
    state[RECORD_COORDINATES + 2u] = bitcast<u32>(theta[2u]);
    state[RECORD_COORDINATES + P + 2u] = bitcast<u32>(point[2u]);
    state[RECORD_COORDINATES + 2u * P + 2u] = bitcast<u32>(spare[2u]);
    state[RECORD_COORDINATES + 3u] = bitcast<u32>(theta[3u]);
    state[RECORD_COORDINATES + P + 3u] = bitcast<u32>(point[3u]);
    state[RECORD_COORDINATES + 2u * P + 3u] = bitcast<u32>(spare[3u]);
    state[RECORD_COORDINATES + 4u] = bitcast<u32>(theta[4u]);
    state[RECORD_COORDINATES + P + 4u] = bitcast<u32>(point[4u]);
    state[RECORD_COORDINATES + 2u * P + 4u] = bitcast<u32>(spare[4u]);
    state[RECORD_COORDINATES + 5u] = bitcast<u32>(theta[5u]);
    state[RECORD_COORDINATES + P + 5u] = bitcast<u32>(point[5u]);
    state[RECORD_COORDINATES + 2u * P + 5u] = bitcast<u32>(spare[5u]);
    state[RECORD_COORDINATES + 6u] = bitcast<u32>(theta[6u]);
    state[RECORD_COORDINATES + P + 6u] = bitcast<u32>(point[6u]);
    state[RECORD_COORDINATES + 2u * P + 6u] = bitcast<u32>(spare[6u]);
    state[RECORD_COORDINATES + 7u] = bitcast<u32>(theta[7u]);
    state[RECORD_COORDINATES + P + 7u] = bitcast<u32>(point[7u]);
    state[RECORD_COORDINATES + 2u * P + 7u] = bitcast<u32>(spare[7u]);
    state[RECORD_COORDINATES + 8u] = bitcast<u32>(theta[8u]);
    state[RECORD_COORDINATES + P + 8u] = bitcast<u32>(point[8u]);
    state[RECORD_COORDINATES + 2u * P + 8u] = bitcast<u32>(spare[8u]);

  for (var w = 0u; w < settings.words; w++) {
    records[w * settings.lanes + lane] = state[w];
  }
}

// Evaluates `point`, and makes the next step of it if it is better.
fn iterate() {
  let next = normal_equations(sample_index);
  let again = trial == BEST;
  let small = settings.tolerance * objective;
  let quiet = lambda < DAMPING_CALM && promised < small && objective - next < small;
  let better = again || (is_finite(next) && next < objective);
  if (again) {
    status = select(RUNNING, NONFINITE, !is_finite(next));
  } else {
    calm = select(select(0u, calm, !better), calm + 1u, quiet);
    // A step taken right after one that was refused leaves λ: else, where one λ is right for long,
    // every second step would be refused.
    lambda = select(lambda * DAMPING_GROW, select(max(lambda * DAMPING_SHRINK, DAMPING_LEAST), lambda, refused), better);
    refused = !better;
    status = select(status, CONVERGED, calm >= CALM);
  }
  objective = select(objective, next, better);
  trial = select(select(BEST, SHORT, trial == WHOLE), WHOLE, better);
    theta[0u] = select(theta[0u], point[0u], better);
    theta[1u] = select(theta[1u], point[1u], better);
    theta[2u] = select(theta[2u], point[2u], better);
    theta[3u] = select(theta[3u], point[3u], better);
    theta[4u] = select(theta[4u], point[4u], better);
    theta[5u] = select(theta[5u], point[5u], better);
    theta[6u] = select(theta[6u], point[6u], better);
    theta[7u] = select(theta[7u], point[7u], better);
    theta[8u] = select(theta[8u], point[8u], better);


  // The straight step, again while it carries coordinates beyond a bound, and last its bend; in a
  // loop, so that the solve is compiled once.
    displaced[0u] = select(FREE, 0.0, (theta[0u] <= lower[0u] && gradient[0u] > 0.0) || (theta[0u] >= upper[0u] && gradient[0u] < 0.0));
    displaced[1u] = select(FREE, 0.0, (theta[1u] <= lower[1u] && gradient[1u] > 0.0) || (theta[1u] >= upper[1u] && gradient[1u] < 0.0));
    displaced[2u] = select(FREE, 0.0, (theta[2u] <= lower[2u] && gradient[2u] > 0.0) || (theta[2u] >= upper[2u] && gradient[2u] < 0.0));
    displaced[3u] = select(FREE, 0.0, (theta[3u] <= lower[3u] && gradient[3u] > 0.0) || (theta[3u] >= upper[3u] && gradient[3u] < 0.0));
    displaced[4u] = select(FREE, 0.0, (theta[4u] <= lower[4u] && gradient[4u] > 0.0) || (theta[4u] >= upper[4u] && gradient[4u] < 0.0));
    displaced[5u] = select(FREE, 0.0, (theta[5u] <= lower[5u] && gradient[5u] > 0.0) || (theta[5u] >= upper[5u] && gradient[5u] < 0.0));
    displaced[6u] = select(FREE, 0.0, (theta[6u] <= lower[6u] && gradient[6u] > 0.0) || (theta[6u] >= upper[6u] && gradient[6u] < 0.0));
    displaced[7u] = select(FREE, 0.0, (theta[7u] <= lower[7u] && gradient[7u] > 0.0) || (theta[7u] >= upper[7u] && gradient[7u] < 0.0));
    displaced[8u] = select(FREE, 0.0, (theta[8u] <= lower[8u] && gradient[8u] > 0.0) || (theta[8u] >= upper[8u] && gradient[8u] < 0.0));

  var positive = true;
  var crossed = true;
  factored = false;
  begin_solve();
  for (var time = 0u; time <= PINNINGS + 1u; time++) {
    if (time <= PINNINGS) {
        pull[0u] = select(HUGE * displaced[0u], -gradient[0u], displaced[0u] == FREE);
        pull[1u] = select(HUGE * displaced[1u], -gradient[1u], displaced[1u] == FREE);
        pull[2u] = select(HUGE * displaced[2u], -gradient[2u], displaced[2u] == FREE);
        pull[3u] = select(HUGE * displaced[3u], -gradient[3u], displaced[3u] == FREE);
        pull[4u] = select(HUGE * displaced[4u], -gradient[4u], displaced[4u] == FREE);
        pull[5u] = select(HUGE * displaced[5u], -gradient[5u], displaced[5u] == FREE);
        pull[6u] = select(HUGE * displaced[6u], -gradient[6u], displaced[6u] == FREE);
        pull[7u] = select(HUGE * displaced[7u], -gradient[7u], displaced[7u] == FREE);
        pull[8u] = select(HUGE * displaced[8u], -gradient[8u], displaced[8u] == FREE);

    } else {
      crossed = true;
        velocity[0u] = step[0u];
        velocity[1u] = step[1u];
        velocity[2u] = step[2u];
        velocity[3u] = step[3u];
        velocity[4u] = step[4u];
        velocity[5u] = step[5u];
        velocity[6u] = step[6u];
        velocity[7u] = step[7u];
        velocity[8u] = step[8u];

      bend(sample_index);
        pull[0u] = select(0.0, -slope[0u], displaced[0u] == FREE);
        pull[1u] = select(0.0, -slope[1u], displaced[1u] == FREE);
        pull[2u] = select(0.0, -slope[2u], displaced[2u] == FREE);
        pull[3u] = select(0.0, -slope[3u], displaced[3u] == FREE);
        pull[4u] = select(0.0, -slope[4u], displaced[4u] == FREE);
        pull[5u] = select(0.0, -slope[5u], displaced[5u] == FREE);
        pull[6u] = select(0.0, -slope[6u], displaced[6u] == FREE);
        pull[7u] = select(0.0, -slope[7u], displaced[7u] == FREE);
        pull[8u] = select(0.0, -slope[8u], displaced[8u] == FREE);

    }
    if (crossed) {
      positive = solve_step(lambda) && positive;
      crossed = pin();
      factored = !crossed;
    }
  }
  var straight = 0.0;
  var bent = 0.0;
    straight += H[0u * (0u + 3u) / 2u] * velocity[0u] * velocity[0u];
    bent += H[0u * (0u + 3u) / 2u] * step[0u] * step[0u];
    straight += H[1u * (1u + 3u) / 2u] * velocity[1u] * velocity[1u];
    bent += H[1u * (1u + 3u) / 2u] * step[1u] * step[1u];
    straight += H[2u * (2u + 3u) / 2u] * velocity[2u] * velocity[2u];
    bent += H[2u * (2u + 3u) / 2u] * step[2u] * step[2u];
    straight += H[3u * (3u + 3u) / 2u] * velocity[3u] * velocity[3u];
    bent += H[3u * (3u + 3u) / 2u] * step[3u] * step[3u];
    straight += H[4u * (4u + 3u) / 2u] * velocity[4u] * velocity[4u];
    bent += H[4u * (4u + 3u) / 2u] * step[4u] * step[4u];
    straight += H[5u * (5u + 3u) / 2u] * velocity[5u] * velocity[5u];
    bent += H[5u * (5u + 3u) / 2u] * step[5u] * step[5u];
    straight += H[6u * (6u + 3u) / 2u] * velocity[6u] * velocity[6u];
    bent += H[6u * (6u + 3u) / 2u] * step[6u] * step[6u];
    straight += H[7u * (7u + 3u) / 2u] * velocity[7u] * velocity[7u];
    bent += H[7u * (7u + 3u) / 2u] * step[7u] * step[7u];
    straight += H[8u * (8u + 3u) / 2u] * velocity[8u] * velocity[8u];
    bent += H[8u * (8u + 3u) / 2u] * step[8u] * step[8u];

  // Without a positive definite matrix there is no step: the best point once more, with more
  // damping.
  let stepless = better && !positive;
  trial = select(trial, BEST, stepless);
  lambda = select(lambda, lambda * DAMPING_GROW, stepless);
  refused = refused || stepless;
  status = select(status, STALLED, status == RUNNING && lambda > DAMPING_MOST);
  let share = select(0.0, 0.5, bent <= MOST_BENT * MOST_BENT * straight);
  let short_share = SHORTER * SHORTER * share;
  var promise = 0.0;
  var short_promise = 0.0;
    promise -= gradient[0u] * (velocity[0u] + share * step[0u]);
    short_promise -= gradient[0u] * (SHORTER * velocity[0u] + short_share * step[0u]);
    point[0u] = select(select(theta[0u], spare[0u], trial == SHORT), clamp(theta[0u] + velocity[0u] + share * step[0u], lower[0u], upper[0u]), trial == WHOLE);
    spare[0u] = clamp(theta[0u] + SHORTER * velocity[0u] + short_share * step[0u], lower[0u], upper[0u]);
    promise -= gradient[1u] * (velocity[1u] + share * step[1u]);
    short_promise -= gradient[1u] * (SHORTER * velocity[1u] + short_share * step[1u]);
    point[1u] = select(select(theta[1u], spare[1u], trial == SHORT), clamp(theta[1u] + velocity[1u] + share * step[1u], lower[1u], upper[1u]), trial == WHOLE);
    spare[1u] = clamp(theta[1u] + SHORTER * velocity[1u] + short_share * step[1u], lower[1u], upper[1u]);
    promise -= gradient[2u] * (velocity[2u] + share * step[2u]);
    short_promise -= gradient[2u] * (SHORTER * velocity[2u] + short_share * step[2u]);
    point[2u] = select(select(theta[2u], spare[2u], trial == SHORT), clamp(theta[2u] + velocity[2u] + share * step[2u], lower[2u], upper[2u]), trial == WHOLE);
    spare[2u] = clamp(theta[2u] + SHORTER * velocity[2u] + short_share * step[2u], lower[2u], upper[2u]);
    promise -= gradient[3u] * (velocity[3u] + share * step[3u]);
    short_promise -= gradient[3u] * (SHORTER * velocity[3u] + short_share * step[3u]);
    point[3u] = select(select(theta[3u], spare[3u], trial == SHORT), clamp(theta[3u] + velocity[3u] + share * step[3u], lower[3u], upper[3u]), trial == WHOLE);
    spare[3u] = clamp(theta[3u] + SHORTER * velocity[3u] + short_share * step[3u], lower[3u], upper[3u]);
    promise -= gradient[4u] * (velocity[4u] + share * step[4u]);
    short_promise -= gradient[4u] * (SHORTER * velocity[4u] + short_share * step[4u]);
    point[4u] = select(select(theta[4u], spare[4u], trial == SHORT), clamp(theta[4u] + velocity[4u] + share * step[4u], lower[4u], upper[4u]), trial == WHOLE);
    spare[4u] = clamp(theta[4u] + SHORTER * velocity[4u] + short_share * step[4u], lower[4u], upper[4u]);
    promise -= gradient[5u] * (velocity[5u] + share * step[5u]);
    short_promise -= gradient[5u] * (SHORTER * velocity[5u] + short_share * step[5u]);
    point[5u] = select(select(theta[5u], spare[5u], trial == SHORT), clamp(theta[5u] + velocity[5u] + share * step[5u], lower[5u], upper[5u]), trial == WHOLE);
    spare[5u] = clamp(theta[5u] + SHORTER * velocity[5u] + short_share * step[5u], lower[5u], upper[5u]);
    promise -= gradient[6u] * (velocity[6u] + share * step[6u]);
    short_promise -= gradient[6u] * (SHORTER * velocity[6u] + short_share * step[6u]);
    point[6u] = select(select(theta[6u], spare[6u], trial == SHORT), clamp(theta[6u] + velocity[6u] + share * step[6u], lower[6u], upper[6u]), trial == WHOLE);
    spare[6u] = clamp(theta[6u] + SHORTER * velocity[6u] + short_share * step[6u], lower[6u], upper[6u]);
    promise -= gradient[7u] * (velocity[7u] + share * step[7u]);
    short_promise -= gradient[7u] * (SHORTER * velocity[7u] + short_share * step[7u]);
    point[7u] = select(select(theta[7u], spare[7u], trial == SHORT), clamp(theta[7u] + velocity[7u] + share * step[7u], lower[7u], upper[7u]), trial == WHOLE);
    spare[7u] = clamp(theta[7u] + SHORTER * velocity[7u] + short_share * step[7u], lower[7u], upper[7u]);
    promise -= gradient[8u] * (velocity[8u] + share * step[8u]);
    short_promise -= gradient[8u] * (SHORTER * velocity[8u] + short_share * step[8u]);
    point[8u] = select(select(theta[8u], spare[8u], trial == SHORT), clamp(theta[8u] + velocity[8u] + share * step[8u], lower[8u], upper[8u]), trial == WHOLE);
    spare[8u] = clamp(theta[8u] + SHORTER * velocity[8u] + short_share * step[8u], lower[8u], upper[8u]);

  promised = select(spare_promised, promise, better);
  spare_promised = short_promise;
}
