// Put after roofline.wgsl where there are subgroups: each invocation reads vectors of its own, and
// shuffles pass them round, as in a staged search (src/gpu/search/table-loops.ts). A turn gives
// each invocation sixteen values of every invocation of its subgroup.
@compute @workgroup_size(WORKGROUP)
fn staged(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  var a = vec4<f32>();
  var b = vec4<f32>();
  for (var turn = 0u; turn < settings.turns; turn++) {
    let at = ((32u * turn) & settings.mask) + lane;
    let w = constants[at];
    let x = constants[at + lanes];
    let y = constants[at + 2u * lanes];
    let z = constants[at + 3u * lanes];
    for (var other = 0u; other < lanes; other++) {
      a += subgroupShuffle(w, other) + subgroupShuffle(x, other);
      b += subgroupShuffle(y, other) + subgroupShuffle(z, other);
    }
  }
  result[id.x] = dot(a + b, vec4<f32>(1.0));
}
