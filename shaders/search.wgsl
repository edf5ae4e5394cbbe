// The search: Levenberg–Marquardt iterations with reweighting, one candidate (target, start)
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

// What `point` is: the best point itself, whose matrix is wanted; a step from there; the shorter
// one.
const BEST = 0u;
const WHOLE = 1u;
const SHORT = 2u;

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
  /*unroll*/ for (var i = 0u; i < P; i++) {
    let next = theta[i] + step[i];
    let beyond = displaced[i] == FREE && (next < lower[i] || next > upper[i]);
    displaced[i] = select(displaced[i], clamp(next, lower[i], upper[i]) - theta[i], beyond);
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
  /*unroll*/ for (var i = 0u; i < P; i++) {
    theta[i] = clamp(bitcast<f32>(state[RECORD_COORDINATES + i]), lower[i], upper[i]);
    point[i] = select(bitcast<f32>(state[RECORD_COORDINATES + P + i]), theta[i], trial == BEST);
    spare[i] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + i]);
  }
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
  /*unroll*/ for (var i = 0u; i < P; i++) {
    state[RECORD_COORDINATES + i] = bitcast<u32>(theta[i]);
    state[RECORD_COORDINATES + P + i] = bitcast<u32>(point[i]);
    state[RECORD_COORDINATES + 2u * P + i] = bitcast<u32>(spare[i]);
  }
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
    status = select(STATUS_RUNNING, STATUS_NONFINITE, !is_finite(next));
  } else {
    calm = select(select(0u, calm, !better), calm + 1u, quiet);
    // A step taken right after one that was refused leaves λ: else, where one λ is right for long,
    // every second step would be refused.
    let kept = select(max(lambda * DAMPING_SHRINK, DAMPING_LEAST), lambda, refused);
    lambda = select(lambda * DAMPING_GROW, kept, better);
    refused = !better;
    status = select(status, STATUS_CONVERGED, calm >= CALM);
  }
  objective = select(objective, next, better);
  trial = select(select(BEST, SHORT, trial == WHOLE), WHOLE, better);
  /*unroll*/ for (var i = 0u; i < P; i++) {
    theta[i] = select(theta[i], point[i], better);
  }

  // The straight step, again while it carries coordinates beyond a bound, and last its bend; in a
  // loop, so that the solve is compiled once.
  /*unroll*/ for (var i = 0u; i < P; i++) {
    let at_lower = theta[i] <= lower[i] && gradient[i] > 0.0;
    let at_upper = theta[i] >= upper[i] && gradient[i] < 0.0;
    displaced[i] = select(FREE, 0.0, at_lower || at_upper);
  }
  var positive = true;
  var crossed = true;
  factored = false;
  begin_solve();
  for (var time = 0u; time <= PINNINGS + 1u; time++) {
    if (time <= PINNINGS) {
      /*unroll*/ for (var i = 0u; i < P; i++) {
        pull[i] = select(HUGE * displaced[i], -gradient[i], displaced[i] == FREE);
      }
    } else {
      crossed = true;
      /*unroll*/ for (var i = 0u; i < P; i++) {
        velocity[i] = step[i];
      }
      bend(sample_index);
      /*unroll*/ for (var i = 0u; i < P; i++) {
        pull[i] = select(0.0, -slope[i], displaced[i] == FREE);
      }
    }
    if (crossed) {
      positive = solve_step(lambda) && positive;
      crossed = pin();
      factored = !crossed;
    }
  }
  var straight = 0.0;
  var bent = 0.0;
  /*unroll*/ for (var i = 0u; i < P; i++) {
    straight += H[i * (i + 3u) / 2u] * velocity[i] * velocity[i];
    bent += H[i * (i + 3u) / 2u] * step[i] * step[i];
  }
  // Without a positive definite matrix there is no step: the best point once more, with more
  // damping.
  let stepless = better && !positive;
  trial = select(trial, BEST, stepless);
  lambda = select(lambda, lambda * DAMPING_GROW, stepless);
  refused = refused || stepless;
  status = select(status, STATUS_STALLED, status == STATUS_RUNNING && lambda > DAMPING_MOST);
  let share = select(0.0, 0.5, bent <= MOST_BENT * MOST_BENT * straight);
  let short_share = SHORTER * SHORTER * share;
  var promise = 0.0;
  var short_promise = 0.0;
  /*unroll*/ for (var i = 0u; i < P; i++) {
    promise -= gradient[i] * (velocity[i] + share * step[i]);
    short_promise -= gradient[i] * (SHORTER * velocity[i] + short_share * step[i]);
    let whole = theta[i] + velocity[i] + share * step[i];
    let short = theta[i] + SHORTER * velocity[i] + short_share * step[i];
    let before = select(theta[i], spare[i], trial == SHORT);
    point[i] = select(before, clamp(whole, lower[i], upper[i]), trial == WHOLE);
    spare[i] = clamp(short, lower[i], upper[i]);
  }
  promised = select(spare_promised, promise, better);
  spare_promised = short_promise;
}
