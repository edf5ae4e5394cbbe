// Weights of bootstrap replicates, one replicate an invocation: bit for bit those of
// src/random/resampling.ts, which says what they are.
//
// Generated and put before this file: WORKGROUP, PURPOSE, FRACTION, the bindings of
// src/gpu/search/sample-weights.ts and lib/rng.wgsl. A replicate owns a column of `sample_weights`,
// whose rows are blocks: neighbours in a workgroup are neighbours in memory, here and in the
// search.

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
