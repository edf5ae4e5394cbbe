// The search: whole Levenberg–Marquardt iterations with Huber reweighting, one candidate (target, start) an invocation.
//
// Generated and put before this file: the constants P (coordinates), T = P(P+1)/2 and WORKGROUP, the bindings of src/gpu/plan.ts, and
// `normal_equations(sample)`, which evaluates the mean objective at `point` and leaves its gradient in `slope` and its Gauss–Newton matrix
// (packed lower triangle) in `curvature`; `bend(sample)`, which leaves JᵀΩr″ along `velocity` at `theta` in `slope`; and `solve_step(λ)`, which sets `step` from
// `pull`: written out for few coordinates, shaders/lib/solve.wgsl for many; the entry point, and `all_done(mine)`, after which a lane may leave: where tables
// are staged, lanes read for each other, and none leaves before all of its subgroup are done. The float64 twin of this loop is src/solve/lm.ts, of its steps src/solve/step.ts.

const RUNNING = 0u;
const CONVERGED = 1u;
const STALLED = 2u;
const NONFINITE = 3u;

const NOBODY = 0xffffffffu; // no candidate
const TINY = 1e-30;
const HUGE = 1e30;

var<private> point: array<f32, P>; // where normal_equations evaluates
var<private> slope: array<f32, P>;
var<private> curvature: array<f32, T>;
var<private> theta: array<f32, P>; // the best point so far, its gradient and matrix
var<private> gradient: array<f32, P>;
var<private> H: array<f32, T>;
var<private> pull: array<f32, P>; // the right side of a damped system
var<private> step: array<f32, P>; // its solution
var<private> velocity: array<f32, P>; // the straight step
// A pinned coordinate has a diagonal entry of HUGE and a right side of HUGE times what it moves by: it moves by that, and the others are solved for knowing so.
var<private> displaced: array<f32, P>;
const FREE = HUGE;

// WGSL may assume that there is no NaN: `x != x` folds to false. The bits do not lie.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// Makes the evaluated point the candidate's own, where it is better.
fn take(better: bool) {
  /*unroll*/ for (var i = 0u; i < P; i++) {
    theta[i] = select(theta[i], point[i], better);
    gradient[i] = select(gradient[i], slope[i], better);
  }
  /*unroll*/ for (var i = 0u; i < T; i++) {
    H[i] = select(H[i], curvature[i], better);
  }
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

// A lane of the block: takes a candidate from the block's list, and the next one when that is done, until the turns are used up. What is not done by then
// goes on in a later dispatch. What becomes of a candidate does not depend on who takes it, or when.
fn search_block(block: u32, local: u32) {
  var place = local;
  var idle = true;
  var lane = NOBODY;
  var sample_index = 0u;
  var objective = HUGE;
  var lambda = 0.0;
  var calm = 0u;
  var used = 0u;
  var status = RUNNING;
  var fresh = true;
  var promised = 0.0; // −gradient·step: twice what an undamped model promises
  var positive = true;
  var refused = false; // the step before
  // The evaluation stands in one place, so that it is compiled once: a candidate's first turn evaluates where it starts, each later one a step.
  for (var turn = 0u; turn < settings.turns; turn++) {
    if (idle) {
      lane = NOBODY;
      if (place < settings.jobs) {
        lane = schedule[block * settings.jobs + place];
      }
      if (lane != NOBODY) {
        // A loop that nobody can unroll, here and below. A software adapter serves storage a lane and a word at a time, each behind a branch: unrolled, those
        // branches are nine tenths of the kernel's, and compiling takes twice as long.
        for (var w = 0u; w < settings.words; w++) {
          let word = records[w * settings.lanes + lane];
          let value = bitcast<f32>(word);
          lambda = select(lambda, value, w == RECORD_LAMBDA);
          calm = select(calm, word, w == RECORD_CALM);
          sample_index = select(sample_index, word, w == RECORD_SAMPLE);
          used = select(used, word, w == RECORD_USED);
          refused = select(refused, word != 0u, w == RECORD_REFUSED);
          /*unroll*/ for (var i = 0u; i < P; i++) {
            point[i] = select(point[i], clamp(value, lower[i], upper[i]), w == RECORD_COORDINATES + i);
          }
        }
        status = RUNNING;
        fresh = true;
      }
      idle = false;
    }
    if (all_done(lane == NOBODY)) {
      break;
    }
    let next = normal_equations(sample_index);
    let small = settings.tolerance * objective;
    let quiet = !fresh && positive && lambda < DAMPING_CALM && promised < small && objective - next < small;
    let better = fresh || (positive && is_finite(next) && next < objective);
    take(better);
    objective = select(objective, next, better);
    if (fresh) {
      status = select(RUNNING, NONFINITE, !is_finite(next));
      fresh = false;
    } else {
      calm = select(select(0u, calm, !better), calm + 1u, quiet);
      // A step taken right after one that was refused leaves λ: else, where one λ is right for long, every second step would be refused.
      lambda = select(lambda * DAMPING_GROW, select(max(lambda * DAMPING_SHRINK, DAMPING_LEAST), lambda, refused), better);
      refused = !better;
      used++;
      status = select(status, CONVERGED, calm >= CALM);
      status = select(status, STALLED, lambda > DAMPING_MOST);
    }
    let done = status != RUNNING || used >= settings.iterations;
    let over = turn + 1u == settings.turns;
    if (lane != NOBODY && (done || over)) {
      for (var w = 0u; w < settings.words; w++) {
        var word = bitcast<u32>(objective);
        word = select(word, bitcast<u32>(lambda), w == RECORD_LAMBDA);
        word = select(word, calm, w == RECORD_CALM);
        word = select(word, status, w == RECORD_STATUS);
        word = select(word, sample_index, w == RECORD_SAMPLE);
        word = select(word, used, w == RECORD_USED);
        word = select(word, u32(refused), w == RECORD_REFUSED);
        /*unroll*/ for (var i = 0u; i < P; i++) {
          word = select(word, bitcast<u32>(theta[i]), w == RECORD_COORDINATES + i);
        }
        records[w * settings.lanes + lane] = word;
      }
      place = settings.jobs;
      if (!over) {
        place = atomicAdd(&taken[block], 1u);
      }
      idle = true;
    }
    if (over) {
      break;
    }
    /*unroll*/ for (var i = 0u; i < P; i++) {
      displaced[i] = select(FREE, 0.0, (theta[i] <= lower[i] && gradient[i] > 0.0) || (theta[i] >= upper[i] && gradient[i] < 0.0));
    }
    // The straight step, again while it carries coordinates beyond a bound, and last its bend; in a loop, so that the solve is compiled once.
    positive = true;
    var crossed = true;
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
      }
    }
    var straight = 0.0;
    var bent = 0.0;
    /*unroll*/ for (var i = 0u; i < P; i++) {
      straight += H[i * (i + 3u) / 2u] * velocity[i] * velocity[i];
      bent += H[i * (i + 3u) / 2u] * step[i] * step[i];
    }
    let share = select(0.0, 0.5, bent <= MOST_BENT * MOST_BENT * straight);
    promised = 0.0;
    /*unroll*/ for (var i = 0u; i < P; i++) {
      point[i] = clamp(theta[i] + velocity[i] + share * step[i], lower[i], upper[i]);
      promised -= gradient[i] * (velocity[i] + share * step[i]);
    }
  }
}
