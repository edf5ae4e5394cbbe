// −ln u for a normal number u < 1, without the built-in logarithm. WGSL promises that one to 2⁻²¹
// absolutely near 1, where −ln u is small: shares would keep few digits, and differ between
// drivers. Here u = m·2ᵉ with m in [√½, √2) is taken apart exactly, and ln m = 2 artanh(s) with
// s = (m − 1)/(m + 1) by its series, whose first omitted term is below 2e-9 of the sum.
fn spacing(u: f32) -> f32 {
  let bits = bitcast<u32>(u) + (0x3f800000u - 0x3f3504f3u);
  let e = f32(i32(bits >> 23u) - 127);
  let f = bitcast<f32>((bits & 0x7fffffu) + 0x3f3504f3u) - 1.0;
  let s = f / (f + 2.0);
  let y = s * s;
  let series = 1.0 + y * (1.0 / 3.0 + y * (1.0 / 5.0 + y * (1.0 / 7.0 + y * (1.0 / 9.0))));
  return -(e * 0.6931471805599453 + 2.0 * s * series);
}
