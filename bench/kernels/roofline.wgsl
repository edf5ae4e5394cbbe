// What the adapter can do at most, one operation at a time. Each entry point spends its time in one
// kind of operation, on eight or twelve independent chains, sixteen of each a turn, so that neither
// latency nor the loop counts. bench/kernels/roofline.ts puts settings and bindings before it,
// writes the inner loops out, and says how many operations a turn has.

@compute @workgroup_size(WORKGROUP)
fn exponentials(@builtin(global_invocation_id) id: vec3<u32>) {
  var a = vec4<f32>(0.1, 0.2, 0.3, 0.4) * f32(id.x & 7u);
  var b = a + 0.05;
  for (var turn = 0u; turn < settings.turns; turn++) {
    /*unroll*/ for (var k = 0u; k < 16; k++) {
      a = exp(-a);
      b = exp(-b);
    }
  }
  result[id.x] = dot(a + b, vec4<f32>(1.0));
}

@compute @workgroup_size(WORKGROUP)
fn logarithms(@builtin(global_invocation_id) id: vec3<u32>) {
  var a = vec4<f32>(0.1, 0.2, 0.3, 0.4) * f32(id.x & 7u);
  var b = a + 0.05;
  for (var turn = 0u; turn < settings.turns; turn++) {
    /*unroll*/ for (var k = 0u; k < 16; k++) {
      a = log(a + 2.0);
      b = log(b + 2.0);
    }
  }
  result[id.x] = dot(a + b, vec4<f32>(1.0));
}

// Multiply-adds. The host makes `separate` of it, which multiplies and adds.
@compute @workgroup_size(WORKGROUP)
fn fused(@builtin(global_invocation_id) id: vec3<u32>) {
  let f = vec4<f32>(settings.factor);
  let t = vec4<f32>(settings.term);
  var a = vec4<f32>(0.1, 0.2, 0.3, 0.4) * f32(id.x & 7u);
  var b = a + 0.05;
  var c = b + 0.05;
  for (var turn = 0u; turn < settings.turns; turn++) {
    /*unroll*/ for (var k = 0u; k < 16; k++) {
      a = fma(a, f, t);
      b = fma(b, f, t);
      c = fma(c, f, t);
    }
  }
  result[id.x] = dot(a + b + c, vec4<f32>(1.0));
}

// A table that all invocations read at the same place: as the search reads its runs. The sums need
// additions, which are cheap beside the loads. The host makes `uniforms` of it, which reads the
// same table from a uniform buffer.
@compute @workgroup_size(WORKGROUP)
fn loads(@builtin(global_invocation_id) id: vec3<u32>) {
  var a = vec4<f32>();
  var b = vec4<f32>();
  for (var turn = 0u; turn < settings.turns; turn++) {
    let at = (32u * turn) & settings.mask;
    /*unroll*/ for (var k = 0u; k < 16; k++) {
      a += table[at + 2u * k];
      b += table[at + 2u * k + 1u];
    }
  }
  result[id.x] = dot(a + b, vec4<f32>(1.0));
}
