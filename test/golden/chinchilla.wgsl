// A search over 5 coordinates, 5 columns of the factored Jacobian.

const P = 5u;
const T = 15u;
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

const lower = array<f32, P>(0.0, -60.0, 0.0, -60.0, 0.0);
const upper = array<f32, P>(3.4e+38, 60.0, 10.0, 60.0, 10.0);

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
@group(0) @binding(4) var<uniform> mixes0: array<vec4<f32>, 4096>;
@group(0) @binding(5) var<uniform> runs0: array<vec4<f32>, 4096>;

// Whether the lane is done: it reads tables for itself.
fn all_done(done: bool) -> bool {
  return done;
}

// `turns` iterations of the candidate in the invocation's place in the schedule.
@compute @workgroup_size(WORKGROUP)
fn search(
  @builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32,
) {
  let block = settings.first_block + workgroup.x;
  read_block(block);
  let lane = schedule[block * WORKGROUP + local];
  load(min(lane, settings.lanes - 1u));
  var idle = lane == NOBODY || status != STATUS_RUNNING;
  for (var turn = 0u; turn < settings.turns; turn++) {
    groups = select(settings.groups, 0u, all_done(idle));
    iterate();
    if (!idle && (status != STATUS_RUNNING || turn + 1u == settings.turns)) {
      store(lane);
    }
    idle = idle || status != STATUS_RUNNING;
    if (all_done(idle)) {
      break;
    }
  }
}

// The mean loss at `point`, its gradient and its Gauss–Newton matrix.
fn normal_equations(sample_index: u32) -> f32 {
  gradient = array<f32, P>();
  H = array<f32, T>();
  // from the coordinates alone
  let fit0 = point[0];
  let fit1 = point[1];
  let fit2 = point[2];
  let fit9 = point[3];
  let fit10 = point[4];
  var total = 0.0;
  var first = rows_before;
  for (var group = 0u; group < groups; group++) {
    // once a mixture
    // Sums over its runs: the loss, v = Σ ψ·d and S = Σ ω·d·dᵀ, d a run's derivatives by columns.
    var sum = 0.0;
    var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
    var s0_0 = 0.0;
    var s1_0 = 0.0; var s1_1 = 0.0;
    var s2_0 = 0.0; var s2_1 = 0.0; var s2_2 = 0.0;
    var s3_0 = 0.0; var s3_1 = 0.0; var s3_2 = 0.0; var s3_3 = 0.0;
    var s4_0 = 0.0; var s4_1 = 0.0; var s4_2 = 0.0; var s4_3 = 0.0; var s4_4 = 0.0;
    let end = rows_before + u32(mixes0[group].x);
    for (var run = first; run < end; run++) {
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
      let run17 = runs0[run].z;
      let run18 = run16 - run17;
      let run19 = run4 * run7;
      let run20 = -run19;
      let run22 = run12 * run15;
      let run23 = -run22;
      let share = runs0[run].w;
      let residual = run18;
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
      v0 += psi * run20;
      v1 += psi * run7;
      v2 += psi;
      v3 += psi * run23;
      v4 += psi * run15;
      let d0 = omega * run20;
      let d1 = omega * run7;
      let d3 = omega * run23;
      let d4 = omega * run15;
      s0_0 += d0 * run20;
      s1_0 += d1 * run20; s1_1 += d1 * run7;
      s2_0 += omega * run20; s2_1 += omega * run7; s2_2 += omega;
      s3_0 += d3 * run20; s3_1 += d3 * run7; s3_2 += d3; s3_3 += d3 * run23;
      s4_0 += d4 * run20; s4_1 += d4 * run7; s4_2 += d4; s4_3 += d4 * run23; s4_4 += d4 * run15;
    }
    first = end;
    total += sum;
    // gradient += Gᵀv and H += GᵀSG, G the columns' derivatives by coordinates.
    gradient[0] += v2;
    H[0] += s2_2;
    gradient[1] += v1;
    H[1] += s2_1;
    H[2] += s1_1;
    gradient[2] += v0;
    H[3] += s2_0;
    H[4] += s1_0;
    H[5] += s0_0;
    gradient[3] += v4;
    H[6] += s4_2;
    H[7] += s4_1;
    H[8] += s4_0;
    H[9] += s4_4;
    gradient[4] += v3;
    H[10] += s3_2;
    H[11] += s3_1;
    H[12] += s3_0;
    H[13] += s4_3;
    H[14] += s3_3;
  }
  return total;
}

// slope = JᵀΩr″, r″ the second derivative of the residuals along `velocity` at `theta`.
fn bend(sample_index: u32) {
  slope = array<f32, P>();
  let fit0 = theta[0];
  let fit1 = theta[1];
  let fit2 = theta[2];
  let fit9 = theta[3];
  let fit10 = theta[4];
  let fit24 = velocity[1];
  let fit25 = velocity[2];
  let fit30 = velocity[3];
  let fit31 = velocity[4];
  var first = rows_before;
  for (var group = 0u; group < groups; group++) {
    var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
    let end = rows_before + u32(mixes0[group].x);
    for (var run = first; run < end; run++) {
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
      let run17 = runs0[run].z;
      let run18 = run16 - run17;
      let run19 = run4 * run7;
      let run20 = -run19;
      let run22 = run12 * run15;
      let run23 = -run22;
      let run26 = run4 * fit25;
      let run27 = fit24 - run26;
      let run28 = run7 * run27;
      let run29 = run27 * run28;
      let run32 = run12 * fit31;
      let run33 = fit30 - run32;
      let run34 = run15 * run33;
      let run35 = run33 * run34;
      let run36 = run29 + run35;
      let share = runs0[run].w;
      let residual = run18;
      let part0 = abs(residual);
      let part1 = max(part0, delta);
      let part2 = delta / part1;
      let omega = share * part2;
      let along = omega * run36;
      v0 += along * run20;
      v1 += along * run7;
      v2 += along;
      v3 += along * run23;
      v4 += along * run15;
    }
    first = end;
    slope[2] += v0;
    slope[1] += v1;
    slope[0] += v2;
    slope[4] += v3;
    slope[3] += v4;
  }
}

// The damped step as loops over tiles of 4 × 4: short to compile whatever the number of
// coordinates. Where few coordinates or a software adapter make that pay,
// src/gpu/search/write-solve.ts writes the same computation out instead. The names that it works on
// are those of shaders/search.wgsl.

const BLOCKS = (P + 3u) / 4u;

// The Cholesky factor L of the damped matrix by tiles, lower triangle: tile (I, J) is at
// I(I + 1)/2 + J, column-major, with reciprocals on L's diagonal.
var<private> L: array<mat4x4<f32>, BLOCKS * (BLOCKS + 1u) / 2u>;
var<private> half_solved: array<vec4<f32>, BLOCKS>; // L⁻¹ pull, then step
var<private> positive_definite: bool; // so far
var<private> pin: f32; // diagonal entry of a pinned coordinate

// Entry (i, j) of H, j ≤ i; of the unit matrix beyond P.
fn entry(i: u32, j: u32) -> f32 {
  return select(select(0.0, 1.0, i == j), H[min(i * (i + 1u) / 2u + j, T - 1u)], i < P);
}

fn is_free(i: u32) -> bool {
  return displaced[min(i, P - 1u)] == FREE;
}

// Entry (i, i) of the damped matrix.
fn damped(i: u32, swell: f32, ridge: f32) -> f32 {
  return select(pin, entry(i, i) * swell + ridge, is_free(i));
}

// Rows i … i + 3 of column j of H.
fn column(i: u32, j: u32) -> vec4<f32> {
  return vec4<f32>(entry(i, j), entry(i + 1u, j), entry(i + 2u, j), entry(i + 3u, j));
}

// The tile of H with corner (i, j), below the diagonal.
fn tile_below(i: u32, j: u32) -> mat4x4<f32> {
  return mat4x4<f32>(column(i, j), column(i, j + 1u), column(i, j + 2u), column(i, j + 3u));
}

// The lower triangle of the damped matrix's tile with corner (i, i).
fn diagonal_tile(i: u32, swell: f32, ridge: f32) -> mat4x4<f32> {
  return mat4x4<f32>(
    vec4<f32>(damped(i, swell, ridge), entry(i + 1u, i), entry(i + 2u, i), entry(i + 3u, i)),
    vec4<f32>(0.0, damped(i + 1u, swell, ridge), entry(i + 2u, i + 1u), entry(i + 3u, i + 1u)),
    vec4<f32>(0.0, 0.0, damped(i + 2u, swell, ridge), entry(i + 3u, i + 2u)),
    vec4<f32>(0.0, 0.0, 0.0, damped(i + 3u, swell, ridge)),
  );
}

// Entry i of the right side; 0 beyond P.
fn right_entry(i: u32) -> f32 {
  let here = pull[min(i, P - 1u)];
  return select(0.0, select(pin * here, here, is_free(i)), i < P);
}

// Entries i … i + 3 of the right side.
fn right_side(i: u32) -> vec4<f32> {
  return vec4<f32>(right_entry(i), right_entry(i + 1u), right_entry(i + 2u), right_entry(i + 3u));
}

// The factor's tile left of its diagonal tile D: X with XDᵀ = tile.
fn solve_tile(tile: mat4x4<f32>, D: mat4x4<f32>) -> mat4x4<f32> {
  let x0 = tile[0] * D[0].x;
  let x1 = (tile[1] - x0 * D[0].y) * D[1].y;
  let x2 = (tile[2] - x0 * D[0].z - x1 * D[1].z) * D[2].z;
  let x3 = (tile[3] - x0 * D[0].w - x1 * D[1].w - x2 * D[2].w) * D[3].w;
  return mat4x4<f32>(x0, x1, x2, x3);
}

// The factor's diagonal tile D: DDᵀ = tile, of which the lower triangle is read.
fn factor_tile(tile: mat4x4<f32>) -> mat4x4<f32> {
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
  positive_definite = positive_definite && tile[0].x > 0.0 && p1 > 0.0 && p2 > 0.0 && p3 > 0.0;
  return mat4x4<f32>(
    vec4<f32>(d0, c0.yzw),
    vec4<f32>(0.0, d1, c1.zw),
    vec4<f32>(0.0, 0.0, d2, c2.w),
    vec4<f32>(0.0, 0.0, 0.0, d3),
  );
}

// z with Dz = right.
fn solve_forward(D: mat4x4<f32>, right: vec4<f32>) -> vec4<f32> {
  let z0 = right.x * D[0].x;
  let z1 = (right.y - D[0].y * z0) * D[1].y;
  let z2 = (right.z - D[0].z * z0 - D[1].z * z1) * D[2].z;
  let z3 = (right.w - D[0].w * z0 - D[1].w * z1 - D[2].w * z2) * D[3].w;
  return vec4<f32>(z0, z1, z2, z3);
}

// x with Dᵀx = right.
fn solve_back(D: mat4x4<f32>, right: vec4<f32>) -> vec4<f32> {
  let x3 = right.w * D[3].w;
  let x2 = (right.z - D[2].w * x3) * D[2].z;
  let x1 = (right.y - D[1].z * x2 - D[1].w * x3) * D[1].y;
  let x0 = (right.x - D[0].y * x1 - D[0].z * x2 - D[0].w * x3) * D[0].x;
  return vec4<f32>(x0, x1, x2, x3);
}

// Nothing is laid out beforehand, and a second right side has the matrix factored again.
fn begin_solve() {
}

// step ← (H + λ(diag H + c·tr H·I))⁻¹ pull, by Cholesky; false: not positive definite. For pinned
// coordinates see `displaced` in shaders/search.wgsl.
fn solve_step(lambda: f32) -> bool {
  var trace = 0.0;
  for (var i = 0u; i < P; i++) {
    trace += H[i * (i + 3u) / 2u];
  }
  let ridge = lambda * DAMPING_TRACE * trace + TINY;
  pin = PIN * min(trace, MOST_TRACE) + TINY;
  let swell = 1.0 + lambda;
  positive_definite = true;
  for (var I = 0u; I < BLOCKS; I++) {
    let row = I * (I + 1u) / 2u;
    for (var J = 0u; J < I; J++) {
      let other = J * (J + 1u) / 2u;
      var tile = tile_below(4u * I, 4u * J);
      for (var K = 0u; K < J; K++) {
        tile -= L[row + K] * transpose(L[other + K]);
      }
      L[row + J] = solve_tile(tile, L[other + J]);
    }
    var tile = diagonal_tile(4u * I, swell, ridge);
    var right = right_side(4u * I);
    for (var K = 0u; K < I; K++) {
      let l = L[row + K];
      tile -= l * transpose(l);
      right -= l * half_solved[K];
    }
    let D = factor_tile(tile);
    L[row + I] = D;
    half_solved[I] = solve_forward(D, right);
  }
  for (var n = BLOCKS; n > 0u; n--) {
    let I = n - 1u;
    var right = half_solved[I];
    for (var K = n; K < BLOCKS; K++) {
      // A row vector times a tile is the tile's transpose times the vector.
      right -= half_solved[K] * L[K * (K + 1u) / 2u + I];
    }
    let x = solve_back(L[I * (I + 1u) / 2u + I], right);
    half_solved[I] = x;
    let at = 4u * I;
    step[at] = x.x;
    step[min(at + 1u, P - 1u)] = select(step[P - 1u], x.y, at + 1u < P);
    step[min(at + 2u, P - 1u)] = select(step[P - 1u], x.z, at + 2u < P);
    step[min(at + 3u, P - 1u)] = select(step[P - 1u], x.w, at + 3u < P);
  }
  return positive_definite;
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

// The search: Levenberg–Marquardt iterations with a robust loss, one candidate (a target and a
// start) an invocation. The float64 twin is src/solve/levenberg-marquardt.ts, that of a step is
// src/solve/damped-step.ts. shaders/README.md walks through a whole kernel.
//
// Generated and put before this file:
//   P, T                  coordinates, and entries of the packed matrix, P(P + 1)/2
//   lower, upper          the coordinates' bounds
//   DAMPING_…, FAR_…, …   constants of the search
//   RECORD_…, STATUS_…    words of a candidate's record, and what its status says
//   settings, records, …  the bindings, from src/gpu/search/kernel-plan.ts
//   normal_equations(s)   the mean loss at `point` in sample s; leaves its gradient in `gradient`
//                         and its Gauss–Newton matrix (packed lower triangle) in `H`
//   bend(s)               leaves JᵀΩr″ along `velocity` at `theta` in `slope`
//   begin_solve()         has the matrix laid out for solve_step, once an iteration
//   solve_step(lambda)    leaves the damped system's solution for `pull` in `step`; false where
//                         its matrix is not positive definite
//   search()              the entry point: it calls load, then iterate, and store at the end
//
// Before it too: lib/progress.wgsl and lib/block.wgsl. Iterations are repeated by a loop of the
// entry point, or by the host.

var<private> point: array<f32, P>; // where normal_equations evaluates
var<private> gradient: array<f32, P>;
var<private> H: array<f32, T>;
var<private> slope: array<f32, P>;
var<private> theta: array<f32, P>; // the best point so far
var<private> spare: array<f32, P>; // where the shorter step leads
var<private> pull: array<f32, P>; // the right side of a damped system
var<private> step: array<f32, P>; // its solution
var<private> velocity: array<f32, P>; // the straight step
// What a coordinate that is pinned at a bound moves by; FREE for others. A pinned one has a large
// diagonal entry, see PIN, and a right side of as much times what it moves by, which `pull` has: so
// it moves by that, and the others are solved for knowing so.
var<private> displaced: array<f32, P>;
// That diagonal entry, in traces of the matrix: so much that others hardly see it, and so little
// that what is divided by it has products that are normal numbers: with smaller ones a processor
// takes much longer.
const PIN = 1e12;
// A larger trace counts as this, of which PIN times is within float32.
const MOST_TRACE = 1e25;

// The candidate's record, as it is read and written.
var<private> state: array<u32, RECORD_COORDINATES + 3u * P>;

// Whether the matrix is that of the solve before: only its right side is new.
var<private> factored: bool;
// Groups of runs; none for a lane without a candidate, which has no runs to wait for.
var<private> groups: u32;

// Reads a candidate's record. Its words are copied in a loop that nobody can unroll, here and in
// `store`: a software adapter serves storage a lane and a word at a time, each behind a branch;
// unrolled, those branches would be nine tenths of the kernel's.
fn load(lane: u32) {
  for (var w = 0u; w < settings.words; w++) {
    state[w] = records[w * settings.lanes + lane];
  }
  read_progress();
  theta[0u] = clamp(bitcast<f32>(state[RECORD_COORDINATES]), lower[0u], upper[0u]);
  point[0u] = select(bitcast<f32>(state[RECORD_COORDINATES + P]), theta[0u], trial == BEST);
  spare[0u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P]);
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
}

// Writes the record.
fn store(lane: u32) {
  write_progress();
  state[RECORD_COORDINATES] = bitcast<u32>(theta[0u]);
  state[RECORD_COORDINATES + P] = bitcast<u32>(point[0u]);
  state[RECORD_COORDINATES + 2u * P] = bitcast<u32>(spare[0u]);
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
  for (var w = 0u; w < settings.words; w++) {
    records[w * settings.lanes + lane] = state[w];
  }
}

// Whether `point`, where the loss is `next`, becomes the best point; then it does.
fn accept(next: f32) -> bool {
  let better = judge(next);
  theta[0u] = select(theta[0u], point[0u], better);
  theta[1u] = select(theta[1u], point[1u], better);
  theta[2u] = select(theta[2u], point[2u], better);
  theta[3u] = select(theta[3u], point[3u], better);
  theta[4u] = select(theta[4u], point[4u], better);
  return better;
}

// Pins the coordinates that stand at a bound which the gradient pushes them against.
fn pin_at_bounds() {
  {
    let at_lower = theta[0u] <= lower[0u] && gradient[0u] > 0.0;
    let at_upper = theta[0u] >= upper[0u] && gradient[0u] < 0.0;
    displaced[0u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[1u] <= lower[1u] && gradient[1u] > 0.0;
    let at_upper = theta[1u] >= upper[1u] && gradient[1u] < 0.0;
    displaced[1u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[2u] <= lower[2u] && gradient[2u] > 0.0;
    let at_upper = theta[2u] >= upper[2u] && gradient[2u] < 0.0;
    displaced[2u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[3u] <= lower[3u] && gradient[3u] > 0.0;
    let at_upper = theta[3u] >= upper[3u] && gradient[3u] < 0.0;
    displaced[3u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[4u] <= lower[4u] && gradient[4u] > 0.0;
    let at_upper = theta[4u] >= upper[4u] && gradient[4u] < 0.0;
    displaced[4u] = select(FREE, 0.0, at_lower || at_upper);
  }
}

// Pins the free coordinates that the step carries beyond a bound; false where there are none.
fn pin_crossing() -> bool {
  var crossed = false;
  {
    let next = theta[0u] + step[0u];
    let beyond = displaced[0u] == FREE && (next < lower[0u] || next > upper[0u]);
    displaced[0u] = select(displaced[0u], clamp(next, lower[0u], upper[0u]) - theta[0u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[1u] + step[1u];
    let beyond = displaced[1u] == FREE && (next < lower[1u] || next > upper[1u]);
    displaced[1u] = select(displaced[1u], clamp(next, lower[1u], upper[1u]) - theta[1u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[2u] + step[2u];
    let beyond = displaced[2u] == FREE && (next < lower[2u] || next > upper[2u]);
    displaced[2u] = select(displaced[2u], clamp(next, lower[2u], upper[2u]) - theta[2u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[3u] + step[3u];
    let beyond = displaced[3u] == FREE && (next < lower[3u] || next > upper[3u]);
    displaced[3u] = select(displaced[3u], clamp(next, lower[3u], upper[3u]) - theta[3u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[4u] + step[4u];
    let beyond = displaced[4u] == FREE && (next < lower[4u] || next > upper[4u]);
    displaced[4u] = select(displaced[4u], clamp(next, lower[4u], upper[4u]) - theta[4u], beyond);
    crossed = crossed || beyond;
  }
  return crossed;
}

// The straight step into `velocity`, solved for again while it carries coordinates beyond a bound,
// and its bend into `step`; false where the matrix was not positive definite. All in one loop, so
// that the solve is compiled once.
fn find_steps() -> bool {
  var positive = true;
  var unsolved = true;
  pin_at_bounds();
  factored = false;
  begin_solve();
  for (var time = 0u; time <= PINNINGS + 1u; time++) {
    if (time <= PINNINGS) {
      pull[0u] = select(displaced[0u], -gradient[0u], displaced[0u] == FREE);
      pull[1u] = select(displaced[1u], -gradient[1u], displaced[1u] == FREE);
      pull[2u] = select(displaced[2u], -gradient[2u], displaced[2u] == FREE);
      pull[3u] = select(displaced[3u], -gradient[3u], displaced[3u] == FREE);
      pull[4u] = select(displaced[4u], -gradient[4u], displaced[4u] == FREE);
    } else {
      unsolved = true;
      velocity[0u] = step[0u];
      velocity[1u] = step[1u];
      velocity[2u] = step[2u];
      velocity[3u] = step[3u];
      velocity[4u] = step[4u];
      bend(sample_index);
      pull[0u] = select(0.0, -slope[0u], displaced[0u] == FREE);
      pull[1u] = select(0.0, -slope[1u], displaced[1u] == FREE);
      pull[2u] = select(0.0, -slope[2u], displaced[2u] == FREE);
      pull[3u] = select(0.0, -slope[3u], displaced[3u] == FREE);
      pull[4u] = select(0.0, -slope[4u], displaced[4u] == FREE);
    }
    if (unsolved) {
      positive = solve_step(lambda) && positive;
      unsolved = pin_crossing();
      factored = !unsolved;
    }
  }
  return positive;
}

// Makes `point` what is tried next, and `spare` where the shorter step leads: θ + v + a/2 along
// the straight step v and its bend a, and θ + s·v + s²·a/2 with s = SHORTER. Where the bend is not
// small beside the step (Transtrum and Sethna 2012), it is left out.
fn propose(better: bool, positive: bool) {
  var straight = 0.0;
  var bent = 0.0;
  straight += H[0u] * velocity[0u] * velocity[0u];
  bent += H[0u] * step[0u] * step[0u];
  straight += H[2u] * velocity[1u] * velocity[1u];
  bent += H[2u] * step[1u] * step[1u];
  straight += H[5u] * velocity[2u] * velocity[2u];
  bent += H[5u] * step[2u] * step[2u];
  straight += H[9u] * velocity[3u] * velocity[3u];
  bent += H[9u] * step[3u] * step[3u];
  straight += H[14u] * velocity[4u] * velocity[4u];
  bent += H[14u] * step[4u] * step[4u];
  look_again(better, positive);
  let half = select(0.0, 0.5, bent <= MOST_BENT * MOST_BENT * straight);
  let short_half = SHORTER * SHORTER * half;
  var promise = 0.0;
  var short_promise = 0.0;
  {
    promise -= gradient[0u] * (velocity[0u] + half * step[0u]);
    short_promise -= gradient[0u] * (SHORTER * velocity[0u] + short_half * step[0u]);
    let whole = theta[0u] + velocity[0u] + half * step[0u];
    let short = theta[0u] + SHORTER * velocity[0u] + short_half * step[0u];
    let before = select(theta[0u], spare[0u], trial == SHORT);
    point[0u] = select(before, clamp(whole, lower[0u], upper[0u]), trial == WHOLE);
    spare[0u] = clamp(short, lower[0u], upper[0u]);
  }
  {
    promise -= gradient[1u] * (velocity[1u] + half * step[1u]);
    short_promise -= gradient[1u] * (SHORTER * velocity[1u] + short_half * step[1u]);
    let whole = theta[1u] + velocity[1u] + half * step[1u];
    let short = theta[1u] + SHORTER * velocity[1u] + short_half * step[1u];
    let before = select(theta[1u], spare[1u], trial == SHORT);
    point[1u] = select(before, clamp(whole, lower[1u], upper[1u]), trial == WHOLE);
    spare[1u] = clamp(short, lower[1u], upper[1u]);
  }
  {
    promise -= gradient[2u] * (velocity[2u] + half * step[2u]);
    short_promise -= gradient[2u] * (SHORTER * velocity[2u] + short_half * step[2u]);
    let whole = theta[2u] + velocity[2u] + half * step[2u];
    let short = theta[2u] + SHORTER * velocity[2u] + short_half * step[2u];
    let before = select(theta[2u], spare[2u], trial == SHORT);
    point[2u] = select(before, clamp(whole, lower[2u], upper[2u]), trial == WHOLE);
    spare[2u] = clamp(short, lower[2u], upper[2u]);
  }
  {
    promise -= gradient[3u] * (velocity[3u] + half * step[3u]);
    short_promise -= gradient[3u] * (SHORTER * velocity[3u] + short_half * step[3u]);
    let whole = theta[3u] + velocity[3u] + half * step[3u];
    let short = theta[3u] + SHORTER * velocity[3u] + short_half * step[3u];
    let before = select(theta[3u], spare[3u], trial == SHORT);
    point[3u] = select(before, clamp(whole, lower[3u], upper[3u]), trial == WHOLE);
    spare[3u] = clamp(short, lower[3u], upper[3u]);
  }
  {
    promise -= gradient[4u] * (velocity[4u] + half * step[4u]);
    short_promise -= gradient[4u] * (SHORTER * velocity[4u] + short_half * step[4u]);
    let whole = theta[4u] + velocity[4u] + half * step[4u];
    let short = theta[4u] + SHORTER * velocity[4u] + short_half * step[4u];
    let before = select(theta[4u], spare[4u], trial == SHORT);
    point[4u] = select(before, clamp(whole, lower[4u], upper[4u]), trial == WHOLE);
    spare[4u] = clamp(short, lower[4u], upper[4u]);
  }
  promised = select(spare_promised, promise, better);
  spare_promised = short_promise;
}

// One iteration: evaluates `point`, and finds what to try next. What is found where `point` is not
// the best one is of no use, and not used.
fn iterate() {
  let better = accept(normal_equations(sample_index));
  let positive = find_steps();
  propose(better, positive);
}
