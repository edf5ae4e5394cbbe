// Weights of bootstrap replicates, one replicate an invocation: bit for bit those of
// src/random/resampling.ts, which says what they are.
//
// A replicate owns a column of `sample_weights`, whose rows are blocks of runs: neighbours in a
// workgroup are neighbours in memory, here and in the search.
//
// Generated and put before this file (src/gpu/search/sample-weights.ts):
//   WORKGROUP        invocations of a workgroup
//   PURPOSE          what the random numbers are for
//   FRACTION         bits after the point of a Bayesian weight
//   settings, …      the bindings
//   philox, mulHigh  shaders/lib/rng.wgsl

// −log₂((x|1)/2³²) in fixed point: the fraction's bits come from squaring the mantissa again and
// again.
fn exponential_word(x: u32) -> u32 {
  let u = x | 1u;
  let zeros = countLeadingZeros(u);
  var mantissa = u << zeros;
  var fraction = 0u;
  for (var bit = 0u; bit < FRACTION; bit++) {
    let square = mulHigh(mantissa, mantissa);
    let carry = square >> 31u;
    fraction = 2u * fraction + carry;
    mantissa = square << (1u - carry);
  }
  return ((zeros + 1u) << FRACTION) - fraction;
}

// Bayesian: an exponential number a block. Multinomial: each of as many draws as there are blocks
// adds 1 to the block it hits; the buffer begins with zeros.
@compute @workgroup_size(WORKGROUP)
fn fill(@builtin(global_invocation_id) id: vec3<u32>) {
  let sample = id.x;
  if (sample >= settings.samples) {
    return;
  }
  let key = vec2<u32>(settings.seed_low, settings.seed_high);
  for (var i = 0u; i < settings.blocks; i += 4u) {
    let four = philox(key, vec4<u32>(settings.first + sample, 0u, i / 4u, PURPOSE));
    for (var j = 0u; j < min(4u, settings.blocks - i); j++) {
      if (settings.bayesian == 1u) {
        sample_weights[(i + j) * settings.samples + sample] = exponential_word(four[j]);
      } else {
        sample_weights[mulHigh(four[j], settings.blocks) * settings.samples + sample] += 1u;
      }
    }
  }
}
