// Philox4x32-10, a counter-based random number generator, bit for bit that of src/random/rng.ts.
// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".

// The upper half of a 64-bit product, in 16-bit pieces: WGSL has no 64-bit integers.
fn mulHigh(a: u32, b: u32) -> u32 {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let mid1 = aHigh * bLow;
  let mid2 = aLow * bHigh;
  let carry = ((aLow * bLow) >> 16u) + (mid1 & 0xffffu) + (mid2 & 0xffffu);
  return aHigh * bHigh + (mid1 >> 16u) + (mid2 >> 16u) + (carry >> 16u);
}

// Four random words for a key (seed low, seed high) and a counter (index low, index high, block,
// purpose). Lane l of the host's streams is word l % 4 of block l / 4.
fn philox(key: vec2<u32>, counter: vec4<u32>) -> vec4<u32> {
  var k = key;
  var c = counter;
  for (var round = 0u; round < 10u; round++) {
    let high0 = mulHigh(0xd2511f53u, c.x);
    let low0 = 0xd2511f53u * c.x;
    let high1 = mulHigh(0xcd9e8d57u, c.z);
    let low1 = 0xcd9e8d57u * c.z;
    c = vec4<u32>(high1 ^ c.y ^ k.x, low1, high0 ^ c.w ^ k.y, low0);
    k += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// A word as an odd multiple of 2⁻²⁴ strictly between 0 and 1. Every step is exact in float32.
fn uniform01(x: u32) -> f32 {
  return (f32(x >> 9u) + 0.5) * 0x1p-23f;
}
