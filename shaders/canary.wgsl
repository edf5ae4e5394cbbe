// A kernel whose answers are known: what the other kernels rely on, an answer a lane and row. The
// host compares them (src/gpu/canary.ts) before an adapter is used.
//
// Generated and put before this file:
//   WORKGROUP        invocations of the one workgroup
//   points, answers  the bindings
//   philox, mulHigh  shaders/lib/rng.wgsl

const BINS = 8u;
var<workgroup> words: array<u32, WORKGROUP>;
var<workgroup> bins: array<atomic<u32>, BINS>;

// 1 + 2 + … + n by a private array that begins with zeros in every turn.
fn triangle(n: u32) -> f32 {
  var last = 0.0;
  for (var turn = 0u; turn < 3u; turn++) {
    var sums = array<f32, 4>();
    for (var i = 1u; i <= n; i++) {
      sums[i % 4u] += f32(i);
    }
    last = sums[0] + sums[1] + sums[2] + sums[3];
  }
  return last;
}

// The entry (1, 1) of the Cholesky factor of [[a², ab], [ab, b² + c²]], which is c.
fn cholesky(a: f32, b: f32, c: f32) -> f32 {
  let reciprocal = inverseSqrt(a * a);
  let below = a * b * reciprocal;
  return sqrt(b * b + c * c - below * below);
}

// An invocation's answers. The rows are those of src/gpu/canary.ts.
fn answer(lane: u32) {
  let point = points[lane / 4u];
  let x = point[lane % 4u];
  let four = philox(vec2<u32>(lane, 1u), vec4<u32>(2u, 3u, 4u, lane));
  words[lane] = four.x;
  atomicAdd(&bins[lane % BINS], lane);
  workgroupBarrier();
  answers[lane] = bitcast<u32>(1.0 / x);
  answers[WORKGROUP + lane] = bitcast<u32>(exp(x));
  answers[2u * WORKGROUP + lane] = bitcast<u32>(log(abs(x)));
  answers[3u * WORKGROUP + lane] = bitcast<u32>(cholesky(abs(x), 1.0, 2.0));
  answers[4u * WORKGROUP + lane] = bitcast<u32>(triangle(lane));
  answers[5u * WORKGROUP + lane] = four.w;
  answers[6u * WORKGROUP + lane] = words[WORKGROUP - 1u - lane];
  answers[7u * WORKGROUP + lane] = atomicLoad(&bins[lane % BINS]);
  answers[8u * WORKGROUP + lane] = countLeadingZeros(lane) + ((lane << 8u) >> 3u);
}
