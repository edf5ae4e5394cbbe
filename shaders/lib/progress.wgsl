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
