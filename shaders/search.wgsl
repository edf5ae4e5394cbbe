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
  /*unroll*/ for (var i = 0u; i < P; i++) {
    theta[i] = clamp(bitcast<f32>(state[RECORD_COORDINATES + i]), lower[i], upper[i]);
    point[i] = select(bitcast<f32>(state[RECORD_COORDINATES + P + i]), theta[i], trial == BEST);
    spare[i] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + i]);
  }
}

// Writes the record.
fn store(lane: u32) {
  write_progress();
  /*unroll*/ for (var i = 0u; i < P; i++) {
    state[RECORD_COORDINATES + i] = bitcast<u32>(theta[i]);
    state[RECORD_COORDINATES + P + i] = bitcast<u32>(point[i]);
    state[RECORD_COORDINATES + 2u * P + i] = bitcast<u32>(spare[i]);
  }
  for (var w = 0u; w < settings.words; w++) {
    records[w * settings.lanes + lane] = state[w];
  }
}

// Whether `point`, where the loss is `next`, becomes the best point; then it does.
fn accept(next: f32) -> bool {
  let better = judge(next);
  /*unroll*/ for (var i = 0u; i < P; i++) {
    theta[i] = select(theta[i], point[i], better);
  }
  return better;
}

// Pins the coordinates that stand at a bound which the gradient pushes them against.
fn pin_at_bounds() {
  /*unroll*/ for (var i = 0u; i < P; i++) {
    let at_lower = theta[i] <= lower[i] && gradient[i] > 0.0;
    let at_upper = theta[i] >= upper[i] && gradient[i] < 0.0;
    displaced[i] = select(FREE, 0.0, at_lower || at_upper);
  }
}

// Pins the free coordinates that the step carries beyond a bound; false where there are none.
fn pin_crossing() -> bool {
  var crossed = false;
  /*unroll*/ for (var i = 0u; i < P; i++) {
    let next = theta[i] + step[i];
    let beyond = displaced[i] == FREE && (next < lower[i] || next > upper[i]);
    displaced[i] = select(displaced[i], clamp(next, lower[i], upper[i]) - theta[i], beyond);
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
      /*unroll*/ for (var i = 0u; i < P; i++) {
        pull[i] = select(displaced[i], -gradient[i], displaced[i] == FREE);
      }
    } else {
      unsolved = true;
      /*unroll*/ for (var i = 0u; i < P; i++) {
        velocity[i] = step[i];
      }
      bend(sample_index);
      /*unroll*/ for (var i = 0u; i < P; i++) {
        pull[i] = select(0.0, -slope[i], displaced[i] == FREE);
      }
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
  /*unroll*/ for (var i = 0u; i < P; i++) {
    straight += H[i * (i + 3u) / 2u] * velocity[i] * velocity[i];
    bent += H[i * (i + 3u) / 2u] * step[i] * step[i];
  }
  look_again(better, positive);
  let half = select(0.0, 0.5, bent <= MOST_BENT * MOST_BENT * straight);
  let short_half = SHORTER * SHORTER * half;
  var promise = 0.0;
  var short_promise = 0.0;
  /*unroll*/ for (var i = 0u; i < P; i++) {
    promise -= gradient[i] * (velocity[i] + half * step[i]);
    short_promise -= gradient[i] * (SHORTER * velocity[i] + short_half * step[i]);
    let whole = theta[i] + velocity[i] + half * step[i];
    let short = theta[i] + SHORTER * velocity[i] + short_half * step[i];
    let before = select(theta[i], spare[i], trial == SHORT);
    point[i] = select(before, clamp(whole, lower[i], upper[i]), trial == WHOLE);
    spare[i] = clamp(short, lower[i], upper[i]);
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
