// Monte Carlo over mixtures: draws them, checks the constraints, evaluates the loss, and keeps of a
// workgroup's samples only the best, the worst, their number, and a histogram of all.
//
// Sample n is a pure function of (seed, n): a block of samples can be done anywhere, in any order.
// The draw is that of src/mixture/sampling/random-mixtures.ts, which says what its distribution is:
// the same words, the same choices, float32 shares.
//
// Generated and put before this file (src/gpu/montecarlo/mixtures-source.ts):
//   K, PHILOX               domains, and blocks of four random words a sample
//   CHECKED                 whether a draw can be infeasible
//   BINS, WORKGROUP, TURNS  intervals of the histogram, invocations, samples of each
//   PURPOSE                 what the random numbers are for
//   settings, domains, …    the bindings, from src/gpu/montecarlo/mixtures-layout.ts
//   philox, spacing, …      shaders/lib
//   loss()                  the weighted sum of laws at the mixture in `share`

const NONE = 0xffffffffu; // no sample
const HUGE = 3.4e38;

var<private> word: array<u32, 4 * PHILOX>; // the sample's random words: for its kind, then a domain
var<private> share: array<f32, K>;

// Mixture number `index` into `share`.
fn draw(index: u32) {
  let key = vec2<u32>(settings.seed_low, settings.seed_high);
  /*unroll*/ for (var b = 0u; b < PHILOX; b++) {
    let four = philox(key, vec4<u32>(index, 0u, b, PURPOSE));
    word[4u * b] = four.x;
    word[4u * b + 1u] = four.y;
    word[4u * b + 2u] = four.z;
    word[4u * b + 3u] = four.w;
  }
  let kind = word[0] >> 16u;
  let detail = word[0] & 0xffffu;
  let sparse = kind < settings.sparse_below;
  let near = !sparse && kind < settings.near_below;

  // In a sparse draw a domain is in when the low nine bits of its word (its spacing uses the high
  // ones) are at most `limit`, and the domain with the fewest always is. Pinned domains have a bit
  // above all limits: they stay at their floor.
  var fewest = 511u;
  /*unroll*/ for (var i = 0u; i < K; i++) {
    fewest = min(fewest, (word[i + 1u] & 511u) | domains[i].pinned);
  }
  let limit = select(511u, max(detail >> 7u, fewest), sparse);
  var total = 0.0;
  /*unroll*/ for (var i = 0u; i < K; i++) {
    let bits = (word[i + 1u] & 511u) | domains[i].pinned;
    let part = select(0.0, spacing(uniform01(word[i + 1u])), bits <= limit);
    share[i] = part;
    total += part;
  }

  // Near draws go a random part of the way from the reference to the draw, by octaves: the upper
  // three bits say which octave, the others where in it. Exact in float32, and so is 1 − reach.
  let octave = bitcast<f32>((127u - (detail >> 13u)) << 23u);
  let reach = octave * (f32(8192u + (detail & 8191u)) + 0.5) * 0x1p-14f;
  let scale = settings.rest / total;
  /*unroll*/ for (var i = 0u; i < K; i++) {
    let drawn = domains[i].floor + scale * share[i];
    share[i] = select(drawn, (1.0 - reach) * domains[i].reference + reach * drawn, near);
  }
}

// Whether `share` is within the bounds and the linear conditions. A condition is K coefficients,
// then the least and the greatest sum.
fn feasible() -> bool {
  var inside = true;
  /*unroll*/ for (var i = 0u; i < K; i++) {
    inside = inside && share[i] >= domains[i].least && share[i] <= domains[i].most;
  }
  for (var row = 0u; row < settings.rows; row++) {
    let at = row * (K + 2u);
    var sum = 0.0;
    /*unroll*/ for (var i = 0u; i < K; i++) {
      sum += rows[at + i] * share[i];
    }
    inside = inside && sum >= rows[at + K] && sum <= rows[at + K + 1u];
  }
  return inside;
}

// WGSL may assume that there is no NaN; the bits do not lie.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// What each invocation leaves for the first one, and the workgroup's part of the histogram.
var<workgroup> lane_best: array<f32, WORKGROUP>;
var<workgroup> lane_index: array<u32, WORKGROUP>;
var<workgroup> lane_worst: array<f32, WORKGROUP>;
var<workgroup> lane_count: array<u32, WORKGROUP>;
var<workgroup> bins: array<atomic<u32>, BINS>;

// A block: TURNS samples of every invocation, neighbours side by side.
@compute @workgroup_size(WORKGROUP)
fn sample(
  @builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32,
) {
  let block = settings.first_block + workgroup.x;
  var best = HUGE;
  var index = NONE;
  var worst = -HUGE;
  var count = 0u;
  for (var turn = 0u; turn < TURNS; turn++) {
    let n = (block * TURNS + turn) * WORKGROUP + local;
    if (n >= settings.samples) {
      break;
    }
    draw(n);
    if (CHECKED && !feasible()) {
      continue;
    }
    let raw = loss();
    let value = select(HUGE, raw, is_finite(raw));
    if (value < best) {
      best = value;
      index = n;
    }
    worst = max(worst, value);
    count++;
    atomicAdd(&bins[u32(clamp((value - settings.low) * settings.scale, 0.0, f32(BINS - 1u)))], 1u);
  }
  lane_best[local] = best;
  lane_index[local] = index;
  lane_worst[local] = worst;
  lane_count[local] = count;
  workgroupBarrier();
  for (var bin = local; bin < BINS; bin += WORKGROUP) {
    let here = atomicLoad(&bins[bin]);
    if (here > 0u) {
      atomicAdd(&histogram[bin], here);
    }
  }
  if (local != 0u) {
    return;
  }
  for (var lane = 1u; lane < WORKGROUP; lane++) {
    // Of equals the first sample: the answer does not depend on the order of lanes.
    if (lane_best[lane] < best || (lane_best[lane] == best && lane_index[lane] < index)) {
      best = lane_best[lane];
      index = lane_index[lane];
    }
    worst = max(worst, lane_worst[lane]);
    count += lane_count[lane];
  }
  blocks[block] = Block(best, index, worst, count);
}
