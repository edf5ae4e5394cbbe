// The damped step as loops over tiles of 4 × 4: short to compile whatever the number of
// coordinates. Where few coordinates or a software adapter make that pay,
// src/gpu/search/write-solve.ts writes the same computation out instead. The names that it works on
// are those of shaders/search.wgsl.

const BLOCKS = (P + 3u) / 4u;

// The Cholesky factor L of the damped matrix by tiles, lower triangle: tile (I, J) is at
// I(I + 1)/2 + J, column-major, with reciprocals on L's diagonal.
var<private> L: array<mat4x4<f32>, BLOCKS * (BLOCKS + 1u) / 2u>;
var<private> half_solved: array<vec4<f32>, BLOCKS>; // L⁻¹ pull, then step
var<private> positive_definite: bool; // so far
var<private> pin: f32; // diagonal entry of a pinned coordinate

// Entry (i, j) of H, j ≤ i; of the unit matrix beyond P.
fn entry(i: u32, j: u32) -> f32 {
  return select(select(0.0, 1.0, i == j), H[min(i * (i + 1u) / 2u + j, T - 1u)], i < P);
}

fn is_free(i: u32) -> bool {
  return displaced[min(i, P - 1u)] == FREE;
}

// Entry (i, i) of the damped matrix.
fn damped(i: u32, swell: f32, ridge: f32) -> f32 {
  return select(pin, entry(i, i) * swell + ridge, is_free(i));
}

// Rows i … i + 3 of column j of H.
fn column(i: u32, j: u32) -> vec4<f32> {
  return vec4<f32>(entry(i, j), entry(i + 1u, j), entry(i + 2u, j), entry(i + 3u, j));
}

// The tile of H with corner (i, j), below the diagonal.
fn tile_below(i: u32, j: u32) -> mat4x4<f32> {
  return mat4x4<f32>(column(i, j), column(i, j + 1u), column(i, j + 2u), column(i, j + 3u));
}

// The lower triangle of the damped matrix's tile with corner (i, i).
fn diagonal_tile(i: u32, swell: f32, ridge: f32) -> mat4x4<f32> {
  return mat4x4<f32>(
    vec4<f32>(damped(i, swell, ridge), entry(i + 1u, i), entry(i + 2u, i), entry(i + 3u, i)),
    vec4<f32>(0.0, damped(i + 1u, swell, ridge), entry(i + 2u, i + 1u), entry(i + 3u, i + 1u)),
    vec4<f32>(0.0, 0.0, damped(i + 2u, swell, ridge), entry(i + 3u, i + 2u)),
    vec4<f32>(0.0, 0.0, 0.0, damped(i + 3u, swell, ridge)),
  );
}

// Entry i of the right side; 0 beyond P.
fn right_entry(i: u32) -> f32 {
  let here = pull[min(i, P - 1u)];
  return select(0.0, select(pin * here, here, is_free(i)), i < P);
}

// Entries i … i + 3 of the right side.
fn right_side(i: u32) -> vec4<f32> {
  return vec4<f32>(right_entry(i), right_entry(i + 1u), right_entry(i + 2u), right_entry(i + 3u));
}

// The factor's tile left of its diagonal tile D: X with XDᵀ = tile.
fn solve_tile(tile: mat4x4<f32>, D: mat4x4<f32>) -> mat4x4<f32> {
  let x0 = tile[0] * D[0].x;
  let x1 = (tile[1] - x0 * D[0].y) * D[1].y;
  let x2 = (tile[2] - x0 * D[0].z - x1 * D[1].z) * D[2].z;
  let x3 = (tile[3] - x0 * D[0].w - x1 * D[1].w - x2 * D[2].w) * D[3].w;
  return mat4x4<f32>(x0, x1, x2, x3);
}

// The factor's diagonal tile D: DDᵀ = tile, of which the lower triangle is read.
fn factor_tile(tile: mat4x4<f32>) -> mat4x4<f32> {
  let d0 = inverseSqrt(max(tile[0].x, TINY));
  let c0 = tile[0] * d0;
  let p1 = tile[1].y - c0.y * c0.y;
  let d1 = inverseSqrt(max(p1, TINY));
  let c1 = (tile[1] - c0 * c0.y) * d1;
  let p2 = tile[2].z - c0.z * c0.z - c1.z * c1.z;
  let d2 = inverseSqrt(max(p2, TINY));
  let c2 = (tile[2] - c0 * c0.z - c1 * c1.z) * d2;
  let p3 = tile[3].w - c0.w * c0.w - c1.w * c1.w - c2.w * c2.w;
  let d3 = inverseSqrt(max(p3, TINY));
  positive_definite = positive_definite && tile[0].x > 0.0 && p1 > 0.0 && p2 > 0.0 && p3 > 0.0;
  return mat4x4<f32>(
    vec4<f32>(d0, c0.yzw),
    vec4<f32>(0.0, d1, c1.zw),
    vec4<f32>(0.0, 0.0, d2, c2.w),
    vec4<f32>(0.0, 0.0, 0.0, d3),
  );
}

// z with Dz = right.
fn solve_forward(D: mat4x4<f32>, right: vec4<f32>) -> vec4<f32> {
  let z0 = right.x * D[0].x;
  let z1 = (right.y - D[0].y * z0) * D[1].y;
  let z2 = (right.z - D[0].z * z0 - D[1].z * z1) * D[2].z;
  let z3 = (right.w - D[0].w * z0 - D[1].w * z1 - D[2].w * z2) * D[3].w;
  return vec4<f32>(z0, z1, z2, z3);
}

// x with Dᵀx = right.
fn solve_back(D: mat4x4<f32>, right: vec4<f32>) -> vec4<f32> {
  let x3 = right.w * D[3].w;
  let x2 = (right.z - D[2].w * x3) * D[2].z;
  let x1 = (right.y - D[1].z * x2 - D[1].w * x3) * D[1].y;
  let x0 = (right.x - D[0].y * x1 - D[0].z * x2 - D[0].w * x3) * D[0].x;
  return vec4<f32>(x0, x1, x2, x3);
}

// Nothing is laid out beforehand, and a second right side has the matrix factored again.
fn begin_solve() {
}

// step ← (H + λ(diag H + c·tr H·I))⁻¹ pull, by Cholesky; false: not positive definite. For pinned
// coordinates see `displaced` in shaders/search.wgsl.
fn solve_step(lambda: f32) -> bool {
  var trace = 0.0;
  for (var i = 0u; i < P; i++) {
    trace += H[i * (i + 3u) / 2u];
  }
  let ridge = lambda * DAMPING_TRACE * trace + TINY;
  pin = PIN * min(trace, MOST_TRACE) + TINY;
  let swell = 1.0 + lambda;
  positive_definite = true;
  for (var I = 0u; I < BLOCKS; I++) {
    let row = I * (I + 1u) / 2u;
    for (var J = 0u; J < I; J++) {
      let other = J * (J + 1u) / 2u;
      var tile = tile_below(4u * I, 4u * J);
      for (var K = 0u; K < J; K++) {
        tile -= L[row + K] * transpose(L[other + K]);
      }
      L[row + J] = solve_tile(tile, L[other + J]);
    }
    var tile = diagonal_tile(4u * I, swell, ridge);
    var right = right_side(4u * I);
    for (var K = 0u; K < I; K++) {
      let l = L[row + K];
      tile -= l * transpose(l);
      right -= l * half_solved[K];
    }
    let D = factor_tile(tile);
    L[row + I] = D;
    half_solved[I] = solve_forward(D, right);
  }
  for (var n = BLOCKS; n > 0u; n--) {
    let I = n - 1u;
    var right = half_solved[I];
    for (var K = n; K < BLOCKS; K++) {
      // A row vector times a tile is the tile's transpose times the vector.
      right -= half_solved[K] * L[K * (K + 1u) / 2u + I];
    }
    let x = solve_back(L[I * (I + 1u) / 2u + I], right);
    half_solved[I] = x;
    let at = 4u * I;
    step[at] = x.x;
    step[min(at + 1u, P - 1u)] = select(step[P - 1u], x.y, at + 1u < P);
    step[min(at + 2u, P - 1u)] = select(step[P - 1u], x.z, at + 2u < P);
    step[min(at + 3u, P - 1u)] = select(step[P - 1u], x.w, at + 3u < P);
  }
  return positive_definite;
}
