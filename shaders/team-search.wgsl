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
  /*unroll*/ for (var w = 0u; w < RECORD_COORDINATES; w++) {
    state[w] = records[w * settings.lanes + record];
  }
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
    /*unroll*/ for (var w = 0u; w < RECORD_COORDINATES; w++) {
      records[w * settings.lanes + record] = state[w];
    }
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
