// A search over 11 coordinates, 5 columns of the factored Jacobian.

const P = 11u;
const T = 66u;
const ROW = 11u;
const TEAM = 32u;
const TEAMS = 1u;
const LENGTH = 11u;
const MIXTURE = 3u;
const WORKGROUP = 32u;
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
const RECORD_NEAR = 9u;
const RECORD_COORDINATES = 10u;

const STATUS_RUNNING = 0u;
const STATUS_CONVERGED = 1u;
const STATUS_STALLED = 2u;
const STATUS_NONFINITE = 3u;
const NOBODY = 4294967295u;

const DAMPING_TRACE = 0.003;
const DAMPING_START = 0.01;
const DAMPING_SHRINK = 0.2;
const DAMPING_GROW = 5.0;
const DAMPING_LEAST = 1e-7;
const DAMPING_MOST = 100000000.0;
const DAMPING_CALM = 0.1;

const FAR_TAU = 1.0;
const FAR_SHRINK = 0.2;
const FAR_CALM = 4u;
const NEAR_TAU = 0.25;
const NEAR_SHRINK = 0.35;
const NEAR_CALM = 3u;

const lower = array<f32, P>(0.0, -60.0, 0.0, -60.0, 0.0, -60.0, -60.0, -60.0, 0.0, 0.0, 0.0);
const upper = array<f32, P>(3.4e+38, 60.0, 10.0, 60.0, 10.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0);

struct Settings {
  lanes: u32,
  words: u32,
  first_block: u32,
  turns: u32,
  groups: u32,
  samples: u32,
  tolerance: f32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> schedule: array<u32>;
@group(0) @binding(2) var<storage, read> blocks: array<u32>;
@group(0) @binding(3) var<storage, read_write> records: array<u32>;
@group(0) @binding(4) var<storage, read> mixes0: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> runs0: array<vec4<f32>>;

// Where pieces have the nonzeros of G of each coordinate, and the Jacobian's columns of them.
const PLACES = array<u32, 11>(0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 10u);
const COLUMNS = array<u32, 11>(2u, 1u, 0u, 4u, 3u, 2u, 2u, 2u, 2u, 2u, 2u);

// What the members' pieces give: the nonzeros of G, the loss, and by column v and S.
var<workgroup> published: array<vec4<f32>, WORKGROUP * LENGTH>;

// A member's own: what it publishes, the vectors that it reads, its mixture's row of the table,
// the row of the matrix that it adds to, and of a piece the factor G and that row of GᵀS.
var<private> mine: array<vec4<f32>, LENGTH>;
var<private> here: array<f32, P>;
var<private> ahead: array<f32, P>;
var<private> mixture: array<vec4<f32>, MIXTURE>;
var<private> h: array<f32, P>;
var<private> factor: array<vec4<f32>, 3>;
var<private> t: array<f32, 5>;

fn number(piece: u32, place: u32) -> f32 {
  return published[piece + place / 4u][place % 4u];
}

// Adds the pieces of a round to gradient and matrix; returns the loss with theirs.
fn add_pieces(first: u32, before: f32) -> f32 {
  let many = min(TEAM, settings.groups - first);
  {
    let row = 0u + member;
    let i = min(row, P - 1u);
    let place0 = PLACES[i * 1u + 0u];
    let column0 = COLUMNS[i * 1u + 0u];
    let sums0 = 13u + column0 * 6u;
    let begins = first == 0u;
    var slope_i = select(gradient[team][i], 0.0, begins);
    h[0u] = select(matrix[team][i][0u], 0.0, begins);
    h[1u] = select(matrix[team][i][1u], 0.0, begins);
    h[2u] = select(matrix[team][i][2u], 0.0, begins);
    h[3u] = select(matrix[team][i][3u], 0.0, begins);
    h[4u] = select(matrix[team][i][4u], 0.0, begins);
    h[5u] = select(matrix[team][i][5u], 0.0, begins);
    h[6u] = select(matrix[team][i][6u], 0.0, begins);
    h[7u] = select(matrix[team][i][7u], 0.0, begins);
    h[8u] = select(matrix[team][i][8u], 0.0, begins);
    h[9u] = select(matrix[team][i][9u], 0.0, begins);
    h[10u] = select(matrix[team][i][10u], 0.0, begins);
    for (var m = 0u; m < many; m++) {
      let piece = (team * TEAM + m) * LENGTH;
      let g0 = number(piece, place0);
      slope_i += g0 * number(piece, sums0 + 0u);
      t[0u] = g0 * number(piece, sums0 + 1u);
      t[1u] = g0 * number(piece, sums0 + 1u + 1u);
      t[2u] = g0 * number(piece, sums0 + 1u + 2u);
      t[3u] = g0 * number(piece, sums0 + 1u + 3u);
      t[4u] = g0 * number(piece, sums0 + 1u + 4u);

      factor[0u] = published[piece];
      factor[1u] = published[piece + 1u];
      factor[2u] = published[piece + 2u];
      h[0] += t[2];
      h[1] += t[1];
      h[2] += t[0];
      h[3] += t[4];
      h[4] += t[3];
      h[5] += t[2] * factor[1u].y;
      h[6] += t[2] * factor[1u].z;
      h[7] += t[2] * factor[1u].w;
      h[8] += t[2] * factor[2u].x;
      h[9] += t[2] * factor[2u].y;
      h[10] += t[2] * factor[2u].z;
    }
    if (row < P) {
      gradient[team][i] = slope_i;
      matrix[team][i][0u] = h[0u];
      matrix[team][i][1u] = h[1u];
      matrix[team][i][2u] = h[2u];
      matrix[team][i][3u] = h[3u];
      matrix[team][i][4u] = h[4u];
      matrix[team][i][5u] = h[5u];
      matrix[team][i][6u] = h[6u];
      matrix[team][i][7u] = h[7u];
      matrix[team][i][8u] = h[8u];
      matrix[team][i][9u] = h[9u];
      matrix[team][i][10u] = h[10u];
    }
  }
  var loss = before;
  for (var m = 0u; m < many; m++) {
    loss += published[(team * TEAM + m) * LENGTH + 3u].x;
  }
  return loss;
}

// The mean loss at `point`, its gradient and its Gauss–Newton matrix.
fn normal_equations() -> f32 {
  workgroupBarrier();
  var total = 0.0;
  let own = (team * TEAM + member) * LENGTH;
  for (var first = 0u; first < settings.groups; first += TEAM) {
    let group = first + member;
    here[0u] = point[team][0u];
    here[1u] = point[team][1u];
    here[2u] = point[team][2u];
    here[3u] = point[team][3u];
    here[4u] = point[team][4u];
    here[5u] = point[team][5u];
    here[6u] = point[team][6u];
    here[7u] = point[team][7u];
    here[8u] = point[team][8u];
    here[9u] = point[team][9u];
    here[10u] = point[team][10u];

    mixture[0u] = mixes0[group * 3u];
    mixture[1u] = mixes0[group * 3u + 1u];
    mixture[2u] = mixes0[group * 3u + 2u];
    // from the coordinates, and once a mixture
    let fit0 = here[0];
    let fit1 = here[1];
    let fit2 = here[2];
    let fit9 = here[3];
    let fit10 = here[4];
    let fit18 = here[7];
    let fit19 = here[10];
    let fit26 = here[5];
    let fit27 = here[8];
    let fit34 = here[6];
    let fit35 = here[9];
    let mix20 = mixture[0].x;
    let mix21 = fit19 * mix20;
    let mix22 = fit18 + mix21;
    let mix23 = exp(min(mix22, 80.0));
    let mix24 = mixture[0].y;
    let mix25 = mix24 * mix23;
    let mix28 = mixture[0].z;
    let mix29 = fit27 * mix28;
    let mix30 = fit26 + mix29;
    let mix31 = exp(min(mix30, 80.0));
    let mix32 = mixture[0].w;
    let mix33 = mix32 * mix31;
    let mix36 = mixture[1].x;
    let mix37 = fit35 * mix36;
    let mix38 = fit34 + mix37;
    let mix39 = exp(min(mix38, 80.0));
    let mix40 = mixture[1].y;
    let mix41 = mix40 * mix39;
    let mix42 = mix33 + mix41;
    let mix43 = mix25 + mix42;
    let mix44 = 1.0 / mix43;
    let mix51 = (-1.0) / mix43;
    let mix52 = mix44 * mix51;
    let mix53 = mix33 * mix52;
    let mix54 = mix28 * mix53;
    let mix55 = mix41 * mix52;
    let mix56 = mix36 * mix55;
    let mix57 = mix25 * mix52;
    let mix58 = mix20 * mix57;
    mine[0u].x = 1.0;
    mine[0u].y = 1.0;
    mine[0u].z = 1.0;
    mine[0u].w = 1.0;
    mine[1u].x = 1.0;
    mine[1u].y = mix53;
    mine[1u].z = mix55;
    mine[1u].w = mix57;
    mine[2u].x = mix54;
    mine[2u].y = mix56;
    mine[2u].z = mix58;
    // Sums over its runs: the loss, v = Σ ψ·d and S = Σ ω·d·dᵀ, d a run's derivatives by columns.
    var sum = 0.0;
    var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
    var s0_0 = 0.0;
    var s1_0 = 0.0; var s1_1 = 0.0;
    var s2_0 = 0.0; var s2_1 = 0.0; var s2_2 = 0.0;
    var s3_0 = 0.0; var s3_1 = 0.0; var s3_2 = 0.0; var s3_3 = 0.0;
    var s4_0 = 0.0; var s4_1 = 0.0; var s4_2 = 0.0; var s4_3 = 0.0; var s4_4 = 0.0;
    let end = rows_before + u32(mixture[1].z);
    for (var run = rows_before + u32(mixture[2].x); run < end; run += 32u) {
      let run4 = runs0[run].x;
      let run5 = fit2 * run4;
      let run6 = fit1 - run5;
      let run7 = exp(min(run6, 80.0));
      let run8 = fit0 + run7;
      let run12 = runs0[run].y;
      let run13 = fit10 * run12;
      let run14 = fit9 - run13;
      let run15 = exp(min(run14, 80.0));
      let run16 = run8 + run15;
      let run45 = run16 + mix44;
      let run46 = runs0[run].z;
      let run47 = run45 - run46;
      let run48 = run4 * run7;
      let run49 = -run48;
      let run59 = run12 * run15;
      let run60 = -run59;
      let share = runs0[run].w;
      let residual = run47;
      let part0 = abs(residual);
      let part1 = min(part0, delta);
      let part2 = part1 * 0.5;
      let part3 = part0 - part2;
      let part4 = part1 * part3;
      let cost = share * part4;
      let part6 = max(part0, delta);
      let part7 = delta / part6;
      let omega = share * part7;
      sum += cost;
      let psi = omega * residual;
      v0 += psi * run49;
      v1 += psi * run7;
      v2 += psi;
      v3 += psi * run60;
      v4 += psi * run15;
      let d0 = omega * run49;
      let d1 = omega * run7;
      let d3 = omega * run60;
      let d4 = omega * run15;
      s0_0 += d0 * run49;
      s1_0 += d1 * run49; s1_1 += d1 * run7;
      s2_0 += omega * run49; s2_1 += omega * run7; s2_2 += omega;
      s3_0 += d3 * run49; s3_1 += d3 * run7; s3_2 += d3; s3_3 += d3 * run60;
      s4_0 += d4 * run49; s4_1 += d4 * run7; s4_2 += d4; s4_3 += d4 * run60; s4_4 += d4 * run15;
    }
    mine[3u].x = sum;
    mine[3u].y = v0;
    mine[3u].z = s0_0;
    mine[3u].w = s1_0;
    mine[4u].x = s2_0;
    mine[4u].y = s3_0;
    mine[4u].z = s4_0;
    mine[4u].w = v1;
    mine[5u].x = s1_0;
    mine[5u].y = s1_1;
    mine[5u].z = s2_1;
    mine[5u].w = s3_1;
    mine[6u].x = s4_1;
    mine[6u].y = v2;
    mine[6u].z = s2_0;
    mine[6u].w = s2_1;
    mine[7u].x = s2_2;
    mine[7u].y = s3_2;
    mine[7u].z = s4_2;
    mine[7u].w = v3;
    mine[8u].x = s3_0;
    mine[8u].y = s3_1;
    mine[8u].z = s3_2;
    mine[8u].w = s3_3;
    mine[9u].x = s4_3;
    mine[9u].y = v4;
    mine[9u].z = s4_0;
    mine[9u].w = s4_1;
    mine[10u].x = s4_2;
    mine[10u].y = s4_3;
    mine[10u].z = s4_4;
    published[own] = mine[0u];
    published[own + 1u] = mine[1u];
    published[own + 2u] = mine[2u];
    published[own + 3u] = mine[3u];
    published[own + 4u] = mine[4u];
    published[own + 5u] = mine[5u];
    published[own + 6u] = mine[6u];
    published[own + 7u] = mine[7u];
    published[own + 8u] = mine[8u];
    published[own + 9u] = mine[9u];
    published[own + 10u] = mine[10u];
    workgroupBarrier();
    total = add_pieces(first, total);
    workgroupBarrier();
  }
  return total;
}

// Adds the pieces of a round to the slope.
fn add_slopes(first: u32) {
  let many = min(TEAM, settings.groups - first);
  for (var i = member; i < coordinates(); i += TEAM) {
    let place0 = PLACES[i * 1u + 0u];
    let column0 = COLUMNS[i * 1u + 0u];
    var slope_i = select(slope[team][i], 0.0, first == 0u);
    for (var m = 0u; m < many; m++) {
      let piece = (team * TEAM + m) * LENGTH;
      let g0 = number(piece, place0);
      slope_i += g0 * number(piece, 12u + column0);
    }
    slope[team][i] = slope_i;
  }
}

// slope = JᵀΩr″, r″ the second derivative of the residuals along `velocity` at `theta`.
fn bend() {
  workgroupBarrier();
  let own = (team * TEAM + member) * LENGTH;
  for (var first = 0u; first < settings.groups; first += TEAM) {
    let group = first + member;
    here[0u] = theta[team][0u];
    here[1u] = theta[team][1u];
    here[2u] = theta[team][2u];
    here[3u] = theta[team][3u];
    here[4u] = theta[team][4u];
    here[5u] = theta[team][5u];
    here[6u] = theta[team][6u];
    here[7u] = theta[team][7u];
    here[8u] = theta[team][8u];
    here[9u] = theta[team][9u];
    here[10u] = theta[team][10u];

    ahead[0u] = velocity[team][0u];
    ahead[1u] = velocity[team][1u];
    ahead[2u] = velocity[team][2u];
    ahead[3u] = velocity[team][3u];
    ahead[4u] = velocity[team][4u];
    ahead[5u] = velocity[team][5u];
    ahead[6u] = velocity[team][6u];
    ahead[7u] = velocity[team][7u];
    ahead[8u] = velocity[team][8u];
    ahead[9u] = velocity[team][9u];
    ahead[10u] = velocity[team][10u];

    mixture[0u] = mixes0[group * 3u];
    mixture[1u] = mixes0[group * 3u + 1u];
    mixture[2u] = mixes0[group * 3u + 2u];
    let fit0 = here[0];
    let fit1 = here[1];
    let fit2 = here[2];
    let fit9 = here[3];
    let fit10 = here[4];
    let fit18 = here[7];
    let fit19 = here[10];
    let fit26 = here[5];
    let fit27 = here[8];
    let fit34 = here[6];
    let fit35 = here[9];
    let fit61 = ahead[1];
    let fit62 = ahead[2];
    let fit67 = ahead[3];
    let fit68 = ahead[4];
    let fit74 = ahead[5];
    let fit75 = ahead[8];
    let fit79 = ahead[6];
    let fit80 = ahead[9];
    let fit85 = ahead[7];
    let fit86 = ahead[10];
    let mix20 = mixture[0].x;
    let mix21 = fit19 * mix20;
    let mix22 = fit18 + mix21;
    let mix23 = exp(min(mix22, 80.0));
    let mix24 = mixture[0].y;
    let mix25 = mix24 * mix23;
    let mix28 = mixture[0].z;
    let mix29 = fit27 * mix28;
    let mix30 = fit26 + mix29;
    let mix31 = exp(min(mix30, 80.0));
    let mix32 = mixture[0].w;
    let mix33 = mix32 * mix31;
    let mix36 = mixture[1].x;
    let mix37 = fit35 * mix36;
    let mix38 = fit34 + mix37;
    let mix39 = exp(min(mix38, 80.0));
    let mix40 = mixture[1].y;
    let mix41 = mix40 * mix39;
    let mix42 = mix33 + mix41;
    let mix43 = mix25 + mix42;
    let mix44 = 1.0 / mix43;
    let mix51 = (-1.0) / mix43;
    let mix52 = mix44 * mix51;
    let mix53 = mix33 * mix52;
    let mix54 = mix28 * mix53;
    let mix55 = mix41 * mix52;
    let mix56 = mix36 * mix55;
    let mix57 = mix25 * mix52;
    let mix58 = mix20 * mix57;
    let mix76 = mix28 * fit75;
    let mix77 = fit74 + mix76;
    let mix78 = mix33 * mix77;
    let mix81 = mix36 * fit80;
    let mix82 = fit79 + mix81;
    let mix83 = mix41 * mix82;
    let mix84 = mix78 + mix83;
    let mix87 = mix20 * fit86;
    let mix88 = fit85 + mix87;
    let mix89 = mix25 * mix88;
    let mix90 = mix84 + mix89;
    let mix91 = mix52 * mix90;
    let mix92 = mix51 * mix91;
    let mix93 = mix51 * mix51;
    let mix94 = mix90 * mix93;
    let mix95 = mix44 * mix94;
    let mix96 = mix92 + mix95;
    let mix97 = mix90 * mix96;
    let mix98 = mix77 * mix78;
    let mix99 = mix82 * mix83;
    let mix100 = mix98 + mix99;
    let mix101 = mix88 * mix89;
    let mix102 = mix100 + mix101;
    let mix103 = mix52 * mix102;
    let mix104 = mix97 + mix103;
    mine[0u].x = 1.0;
    mine[0u].y = 1.0;
    mine[0u].z = 1.0;
    mine[0u].w = 1.0;
    mine[1u].x = 1.0;
    mine[1u].y = mix53;
    mine[1u].z = mix55;
    mine[1u].w = mix57;
    mine[2u].x = mix54;
    mine[2u].y = mix56;
    mine[2u].z = mix58;
    var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
    let end = rows_before + u32(mixture[1].z);
    for (var run = rows_before + u32(mixture[2].x); run < end; run += 32u) {
      let run4 = runs0[run].x;
      let run5 = fit2 * run4;
      let run6 = fit1 - run5;
      let run7 = exp(min(run6, 80.0));
      let run8 = fit0 + run7;
      let run12 = runs0[run].y;
      let run13 = fit10 * run12;
      let run14 = fit9 - run13;
      let run15 = exp(min(run14, 80.0));
      let run16 = run8 + run15;
      let run45 = run16 + mix44;
      let run46 = runs0[run].z;
      let run47 = run45 - run46;
      let run48 = run4 * run7;
      let run49 = -run48;
      let run59 = run12 * run15;
      let run60 = -run59;
      let run63 = run4 * fit62;
      let run64 = fit61 - run63;
      let run65 = run7 * run64;
      let run66 = run64 * run65;
      let run69 = run12 * fit68;
      let run70 = fit67 - run69;
      let run71 = run15 * run70;
      let run72 = run70 * run71;
      let run73 = run66 + run72;
      let run105 = run73 + mix104;
      let share = runs0[run].w;
      let residual = run47;
      let part0 = abs(residual);
      let part1 = max(part0, delta);
      let part2 = delta / part1;
      let omega = share * part2;
      let along = omega * run105;
      v0 += along * run49;
      v1 += along * run7;
      v2 += along;
      v3 += along * run60;
      v4 += along * run15;
    }
    mine[3u].x = v0;
    mine[3u].y = v1;
    mine[3u].z = v2;
    mine[3u].w = v3;
    mine[4u].x = v4;
    published[own] = mine[0u];
    published[own + 1u] = mine[1u];
    published[own + 2u] = mine[2u];
    published[own + 3u] = mine[3u];
    published[own + 4u] = mine[4u];
    published[own + 5u] = mine[5u];
    published[own + 6u] = mine[6u];
    published[own + 7u] = mine[7u];
    published[own + 8u] = mine[8u];
    published[own + 9u] = mine[9u];
    published[own + 10u] = mine[10u];
    workgroupBarrier();
    add_slopes(first);
    workgroupBarrier();
  }
}

// How a candidate of the search goes on: what becomes of its damping and its status when a step has
// been evaluated. Part of both forms of the search, search.wgsl and team-search.wgsl;
// the constants are those that are generated for them. Their `state` begins with the words of the
// candidate's record before its coordinates.
//
// A record holds all that a candidate goes on with but its matrix. So when a step is refused, a
// shorter one along the same curve is tried, which was found together with it. When that is refused
// too, the best point is evaluated once more, for a step with more damping.

// What the next point is: the best point itself, whose matrix is wanted; a step from there; the
// shorter step.
const BEST = 0u;
const WHOLE = 1u;
const SHORT = 2u;

const TINY = 1e-30;
// What a coordinate that is not pinned at a bound is displaced by.
const FREE = 1e30;

// What is in a candidate's record beside the coordinates.
var<private> objective: f32; // at the best point
var<private> lambda: f32; // the damping
var<private> calm: u32; // quiet iterations in a row
var<private> status: u32;
var<private> sample_index: u32;
var<private> refused: bool; // the step before
var<private> trial: u32; // what the next point is
// −gradient·step of the next point and of the shorter step: twice the decrease that a model without
// damping promises.
var<private> promised: f32;
var<private> spare_promised: f32;
var<private> near: bool; // whether it began near an optimum, see MANNERS in the float64 twin
var<private> tau: f32; // how much of reweighting its matrix has; kernels of samples read it

// WGSL may assume that there is no NaN: `x != x` folds to false. The bits do not lie.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// From `state`, which has been read.
fn read_progress() {
  objective = bitcast<f32>(state[RECORD_OBJECTIVE]);
  lambda = bitcast<f32>(state[RECORD_LAMBDA]);
  calm = state[RECORD_CALM];
  status = state[RECORD_STATUS];
  sample_index = state[RECORD_SAMPLE];
  refused = state[RECORD_REFUSED] != 0u;
  trial = state[RECORD_TRIAL];
  promised = bitcast<f32>(state[RECORD_PROMISED]);
  spare_promised = bitcast<f32>(state[RECORD_SPARE_PROMISED]);
  near = state[RECORD_NEAR] != 0u;
  tau = select(FAR_TAU, NEAR_TAU, near);
}

// Into `state`, which is to be written.
fn write_progress() {
  state[RECORD_OBJECTIVE] = bitcast<u32>(objective);
  state[RECORD_LAMBDA] = bitcast<u32>(lambda);
  state[RECORD_CALM] = calm;
  state[RECORD_STATUS] = status;
  state[RECORD_REFUSED] = u32(refused);
  state[RECORD_TRIAL] = trial;
  state[RECORD_PROMISED] = bitcast<u32>(promised);
  state[RECORD_SPARE_PROMISED] = bitcast<u32>(spare_promised);
}

// Whether the point that has just been evaluated, where the loss is `next`, becomes the best one.
// Sets the damping and the status by that, and what is to be tried now.
fn judge(next: f32) -> bool {
  let again = trial == BEST;
  let small = settings.tolerance * objective;
  let quiet = lambda < DAMPING_CALM && promised < small && objective - next < small;
  let better = again || (is_finite(next) && next < objective);
  if (again) {
    status = select(STATUS_RUNNING, STATUS_NONFINITE, !is_finite(next));
  } else {
    calm = select(select(0u, calm, !better), calm + 1u, quiet);
    // A step taken right after one that was refused leaves λ: else, where one λ is right for long,
    // every second step would be refused.
    let shrink = select(FAR_SHRINK, NEAR_SHRINK, near);
    let kept = select(max(lambda * shrink, DAMPING_LEAST), lambda, refused);
    lambda = select(lambda * DAMPING_GROW, kept, better);
    refused = !better;
    status = select(status, STATUS_CONVERGED, calm >= select(FAR_CALM, NEAR_CALM, near));
  }
  objective = select(objective, next, better);
  trial = select(select(BEST, SHORT, trial == WHOLE), WHOLE, better);
  return better;
}

// Without a positive definite matrix there is no step: the best point once more, with more damping.
fn look_again(better: bool, positive: bool) {
  let stepless = better && !positive;
  trial = select(trial, BEST, stepless);
  lambda = select(lambda, lambda * DAMPING_GROW, stepless);
  refused = refused || stepless;
  status = select(status, STATUS_STALLED, status == STATUS_RUNNING && lambda > DAMPING_MOST);
}

// What a block of candidates is told of its target. `blocks` is a binding of the search kernels:
// see src/gpu/search/kernel-plan.ts.

var<private> rows_before: u32; // the target's rows of `runs` begin here
var<private> drawn_before: u32; // and here what a ridge draws of it
var<private> delta: f32; // its scale of the loss

fn read_block(block: u32) {
  rows_before = blocks[3u * block];
  delta = bitcast<f32>(blocks[3u * block + 1u]);
  drawn_before = blocks[3u * block + 2u];
}

// The search where a team of invocations carries a candidate: what shaders/search.wgsl does in one
// invocation, with its vectors and its matrix in workgroup memory. Each member of a team owns the
// coordinates, and the rows of the matrix, whose number is its own modulo TEAM. What a candidate
// has one of (its damping, its status) every member keeps, and computes alike. A sum over
// coordinates or mixtures has one order, whatever the size of the team and its place: so do
// its bits.
//
// Generated and put before this file, beside lib/progress.wgsl, lib/block.wgsl and their constants:
//   P                     coordinates
//   ROW                   length of a row of the matrix: odd, so that members read different banks
//   TEAM, TEAMS           invocations of a team, and teams of a workgroup
//   lower, upper          the coordinates' bounds
//   settings, records, …  the bindings, from src/gpu/search/kernel-plan.ts
//   normal_equations()    the mean loss at `point`; leaves its gradient in `gradient` and its
//                         Gauss–Newton matrix in `matrix`, on the diagonal and above
//   bend()                leaves JᵀΩr″ along `velocity` at `theta` in `slope`
//
// Loops marked with an unroll comment are written out for a GPU, whose registers have no indices. A
// software adapter compiles each number that a place of the text reads from or writes to shared
// memory to 30 or 40 blocks: it gets loops, with bounds that no compiler knows.
//
// Barriers stand in loops or outside of them, never in text that is written out: their number does
// not depend on P. Each is in uniform control flow: what whole workgroups decide goes through
// workgroupUniformLoad.

// By team. Members write what they own; a barrier stands before others read it.
var<workgroup> point: array<array<f32, P>, TEAMS>; // where normal_equations evaluates
var<workgroup> theta: array<array<f32, P>, TEAMS>; // the best point so far
var<workgroup> spare: array<array<f32, P>, TEAMS>; // where the shorter step leads
var<workgroup> gradient: array<array<f32, P>, TEAMS>;
var<workgroup> slope: array<array<f32, P>, TEAMS>;
var<workgroup> pull: array<array<f32, P>, TEAMS>; // the right side of a damped system
var<workgroup> step: array<array<f32, P>, TEAMS>; // its solution
var<workgroup> velocity: array<array<f32, P>, TEAMS>; // the straight step
// What a pinned coordinate moves by, as in shaders/search.wgsl. It has a diagonal entry of HUGE and
// a right side of HUGE times what it moves by.
var<workgroup> displaced: array<array<f32, P>, TEAMS>;
const HUGE = 1e30;
// H on the diagonal and above. Below it the factor L of the damped matrix LD⁻¹Lᵀ, where D is L's
// diagonal, which is in `pivots`.
var<workgroup> matrix: array<array<array<f32, ROW>, P>, TEAMS>;
var<workgroup> pivots: array<array<f32, P>, TEAMS>;
// Whether a member has pinned a coordinate, by team.
var<workgroup> crossings: array<atomic<u32>, TEAMS>;
// What each team says; see any_team.
var<workgroup> votes: array<u32, TEAMS>;

// The words of the candidate's record before its coordinates.
var<private> state: array<u32, RECORD_COORDINATES>;
var<private> team: u32; // in the workgroup
var<private> member: u32; // of the team

// P, which no compiler knows here: it would write out the loops. A record has more words.
fn coordinates() -> u32 {
  return min(P, settings.words);
}

// Whether one team or more says so, in which members agree.
fn any_team(vote: bool) -> bool {
  if (member == 0u) {
    votes[team] = u32(vote);
  }
  let all = workgroupUniformLoad(&votes);
  var any = 0u;
  for (var t = 0u; t < TEAMS; t++) {
    any |= all[t];
  }
  return any != 0u;
}

// A member's first coordinate from `first` on.
fn own_since(first: u32) -> u32 {
  return first + ((member - first) & (TEAM - 1u));
}

// Reads a candidate's record.
fn load(record: u32) {
  state[0u] = records[0u * settings.lanes + record];
  state[1u] = records[1u * settings.lanes + record];
  state[2u] = records[2u * settings.lanes + record];
  state[3u] = records[3u * settings.lanes + record];
  state[4u] = records[4u * settings.lanes + record];
  state[5u] = records[5u * settings.lanes + record];
  state[6u] = records[6u * settings.lanes + record];
  state[7u] = records[7u * settings.lanes + record];
  state[8u] = records[8u * settings.lanes + record];
  state[9u] = records[9u * settings.lanes + record];
  read_progress();
  for (var i = member; i < coordinates(); i += TEAM) {
    let at = (RECORD_COORDINATES + i) * settings.lanes + record;
    let further = P * settings.lanes;
    let inside = clamp(bitcast<f32>(records[at]), lower[i], upper[i]);
    theta[team][i] = inside;
    point[team][i] = select(bitcast<f32>(records[at + further]), inside, trial == BEST);
    spare[team][i] = bitcast<f32>(records[at + 2u * further]);
  }
}

// Writes the record.
fn store(record: u32) {
  write_progress();
  if (member == 0u) {
    records[0u * settings.lanes + record] = state[0u];
    records[1u * settings.lanes + record] = state[1u];
    records[2u * settings.lanes + record] = state[2u];
    records[3u * settings.lanes + record] = state[3u];
    records[4u * settings.lanes + record] = state[4u];
    records[5u * settings.lanes + record] = state[5u];
    records[6u * settings.lanes + record] = state[6u];
    records[7u * settings.lanes + record] = state[7u];
    records[8u * settings.lanes + record] = state[8u];
    records[9u * settings.lanes + record] = state[9u];
  }
  for (var i = member; i < coordinates(); i += TEAM) {
    let at = (RECORD_COORDINATES + i) * settings.lanes + record;
    let further = P * settings.lanes;
    records[at] = bitcast<u32>(theta[team][i]);
    records[at + further] = bitcast<u32>(point[team][i]);
    records[at + 2u * further] = bitcast<u32>(spare[team][i]);
  }
}

// Pins the coordinates that stand at a bound which the gradient pushes them against.
fn pin_at_bounds() {
  for (var i = member; i < coordinates(); i += TEAM) {
    let at_lower = theta[team][i] <= lower[i] && gradient[team][i] > 0.0;
    let at_upper = theta[team][i] >= upper[i] && gradient[team][i] < 0.0;
    displaced[team][i] = select(FREE, 0.0, at_lower || at_upper);
  }
}

// Pins the free coordinates that the step carries beyond a bound; false where no team has any.
fn pin_crossing() -> bool {
  for (var i = member; i < coordinates(); i += TEAM) {
    let here = theta[team][i];
    let next = here + step[team][i];
    if (displaced[team][i] == FREE && (next < lower[i] || next > upper[i])) {
      displaced[team][i] = clamp(next, lower[i], upper[i]) - here;
      atomicStore(&crossings[team], 1u);
    }
  }
  workgroupBarrier();
  let crossed = any_team(atomicLoad(&crossings[team]) != 0u);
  if (member == 0u) {
    atomicStore(&crossings[team], 0u);
  }
  return crossed;
}

// The damped matrix, in place of the factor. For pinned coordinates see `displaced` in
// shaders/search.wgsl.
fn damp() {
  var trace = 0.0;
  for (var i = 0u; i < coordinates(); i++) {
    trace += matrix[team][i][i];
  }
  let ridge = lambda * DAMPING_TRACE * trace + TINY;
  let swell = 1.0 + lambda;
  for (var i = member; i < coordinates(); i += TEAM) {
    let damped = matrix[team][i][i] * swell + ridge;
    pivots[team][i] = select(HUGE, damped, displaced[team][i] == FREE);
    for (var j = 0u; j < i; j++) {
      matrix[team][i][j] = matrix[team][j][i];
    }
  }
}

// step ← (H + λ(diag H + c·tr H·I))⁻¹ pull, whose matrix is factored first where `afresh`; false:
// not positive definite. Elimination is right-looking: a turn takes a coordinate out of all later
// rows, and of the right side.
fn solve_step(afresh: bool) -> bool {
  if (afresh) {
    damp();
  }
  var positive = true;
  for (var k = 0u; k < coordinates(); k++) {
    workgroupBarrier();
    let pivot = pivots[team][k];
    positive = positive && pivot > 0.0;
    let reciprocal = 1.0 / max(pivot, TINY);
    let right = pull[team][k];
    for (var i = own_since(k + 1u); i < coordinates(); i += TEAM) {
      let below = matrix[team][i][k];
      let share = below * reciprocal;
      pull[team][i] -= share * right;
      if (afresh) {
        for (var j = k + 1u; j < i; j++) {
          matrix[team][i][j] -= share * matrix[team][j][k];
        }
        pivots[team][i] -= share * below;
      }
    }
  }
  for (var n = coordinates(); n > 0u; n--) {
    let k = n - 1u;
    workgroupBarrier();
    let x = pull[team][k] / max(pivots[team][k], TINY);
    for (var j = member; j < k; j += TEAM) {
      pull[team][j] -= matrix[team][k][j] * x;
    }
    if (member == (k & (TEAM - 1u))) {
      step[team][k] = x;
    }
  }
  workgroupBarrier();
  return positive;
}

// The straight step into `velocity`, solved for again while it carries coordinates beyond a bound,
// and its bend into `step`; false where the matrix was not positive definite. A team whose step
// stays inside is solved for again with others, and gets the same bits.
fn find_steps() -> bool {
  var positive = true;
  var unsolved = true;
  pin_at_bounds();
  for (var time = 0u; time <= PINNINGS + 1u; time++) {
    let bending = time > PINNINGS;
    if (bending) {
      for (var i = member; i < coordinates(); i += TEAM) {
        velocity[team][i] = step[team][i];
      }
      bend();
    }
    if (unsolved || bending) {
      for (var i = member; i < coordinates(); i += TEAM) {
        let by = displaced[team][i];
        let free = -select(gradient[team][i], slope[team][i], bending);
        pull[team][i] = select(select(HUGE * by, 0.0, bending), free, by == FREE);
      }
      positive = solve_step(unsolved) && positive;
    }
    if (unsolved && !bending) {
      unsolved = pin_crossing();
    }
  }
  return positive;
}

// Makes `point` what is tried next, and `spare` where the shorter step leads; see search.wgsl.
fn propose(better: bool, positive: bool) {
  var straight = 0.0;
  var bent = 0.0;
  for (var i = 0u; i < coordinates(); i++) {
    let scale = matrix[team][i][i];
    let v = velocity[team][i];
    let a = step[team][i];
    straight += scale * v * v;
    bent += scale * a * a;
  }
  look_again(better, positive);
  let half = select(0.0, 0.5, bent <= MOST_BENT * MOST_BENT * straight);
  let short_half = SHORTER * SHORTER * half;
  var promise = 0.0;
  var short_promise = 0.0;
  for (var i = 0u; i < coordinates(); i++) {
    let v = velocity[team][i];
    let a = step[team][i];
    let g = gradient[team][i];
    promise -= g * (v + half * a);
    short_promise -= g * (SHORTER * v + short_half * a);
  }
  for (var i = member; i < coordinates(); i += TEAM) {
    let here = theta[team][i];
    let v = velocity[team][i];
    let a = step[team][i];
    let before = select(here, spare[team][i], trial == SHORT);
    let whole = clamp(here + v + half * a, lower[i], upper[i]);
    point[team][i] = select(before, whole, trial == WHOLE);
    spare[team][i] = clamp(here + SHORTER * v + short_half * a, lower[i], upper[i]);
  }
  promised = select(spare_promised, promise, better);
  spare_promised = short_promise;
}

// One iteration: evaluates `point`, and finds what to try next. Where no team has a better point,
// there is no step to find.
fn iterate(idle: bool) {
  let better = judge(normal_equations());
  for (var i = member; i < coordinates(); i += TEAM) {
    theta[team][i] = select(theta[team][i], point[team][i], better);
  }
  var positive = true;
  if (any_team(better && !idle)) {
    positive = find_steps();
  }
  propose(better, positive);
}

// `turns` iterations of the candidate in the team's place in the schedule.
@compute @workgroup_size(WORKGROUP)
fn search(
  @builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32,
) {
  team = local / TEAM;
  member = local & (TEAM - 1u);
  let block = settings.first_block + workgroup.x;
  read_block(block);
  let record = schedule[block * TEAMS + team];
  load(min(record, settings.lanes - 1u));
  var idle = record == NOBODY || status != STATUS_RUNNING;
  for (var turn = 0u; turn < settings.turns; turn++) {
    iterate(idle);
    if (!idle && (status != STATUS_RUNNING || turn + 1u == settings.turns)) {
      store(record);
    }
    idle = idle || status != STATUS_RUNNING;
    if (!any_team(!idle)) {
      break;
    }
  }
}
