// A search over 9 coordinates, 5 columns of the factored Jacobian.

enable subgroups;
// Loops end for all lanes of a subgroup at once: see all_done.
diagnostic(off, subgroup_uniformity);

const P = 9u;
const T = 45u;
const WORKGROUP = 8u;
const PINNINGS = 1u;
const MOST_BENT = 0.75;
const SHORTER = 0.25;

const RECORD_OBJECTIVE = 0u;
const RECORD_LAMBDA = 1u;
const RECORD_CALM = 2u;
const RECORD_STATUS = 3u;
const RECORD_SAMPLE = 4u;
const RECORD_REFUSED = 5u;
const RECORD_TRIAL = 6u;
const RECORD_PROMISED = 7u;
const RECORD_SPARE_PROMISED = 8u;
const RECORD_NEAR = 9u;
const RECORD_COORDINATES = 10u;

const STATUS_RUNNING = 0u;
const STATUS_CONVERGED = 1u;
const STATUS_STALLED = 2u;
const STATUS_NONFINITE = 3u;
const NOBODY = 4294967295u;

const DAMPING_TRACE = 0.003;
const DAMPING_START = 0.01;
const DAMPING_SHRINK = 0.2;
const DAMPING_GROW = 5.0;
const DAMPING_LEAST = 1e-7;
const DAMPING_MOST = 100000000.0;
const DAMPING_CALM = 0.1;

const FAR_TAU = 1.0;
const FAR_SHRINK = 0.2;
const FAR_CALM = 4u;
const NEAR_TAU = 0.25;
const NEAR_SHRINK = 0.35;
const NEAR_CALM = 3u;

const lower = array<f32, P>(0.0, -60.0, 0.0, -60.0, 0.0, -60.0, -60.0, 0.0, 0.0);
const upper = array<f32, P>(3.4e+38, 60.0, 10.0, 60.0, 10.0, 60.0, 60.0, 60.0, 60.0);

struct Settings {
  lanes: u32,
  words: u32,
  first_block: u32,
  turns: u32,
  groups: u32,
  samples: u32,
  tolerance: f32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> schedule: array<u32>;
@group(0) @binding(2) var<storage, read> blocks: array<u32>;
@group(0) @binding(3) var<storage, read_write> records: array<u32>;
@group(0) @binding(4) var<uniform> mixes0: array<vec4<f32>, 4096>;
@group(0) @binding(5) var<uniform> runs0: array<vec4<f32>, 4096>;

var<private> subgroup_lane: u32;
var<private> subgroup_lanes: u32;

// Whether all lanes of the subgroup are done: they read tables for one another.
fn all_done(done: bool) -> bool {
  return subgroupAll(done);
}

// `turns` iterations of the candidate in the invocation's place in the schedule.
@compute @workgroup_size(WORKGROUP)
fn search(
  @builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) own_lane: u32, @builtin(subgroup_size) lanes: u32,
) {
  subgroup_lane = own_lane;
  subgroup_lanes = lanes;
  let block = settings.first_block + workgroup.x;
  read_block(block);
  let lane = schedule[block * WORKGROUP + local];
  load(min(lane, settings.lanes - 1u));
  var idle = lane == NOBODY || status != STATUS_RUNNING;
  for (var turn = 0u; turn < settings.turns; turn++) {
    groups = select(settings.groups, 0u, all_done(idle));
    iterate();
    if (!idle && (status != STATUS_RUNNING || turn + 1u == settings.turns)) {
      store(lane);
    }
    idle = idle || status != STATUS_RUNNING;
    if (all_done(idle)) {
      break;
    }
  }
}

// The mean loss at `point`, its gradient and its Gauss–Newton matrix.
fn normal_equations(sample_index: u32) -> f32 {
  gradient = array<f32, P>();
  H = array<f32, T>();
  // from the coordinates alone
  let fit0 = point[0];
  let fit1 = point[1];
  let fit2 = point[2];
  let fit9 = point[3];
  let fit10 = point[4];
  let fit18 = point[5];
  let fit19 = point[7];
  let fit26 = point[6];
  let fit27 = point[8];
  var total = 0.0;
  var first = rows_before;
  for (var group_from = 0u; group_from < groups; group_from += subgroup_lanes) {
    let own_group = group_from + subgroup_lane;
    let own_mixes_0 = mixes0[own_group * 2u];
    let own_mixes_1 = mixes0[own_group * 2u + 1u];
    let group_end = min(subgroup_lanes, groups - group_from);
    for (var group = 0u; group < group_end; group++) {
      // once a mixture
      let mix20 = subgroupShuffle(own_mixes_0.x, group);
      let mix21 = fit19 * mix20;
      let mix22 = fit18 + mix21;
      let mix23 = exp(min(mix22, 80.0));
      let mix24 = subgroupShuffle(own_mixes_0.y, group);
      let mix25 = mix24 * mix23;
      let mix28 = subgroupShuffle(own_mixes_0.z, group);
      let mix29 = fit27 * mix28;
      let mix30 = fit26 + mix29;
      let mix31 = exp(min(mix30, 80.0));
      let mix32 = subgroupShuffle(own_mixes_0.w, group);
      let mix33 = mix32 * mix31;
      let mix34 = mix25 + mix33;
      let mix35 = 1.0 / mix34;
      let mix42 = (-1.0) / mix34;
      let mix43 = mix35 * mix42;
      let mix44 = mix25 * mix43;
      let mix45 = mix20 * mix44;
      let mix46 = mix33 * mix43;
      let mix47 = mix28 * mix46;
      // Sums over its runs: the loss, v = Σ ψ·d and S = Σ ω·d·dᵀ, d a run's derivatives by columns.
      var sum = 0.0;
      var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
      var s0_0 = 0.0;
      var s1_0 = 0.0; var s1_1 = 0.0;
      var s2_0 = 0.0; var s2_1 = 0.0; var s2_2 = 0.0;
      var s3_0 = 0.0; var s3_1 = 0.0; var s3_2 = 0.0; var s3_3 = 0.0;
      var s4_0 = 0.0; var s4_1 = 0.0; var s4_2 = 0.0; var s4_3 = 0.0; var s4_4 = 0.0;
      let end = rows_before + u32(subgroupShuffle(own_mixes_1.x, group));
      for (var run_from = first; run_from < end; run_from += subgroup_lanes) {
        let own_run = run_from + subgroup_lane;
        let own_runs_0 = runs0[own_run];
        let run_end = min(subgroup_lanes, end - run_from);
        for (var run = 0u; run < run_end; run += 2u) {
          let run_1 = min(run + 1u, run_end - 1u);
          let run4 = subgroupShuffle(own_runs_0.x, run);
          let run4_1 = subgroupShuffle(own_runs_0.x, run_1);
          let run5 = fit2 * run4;
          let run5_1 = fit2 * run4_1;
          let run6 = fit1 - run5;
          let run6_1 = fit1 - run5_1;
          let run7 = exp(min(run6, 80.0));
          let run7_1 = exp(min(run6_1, 80.0));
          let run8 = fit0 + run7;
          let run8_1 = fit0 + run7_1;
          let run12 = subgroupShuffle(own_runs_0.y, run);
          let run12_1 = subgroupShuffle(own_runs_0.y, run_1);
          let run13 = fit10 * run12;
          let run13_1 = fit10 * run12_1;
          let run14 = fit9 - run13;
          let run14_1 = fit9 - run13_1;
          let run15 = exp(min(run14, 80.0));
          let run15_1 = exp(min(run14_1, 80.0));
          let run16 = run8 + run15;
          let run16_1 = run8_1 + run15_1;
          let run36 = run16 + mix35;
          let run36_1 = run16_1 + mix35;
          let run37 = subgroupShuffle(own_runs_0.z, run);
          let run37_1 = subgroupShuffle(own_runs_0.z, run_1);
          let run38 = run36 - run37;
          let run38_1 = run36_1 - run37_1;
          let run39 = run4 * run7;
          let run39_1 = run4_1 * run7_1;
          let run40 = -run39;
          let run40_1 = -run39_1;
          let run48 = run12 * run15;
          let run48_1 = run12_1 * run15_1;
          let run49 = -run48;
          let run49_1 = -run48_1;
          let share = subgroupShuffle(own_runs_0.w, run);
          let share_1 = select(subgroupShuffle(own_runs_0.w, run_1), 0.0, run + 1u >= run_end);
          let residual = run38;
          let residual_1 = run38_1;
          let part0 = abs(residual);
          let part0_1 = abs(residual_1);
          let part1 = min(part0, delta);
          let part1_1 = min(part0_1, delta);
          let part2 = part1 * 0.5;
          let part2_1 = part1_1 * 0.5;
          let part3 = part0 - part2;
          let part3_1 = part0_1 - part2_1;
          let part4 = part1 * part3;
          let part4_1 = part1_1 * part3_1;
          let cost = share * part4;
          let cost_1 = share_1 * part4_1;
          let part6 = max(part0, delta);
          let part6_1 = max(part0_1, delta);
          let part7 = delta / part6;
          let part7_1 = delta / part6_1;
          let omega = share * part7;
          let omega_1 = share_1 * part7_1;
          sum += cost;
          sum += cost_1;
          let psi = omega * residual;
          let psi_1 = omega_1 * residual_1;
          v0 += psi * run40;
          v0 += psi_1 * run40_1;
          v1 += psi * run7;
          v1 += psi_1 * run7_1;
          v2 += psi;
          v2 += psi_1;
          v3 += psi * run49;
          v3 += psi_1 * run49_1;
          v4 += psi * run15;
          v4 += psi_1 * run15_1;
          let d0 = omega * run40;
          let d0_1 = omega_1 * run40_1;
          let d1 = omega * run7;
          let d1_1 = omega_1 * run7_1;
          let d3 = omega * run49;
          let d3_1 = omega_1 * run49_1;
          let d4 = omega * run15;
          let d4_1 = omega_1 * run15_1;
          s0_0 += d0 * run40;
          s0_0 += d0_1 * run40_1;
          s1_0 += d1 * run40; s1_1 += d1 * run7;
          s1_0 += d1_1 * run40_1; s1_1 += d1_1 * run7_1;
          s2_0 += omega * run40; s2_1 += omega * run7; s2_2 += omega;
          s2_0 += omega_1 * run40_1; s2_1 += omega_1 * run7_1; s2_2 += omega_1;
          s3_0 += d3 * run40; s3_1 += d3 * run7; s3_2 += d3; s3_3 += d3 * run49;
          s3_0 += d3_1 * run40_1; s3_1 += d3_1 * run7_1; s3_2 += d3_1; s3_3 += d3_1 * run49_1;
          s4_0 += d4 * run40; s4_1 += d4 * run7; s4_2 += d4; s4_3 += d4 * run49; s4_4 += d4 * run15;
          s4_0 += d4_1 * run40_1; s4_1 += d4_1 * run7_1; s4_2 += d4_1; s4_3 += d4_1 * run49_1;
          s4_4 += d4_1 * run15_1;
        }
      }
      first = end;
      total += sum;
      // gradient += Gᵀv and H += GᵀSG, G the columns' derivatives by coordinates.
      gradient[0] += v2;
      H[0] += s2_2;
      gradient[1] += v1;
      H[1] += s2_1;
      H[2] += s1_1;
      gradient[2] += v0;
      H[3] += s2_0;
      H[4] += s1_0;
      H[5] += s0_0;
      gradient[3] += v4;
      H[6] += s4_2;
      H[7] += s4_1;
      H[8] += s4_0;
      H[9] += s4_4;
      gradient[4] += v3;
      H[10] += s3_2;
      H[11] += s3_1;
      H[12] += s3_0;
      H[13] += s4_3;
      H[14] += s3_3;
      gradient[5] += v2 * mix44;
      let t5_2 = s2_2 * mix44;
      let t5_1 = s2_1 * mix44;
      let t5_0 = s2_0 * mix44;
      let t5_4 = s4_2 * mix44;
      let t5_3 = s3_2 * mix44;
      H[15] += t5_2;
      H[16] += t5_1;
      H[17] += t5_0;
      H[18] += t5_4;
      H[19] += t5_3;
      H[20] += t5_2 * mix44;
      gradient[6] += v2 * mix46;
      let t6_2 = s2_2 * mix46;
      let t6_1 = s2_1 * mix46;
      let t6_0 = s2_0 * mix46;
      let t6_4 = s4_2 * mix46;
      let t6_3 = s3_2 * mix46;
      H[21] += t6_2;
      H[22] += t6_1;
      H[23] += t6_0;
      H[24] += t6_4;
      H[25] += t6_3;
      H[26] += t6_2 * mix44;
      H[27] += t6_2 * mix46;
      gradient[7] += v2 * mix45;
      let t7_2 = s2_2 * mix45;
      let t7_1 = s2_1 * mix45;
      let t7_0 = s2_0 * mix45;
      let t7_4 = s4_2 * mix45;
      let t7_3 = s3_2 * mix45;
      H[28] += t7_2;
      H[29] += t7_1;
      H[30] += t7_0;
      H[31] += t7_4;
      H[32] += t7_3;
      H[33] += t7_2 * mix44;
      H[34] += t7_2 * mix46;
      H[35] += t7_2 * mix45;
      gradient[8] += v2 * mix47;
      let t8_2 = s2_2 * mix47;
      let t8_1 = s2_1 * mix47;
      let t8_0 = s2_0 * mix47;
      let t8_4 = s4_2 * mix47;
      let t8_3 = s3_2 * mix47;
      H[36] += t8_2;
      H[37] += t8_1;
      H[38] += t8_0;
      H[39] += t8_4;
      H[40] += t8_3;
      H[41] += t8_2 * mix44;
      H[42] += t8_2 * mix46;
      H[43] += t8_2 * mix45;
      H[44] += t8_2 * mix47;
    }
  }
  return total;
}

// slope = JᵀΩr″, r″ the second derivative of the residuals along `velocity` at `theta`.
fn bend(sample_index: u32) {
  slope = array<f32, P>();
  let fit0 = theta[0];
  let fit1 = theta[1];
  let fit2 = theta[2];
  let fit9 = theta[3];
  let fit10 = theta[4];
  let fit18 = theta[5];
  let fit19 = theta[7];
  let fit26 = theta[6];
  let fit27 = theta[8];
  let fit50 = velocity[1];
  let fit51 = velocity[2];
  let fit56 = velocity[3];
  let fit57 = velocity[4];
  let fit63 = velocity[5];
  let fit64 = velocity[7];
  let fit68 = velocity[6];
  let fit69 = velocity[8];
  var first = rows_before;
  for (var group_from = 0u; group_from < groups; group_from += subgroup_lanes) {
    let own_group = group_from + subgroup_lane;
    let own_mixes_0 = mixes0[own_group * 2u];
    let own_mixes_1 = mixes0[own_group * 2u + 1u];
    let group_end = min(subgroup_lanes, groups - group_from);
    for (var group = 0u; group < group_end; group++) {
      let mix20 = subgroupShuffle(own_mixes_0.x, group);
      let mix21 = fit19 * mix20;
      let mix22 = fit18 + mix21;
      let mix23 = exp(min(mix22, 80.0));
      let mix24 = subgroupShuffle(own_mixes_0.y, group);
      let mix25 = mix24 * mix23;
      let mix28 = subgroupShuffle(own_mixes_0.z, group);
      let mix29 = fit27 * mix28;
      let mix30 = fit26 + mix29;
      let mix31 = exp(min(mix30, 80.0));
      let mix32 = subgroupShuffle(own_mixes_0.w, group);
      let mix33 = mix32 * mix31;
      let mix34 = mix25 + mix33;
      let mix35 = 1.0 / mix34;
      let mix42 = (-1.0) / mix34;
      let mix43 = mix35 * mix42;
      let mix44 = mix25 * mix43;
      let mix45 = mix20 * mix44;
      let mix46 = mix33 * mix43;
      let mix47 = mix28 * mix46;
      let mix65 = mix20 * fit64;
      let mix66 = fit63 + mix65;
      let mix67 = mix25 * mix66;
      let mix70 = mix28 * fit69;
      let mix71 = fit68 + mix70;
      let mix72 = mix33 * mix71;
      let mix73 = mix67 + mix72;
      let mix74 = mix43 * mix73;
      let mix75 = mix42 * mix74;
      let mix76 = mix42 * mix42;
      let mix77 = mix73 * mix76;
      let mix78 = mix35 * mix77;
      let mix79 = mix75 + mix78;
      let mix80 = mix73 * mix79;
      let mix81 = mix66 * mix67;
      let mix82 = mix71 * mix72;
      let mix83 = mix81 + mix82;
      let mix84 = mix43 * mix83;
      let mix85 = mix80 + mix84;
      var v0 = 0.0; var v1 = 0.0; var v2 = 0.0; var v3 = 0.0; var v4 = 0.0;
      let end = rows_before + u32(subgroupShuffle(own_mixes_1.x, group));
      for (var run_from = first; run_from < end; run_from += subgroup_lanes) {
        let own_run = run_from + subgroup_lane;
        let own_runs_0 = runs0[own_run];
        let run_end = min(subgroup_lanes, end - run_from);
        for (var run = 0u; run < run_end; run += 2u) {
          let run_1 = min(run + 1u, run_end - 1u);
          let run4 = subgroupShuffle(own_runs_0.x, run);
          let run4_1 = subgroupShuffle(own_runs_0.x, run_1);
          let run5 = fit2 * run4;
          let run5_1 = fit2 * run4_1;
          let run6 = fit1 - run5;
          let run6_1 = fit1 - run5_1;
          let run7 = exp(min(run6, 80.0));
          let run7_1 = exp(min(run6_1, 80.0));
          let run8 = fit0 + run7;
          let run8_1 = fit0 + run7_1;
          let run12 = subgroupShuffle(own_runs_0.y, run);
          let run12_1 = subgroupShuffle(own_runs_0.y, run_1);
          let run13 = fit10 * run12;
          let run13_1 = fit10 * run12_1;
          let run14 = fit9 - run13;
          let run14_1 = fit9 - run13_1;
          let run15 = exp(min(run14, 80.0));
          let run15_1 = exp(min(run14_1, 80.0));
          let run16 = run8 + run15;
          let run16_1 = run8_1 + run15_1;
          let run36 = run16 + mix35;
          let run36_1 = run16_1 + mix35;
          let run37 = subgroupShuffle(own_runs_0.z, run);
          let run37_1 = subgroupShuffle(own_runs_0.z, run_1);
          let run38 = run36 - run37;
          let run38_1 = run36_1 - run37_1;
          let run39 = run4 * run7;
          let run39_1 = run4_1 * run7_1;
          let run40 = -run39;
          let run40_1 = -run39_1;
          let run48 = run12 * run15;
          let run48_1 = run12_1 * run15_1;
          let run49 = -run48;
          let run49_1 = -run48_1;
          let run52 = run4 * fit51;
          let run52_1 = run4_1 * fit51;
          let run53 = fit50 - run52;
          let run53_1 = fit50 - run52_1;
          let run54 = run7 * run53;
          let run54_1 = run7_1 * run53_1;
          let run55 = run53 * run54;
          let run55_1 = run53_1 * run54_1;
          let run58 = run12 * fit57;
          let run58_1 = run12_1 * fit57;
          let run59 = fit56 - run58;
          let run59_1 = fit56 - run58_1;
          let run60 = run15 * run59;
          let run60_1 = run15_1 * run59_1;
          let run61 = run59 * run60;
          let run61_1 = run59_1 * run60_1;
          let run62 = run55 + run61;
          let run62_1 = run55_1 + run61_1;
          let run86 = run62 + mix85;
          let run86_1 = run62_1 + mix85;
          let share = subgroupShuffle(own_runs_0.w, run);
          let share_1 = select(subgroupShuffle(own_runs_0.w, run_1), 0.0, run + 1u >= run_end);
          let residual = run38;
          let residual_1 = run38_1;
          let part0 = abs(residual);
          let part0_1 = abs(residual_1);
          let part1 = max(part0, delta);
          let part1_1 = max(part0_1, delta);
          let part2 = delta / part1;
          let part2_1 = delta / part1_1;
          let omega = share * part2;
          let omega_1 = share_1 * part2_1;
          let along = omega * run86;
          let along_1 = omega_1 * run86_1;
          v0 += along * run40;
          v0 += along_1 * run40_1;
          v1 += along * run7;
          v1 += along_1 * run7_1;
          v2 += along;
          v2 += along_1;
          v3 += along * run49;
          v3 += along_1 * run49_1;
          v4 += along * run15;
          v4 += along_1 * run15_1;
        }
      }
      first = end;
      slope[2] += v0;
      slope[1] += v1;
      slope[0] += v2;
      slope[5] += v2 * mix44;
      slope[6] += v2 * mix46;
      slope[7] += v2 * mix45;
      slope[8] += v2 * mix47;
      slope[4] += v3;
      slope[3] += v4;
    }
  }
}

// Nothing is laid out beforehand.
fn begin_solve() {
}

// step ← (H + λ(diag H + c·tr H·I))⁻¹ pull by a Cholesky factor; false: not positive definite.
fn solve_step(lambda: f32) -> bool {
  let trace = H[0] + H[2] + H[5] + H[9] + H[14] + H[20] + H[27] + H[35] + H[44];
  let ridge = lambda * DAMPING_TRACE * trace + TINY;
  let pin = PIN * min(trace, MOST_TRACE) + TINY;
  let swell = 1.0 + lambda;
  let p0 = select(pin, H[0] * swell + ridge, displaced[0] == FREE);
  let d0 = inverseSqrt(max(p0, TINY));
  let l1_0 = (H[1]) * d0;
  let p1 = select(pin, H[2] * swell + ridge, displaced[1] == FREE) - (l1_0 * l1_0);
  let d1 = inverseSqrt(max(p1, TINY));
  let l2_0 = (H[3]) * d0;
  let l2_1 = (H[4] - (l2_0 * l1_0)) * d1;
  let p2 = select(pin, H[5] * swell + ridge, displaced[2] == FREE) - (l2_0 * l2_0 + l2_1 * l2_1);
  let d2 = inverseSqrt(max(p2, TINY));
  let l3_0 = (H[6]) * d0;
  let l3_1 = (H[7] - (l3_0 * l1_0)) * d1;
  let l3_2 = (H[8] - (l3_0 * l2_0 + l3_1 * l2_1)) * d2;
  let p3 = select(pin, H[9] * swell + ridge, displaced[3] == FREE)
    - (l3_0 * l3_0 + l3_1 * l3_1 + l3_2 * l3_2);
  let d3 = inverseSqrt(max(p3, TINY));
  let l4_0 = (H[10]) * d0;
  let l4_1 = (H[11] - (l4_0 * l1_0)) * d1;
  let l4_2 = (H[12] - (l4_0 * l2_0 + l4_1 * l2_1)) * d2;
  let l4_3 = (H[13] - (l4_0 * l3_0 + l4_1 * l3_1 + l4_2 * l3_2)) * d3;
  let p4 = select(pin, H[14] * swell + ridge, displaced[4] == FREE)
    - (l4_0 * l4_0 + l4_1 * l4_1 + l4_2 * l4_2 + l4_3 * l4_3);
  let d4 = inverseSqrt(max(p4, TINY));
  let l5_0 = (H[15]) * d0;
  let l5_1 = (H[16] - (l5_0 * l1_0)) * d1;
  let l5_2 = (H[17] - (l5_0 * l2_0 + l5_1 * l2_1)) * d2;
  let l5_3 = (H[18] - (l5_0 * l3_0 + l5_1 * l3_1 + l5_2 * l3_2)) * d3;
  let l5_4 = (H[19] - (l5_0 * l4_0 + l5_1 * l4_1 + l5_2 * l4_2 + l5_3 * l4_3)) * d4;
  let p5 = select(pin, H[20] * swell + ridge, displaced[5] == FREE)
    - (l5_0 * l5_0 + l5_1 * l5_1 + l5_2 * l5_2 + l5_3 * l5_3 + l5_4 * l5_4);
  let d5 = inverseSqrt(max(p5, TINY));
  let l6_0 = (H[21]) * d0;
  let l6_1 = (H[22] - (l6_0 * l1_0)) * d1;
  let l6_2 = (H[23] - (l6_0 * l2_0 + l6_1 * l2_1)) * d2;
  let l6_3 = (H[24] - (l6_0 * l3_0 + l6_1 * l3_1 + l6_2 * l3_2)) * d3;
  let l6_4 = (H[25] - (l6_0 * l4_0 + l6_1 * l4_1 + l6_2 * l4_2 + l6_3 * l4_3)) * d4;
  let l6_5 = (H[26] - (l6_0 * l5_0 + l6_1 * l5_1 + l6_2 * l5_2 + l6_3 * l5_3 + l6_4 * l5_4)) * d5;
  let p6 = select(pin, H[27] * swell + ridge, displaced[6] == FREE)
    - (l6_0 * l6_0 + l6_1 * l6_1 + l6_2 * l6_2 + l6_3 * l6_3 + l6_4 * l6_4 + l6_5 * l6_5);
  let d6 = inverseSqrt(max(p6, TINY));
  let l7_0 = (H[28]) * d0;
  let l7_1 = (H[29] - (l7_0 * l1_0)) * d1;
  let l7_2 = (H[30] - (l7_0 * l2_0 + l7_1 * l2_1)) * d2;
  let l7_3 = (H[31] - (l7_0 * l3_0 + l7_1 * l3_1 + l7_2 * l3_2)) * d3;
  let l7_4 = (H[32] - (l7_0 * l4_0 + l7_1 * l4_1 + l7_2 * l4_2 + l7_3 * l4_3)) * d4;
  let l7_5 = (H[33] - (l7_0 * l5_0 + l7_1 * l5_1 + l7_2 * l5_2 + l7_3 * l5_3 + l7_4 * l5_4)) * d5;
  let l7_6 = (H[34]
    - (l7_0 * l6_0 + l7_1 * l6_1 + l7_2 * l6_2 + l7_3 * l6_3 + l7_4 * l6_4 + l7_5 * l6_5)) * d6;
  let p7 = select(pin, H[35] * swell + ridge, displaced[7] == FREE)
    - (l7_0 * l7_0 + l7_1 * l7_1 + l7_2 * l7_2 + l7_3 * l7_3 + l7_4 * l7_4 + l7_5 * l7_5 + l7_6
    * l7_6);
  let d7 = inverseSqrt(max(p7, TINY));
  let l8_0 = (H[36]) * d0;
  let l8_1 = (H[37] - (l8_0 * l1_0)) * d1;
  let l8_2 = (H[38] - (l8_0 * l2_0 + l8_1 * l2_1)) * d2;
  let l8_3 = (H[39] - (l8_0 * l3_0 + l8_1 * l3_1 + l8_2 * l3_2)) * d3;
  let l8_4 = (H[40] - (l8_0 * l4_0 + l8_1 * l4_1 + l8_2 * l4_2 + l8_3 * l4_3)) * d4;
  let l8_5 = (H[41] - (l8_0 * l5_0 + l8_1 * l5_1 + l8_2 * l5_2 + l8_3 * l5_3 + l8_4 * l5_4)) * d5;
  let l8_6 = (H[42]
    - (l8_0 * l6_0 + l8_1 * l6_1 + l8_2 * l6_2 + l8_3 * l6_3 + l8_4 * l6_4 + l8_5 * l6_5)) * d6;
  let l8_7 = (H[43]
    - (l8_0 * l7_0 + l8_1 * l7_1 + l8_2 * l7_2 + l8_3 * l7_3 + l8_4 * l7_4 + l8_5 * l7_5 + l8_6
    * l7_6)) * d7;
  let p8 = select(pin, H[44] * swell + ridge, displaced[8] == FREE)
    - (l8_0 * l8_0 + l8_1 * l8_1 + l8_2 * l8_2 + l8_3 * l8_3 + l8_4 * l8_4 + l8_5 * l8_5 + l8_6
    * l8_6 + l8_7 * l8_7);
  let d8 = inverseSqrt(max(p8, TINY));
  var positive = p0 > 0.0 && p1 > 0.0 && p2 > 0.0 && p3 > 0.0 && p4 > 0.0 && p5 > 0.0 && p6 > 0.0
    && p7 > 0.0 && p8 > 0.0;
  let z0 = (select(pin * pull[0], pull[0], displaced[0] == FREE)) * d0;
  let z1 = (select(pin * pull[1], pull[1], displaced[1] == FREE) - (l1_0 * z0)) * d1;
  let z2 = (select(pin * pull[2], pull[2], displaced[2] == FREE) - (l2_0 * z0 + l2_1 * z1)) * d2;
  let z3 = (select(pin * pull[3], pull[3], displaced[3] == FREE)
    - (l3_0 * z0 + l3_1 * z1 + l3_2 * z2)) * d3;
  let z4 = (select(pin * pull[4], pull[4], displaced[4] == FREE)
    - (l4_0 * z0 + l4_1 * z1 + l4_2 * z2 + l4_3 * z3)) * d4;
  let z5 = (select(pin * pull[5], pull[5], displaced[5] == FREE)
    - (l5_0 * z0 + l5_1 * z1 + l5_2 * z2 + l5_3 * z3 + l5_4 * z4)) * d5;
  let z6 = (select(pin * pull[6], pull[6], displaced[6] == FREE)
    - (l6_0 * z0 + l6_1 * z1 + l6_2 * z2 + l6_3 * z3 + l6_4 * z4 + l6_5 * z5)) * d6;
  let z7 = (select(pin * pull[7], pull[7], displaced[7] == FREE)
    - (l7_0 * z0 + l7_1 * z1 + l7_2 * z2 + l7_3 * z3 + l7_4 * z4 + l7_5 * z5 + l7_6 * z6)) * d7;
  let z8 = (select(pin * pull[8], pull[8], displaced[8] == FREE)
    - (l8_0 * z0 + l8_1 * z1 + l8_2 * z2 + l8_3 * z3 + l8_4 * z4 + l8_5 * z5 + l8_6 * z6 + l8_7
    * z7)) * d8;
  let x8 = (z8) * d8;
  let x7 = (z7 - (l8_7 * x8)) * d7;
  let x6 = (z6 - (l7_6 * x7 + l8_6 * x8)) * d6;
  let x5 = (z5 - (l6_5 * x6 + l7_5 * x7 + l8_5 * x8)) * d5;
  let x4 = (z4 - (l5_4 * x5 + l6_4 * x6 + l7_4 * x7 + l8_4 * x8)) * d4;
  let x3 = (z3 - (l4_3 * x4 + l5_3 * x5 + l6_3 * x6 + l7_3 * x7 + l8_3 * x8)) * d3;
  let x2 = (z2 - (l3_2 * x3 + l4_2 * x4 + l5_2 * x5 + l6_2 * x6 + l7_2 * x7 + l8_2 * x8)) * d2;
  let x1 = (z1
    - (l2_1 * x2 + l3_1 * x3 + l4_1 * x4 + l5_1 * x5 + l6_1 * x6 + l7_1 * x7 + l8_1 * x8)) * d1;
  let x0 = (z0
    - (l1_0 * x1 + l2_0 * x2 + l3_0 * x3 + l4_0 * x4 + l5_0 * x5 + l6_0 * x6 + l7_0 * x7 + l8_0
    * x8)) * d0;
  step[0] = x0;
  step[1] = x1;
  step[2] = x2;
  step[3] = x3;
  step[4] = x4;
  step[5] = x5;
  step[6] = x6;
  step[7] = x7;
  step[8] = x8;
  return positive;
}

// How a candidate of the search goes on: what becomes of its damping and its status when a step has
// been evaluated. Part of both forms of the search, search.wgsl and team-search.wgsl;
// the constants are those that are generated for them. Their `state` begins with the words of the
// candidate's record before its coordinates.
//
// A record holds all that a candidate goes on with but its matrix. So when a step is refused, a
// shorter one along the same curve is tried, which was found together with it. When that is refused
// too, the best point is evaluated once more, for a step with more damping.

// What the next point is: the best point itself, whose matrix is wanted; a step from there; the
// shorter step.
const BEST = 0u;
const WHOLE = 1u;
const SHORT = 2u;

const TINY = 1e-30;
// What a coordinate that is not pinned at a bound is displaced by.
const FREE = 1e30;

// What is in a candidate's record beside the coordinates.
var<private> objective: f32; // at the best point
var<private> lambda: f32; // the damping
var<private> calm: u32; // quiet iterations in a row
var<private> status: u32;
var<private> sample_index: u32;
var<private> refused: bool; // the step before
var<private> trial: u32; // what the next point is
// −gradient·step of the next point and of the shorter step: twice the decrease that a model without
// damping promises.
var<private> promised: f32;
var<private> spare_promised: f32;
var<private> near: bool; // whether it began near an optimum, see MANNERS in the float64 twin
var<private> tau: f32; // how much of reweighting its matrix has; kernels of samples read it

// WGSL may assume that there is no NaN: `x != x` folds to false. The bits do not lie.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// From `state`, which has been read.
fn read_progress() {
  objective = bitcast<f32>(state[RECORD_OBJECTIVE]);
  lambda = bitcast<f32>(state[RECORD_LAMBDA]);
  calm = state[RECORD_CALM];
  status = state[RECORD_STATUS];
  sample_index = state[RECORD_SAMPLE];
  refused = state[RECORD_REFUSED] != 0u;
  trial = state[RECORD_TRIAL];
  promised = bitcast<f32>(state[RECORD_PROMISED]);
  spare_promised = bitcast<f32>(state[RECORD_SPARE_PROMISED]);
  near = state[RECORD_NEAR] != 0u;
  tau = select(FAR_TAU, NEAR_TAU, near);
}

// Into `state`, which is to be written.
fn write_progress() {
  state[RECORD_OBJECTIVE] = bitcast<u32>(objective);
  state[RECORD_LAMBDA] = bitcast<u32>(lambda);
  state[RECORD_CALM] = calm;
  state[RECORD_STATUS] = status;
  state[RECORD_REFUSED] = u32(refused);
  state[RECORD_TRIAL] = trial;
  state[RECORD_PROMISED] = bitcast<u32>(promised);
  state[RECORD_SPARE_PROMISED] = bitcast<u32>(spare_promised);
}

// Whether the point that has just been evaluated, where the loss is `next`, becomes the best one.
// Sets the damping and the status by that, and what is to be tried now.
fn judge(next: f32) -> bool {
  let again = trial == BEST;
  let small = settings.tolerance * objective;
  let quiet = lambda < DAMPING_CALM && promised < small && objective - next < small;
  let better = again || (is_finite(next) && next < objective);
  if (again) {
    status = select(STATUS_RUNNING, STATUS_NONFINITE, !is_finite(next));
  } else {
    calm = select(select(0u, calm, !better), calm + 1u, quiet);
    // A step taken right after one that was refused leaves λ: else, where one λ is right for long,
    // every second step would be refused.
    let shrink = select(FAR_SHRINK, NEAR_SHRINK, near);
    let kept = select(max(lambda * shrink, DAMPING_LEAST), lambda, refused);
    lambda = select(lambda * DAMPING_GROW, kept, better);
    refused = !better;
    status = select(status, STATUS_CONVERGED, calm >= select(FAR_CALM, NEAR_CALM, near));
  }
  objective = select(objective, next, better);
  trial = select(select(BEST, SHORT, trial == WHOLE), WHOLE, better);
  return better;
}

// Without a positive definite matrix there is no step: the best point once more, with more damping.
fn look_again(better: bool, positive: bool) {
  let stepless = better && !positive;
  trial = select(trial, BEST, stepless);
  lambda = select(lambda, lambda * DAMPING_GROW, stepless);
  refused = refused || stepless;
  status = select(status, STATUS_STALLED, status == STATUS_RUNNING && lambda > DAMPING_MOST);
}

// What a block of candidates is told of its target. `blocks` is a binding of the search kernels:
// see src/gpu/search/kernel-plan.ts.

var<private> rows_before: u32; // the target's rows of `runs` begin here
var<private> drawn_before: u32; // and here what a ridge draws of it
var<private> delta: f32; // its scale of the loss

fn read_block(block: u32) {
  rows_before = blocks[3u * block];
  delta = bitcast<f32>(blocks[3u * block + 1u]);
  drawn_before = blocks[3u * block + 2u];
}

// The search: Levenberg–Marquardt iterations with a robust loss, one candidate (a target and a
// start) an invocation. The float64 twin is src/solve/levenberg-marquardt.ts, that of a step is
// src/solve/damped-step.ts. shaders/README.md walks through a whole kernel.
//
// Generated and put before this file:
//   P, T                  coordinates, and entries of the packed matrix, P(P + 1)/2
//   lower, upper          the coordinates' bounds
//   DAMPING_…, FAR_…, …   constants of the search
//   RECORD_…, STATUS_…    words of a candidate's record, and what its status says
//   settings, records, …  the bindings, from src/gpu/search/kernel-plan.ts
//   normal_equations(s)   the mean loss at `point` in sample s; leaves its gradient in `gradient`
//                         and its Gauss–Newton matrix (packed lower triangle) in `H`
//   bend(s)               leaves JᵀΩr″ along `velocity` at `theta` in `slope`
//   begin_solve()         has the matrix laid out for solve_step, once an iteration
//   solve_step(lambda)    leaves the damped system's solution for `pull` in `step`; false where
//                         its matrix is not positive definite
//   search()              the entry point: it calls load, then iterate, and store at the end
//
// Before it too: lib/progress.wgsl and lib/block.wgsl. Iterations are repeated by a loop of the
// entry point, or by the host.

var<private> point: array<f32, P>; // where normal_equations evaluates
var<private> gradient: array<f32, P>;
var<private> H: array<f32, T>;
var<private> slope: array<f32, P>;
var<private> theta: array<f32, P>; // the best point so far
var<private> spare: array<f32, P>; // where the shorter step leads
var<private> pull: array<f32, P>; // the right side of a damped system
var<private> step: array<f32, P>; // its solution
var<private> velocity: array<f32, P>; // the straight step
// What a coordinate that is pinned at a bound moves by; FREE for others. A pinned one has a large
// diagonal entry, see PIN, and a right side of as much times what it moves by, which `pull` has: so
// it moves by that, and the others are solved for knowing so.
var<private> displaced: array<f32, P>;
// That diagonal entry, in traces of the matrix: so much that others hardly see it, and so little
// that what is divided by it has products that are normal numbers: with smaller ones a processor
// takes much longer.
const PIN = 1e12;
// A larger trace counts as this, of which PIN times is within float32.
const MOST_TRACE = 1e25;

// The candidate's record, as it is read and written.
var<private> state: array<u32, RECORD_COORDINATES + 3u * P>;

// Whether the matrix is that of the solve before: only its right side is new.
var<private> factored: bool;
// Groups of runs; none for a lane without a candidate, which has no runs to wait for.
var<private> groups: u32;

// Reads a candidate's record. Its words are copied in a loop that nobody can unroll, here and in
// `store`: a software adapter serves storage a lane and a word at a time, each behind a branch;
// unrolled, those branches would be nine tenths of the kernel's.
fn load(lane: u32) {
  for (var w = 0u; w < settings.words; w++) {
    state[w] = records[w * settings.lanes + lane];
  }
  read_progress();
  theta[0u] = clamp(bitcast<f32>(state[RECORD_COORDINATES]), lower[0u], upper[0u]);
  point[0u] = select(bitcast<f32>(state[RECORD_COORDINATES + P]), theta[0u], trial == BEST);
  spare[0u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P]);
  theta[1u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 1u]), lower[1u], upper[1u]);
  point[1u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 1u]), theta[1u], trial == BEST);
  spare[1u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 1u]);
  theta[2u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 2u]), lower[2u], upper[2u]);
  point[2u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 2u]), theta[2u], trial == BEST);
  spare[2u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 2u]);
  theta[3u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 3u]), lower[3u], upper[3u]);
  point[3u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 3u]), theta[3u], trial == BEST);
  spare[3u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 3u]);
  theta[4u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 4u]), lower[4u], upper[4u]);
  point[4u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 4u]), theta[4u], trial == BEST);
  spare[4u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 4u]);
  theta[5u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 5u]), lower[5u], upper[5u]);
  point[5u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 5u]), theta[5u], trial == BEST);
  spare[5u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 5u]);
  theta[6u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 6u]), lower[6u], upper[6u]);
  point[6u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 6u]), theta[6u], trial == BEST);
  spare[6u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 6u]);
  theta[7u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 7u]), lower[7u], upper[7u]);
  point[7u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 7u]), theta[7u], trial == BEST);
  spare[7u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 7u]);
  theta[8u] = clamp(bitcast<f32>(state[RECORD_COORDINATES + 8u]), lower[8u], upper[8u]);
  point[8u] = select(bitcast<f32>(state[RECORD_COORDINATES + P + 8u]), theta[8u], trial == BEST);
  spare[8u] = bitcast<f32>(state[RECORD_COORDINATES + 2u * P + 8u]);
}

// Writes the record.
fn store(lane: u32) {
  write_progress();
  state[RECORD_COORDINATES] = bitcast<u32>(theta[0u]);
  state[RECORD_COORDINATES + P] = bitcast<u32>(point[0u]);
  state[RECORD_COORDINATES + 2u * P] = bitcast<u32>(spare[0u]);
  state[RECORD_COORDINATES + 1u] = bitcast<u32>(theta[1u]);
  state[RECORD_COORDINATES + P + 1u] = bitcast<u32>(point[1u]);
  state[RECORD_COORDINATES + 2u * P + 1u] = bitcast<u32>(spare[1u]);
  state[RECORD_COORDINATES + 2u] = bitcast<u32>(theta[2u]);
  state[RECORD_COORDINATES + P + 2u] = bitcast<u32>(point[2u]);
  state[RECORD_COORDINATES + 2u * P + 2u] = bitcast<u32>(spare[2u]);
  state[RECORD_COORDINATES + 3u] = bitcast<u32>(theta[3u]);
  state[RECORD_COORDINATES + P + 3u] = bitcast<u32>(point[3u]);
  state[RECORD_COORDINATES + 2u * P + 3u] = bitcast<u32>(spare[3u]);
  state[RECORD_COORDINATES + 4u] = bitcast<u32>(theta[4u]);
  state[RECORD_COORDINATES + P + 4u] = bitcast<u32>(point[4u]);
  state[RECORD_COORDINATES + 2u * P + 4u] = bitcast<u32>(spare[4u]);
  state[RECORD_COORDINATES + 5u] = bitcast<u32>(theta[5u]);
  state[RECORD_COORDINATES + P + 5u] = bitcast<u32>(point[5u]);
  state[RECORD_COORDINATES + 2u * P + 5u] = bitcast<u32>(spare[5u]);
  state[RECORD_COORDINATES + 6u] = bitcast<u32>(theta[6u]);
  state[RECORD_COORDINATES + P + 6u] = bitcast<u32>(point[6u]);
  state[RECORD_COORDINATES + 2u * P + 6u] = bitcast<u32>(spare[6u]);
  state[RECORD_COORDINATES + 7u] = bitcast<u32>(theta[7u]);
  state[RECORD_COORDINATES + P + 7u] = bitcast<u32>(point[7u]);
  state[RECORD_COORDINATES + 2u * P + 7u] = bitcast<u32>(spare[7u]);
  state[RECORD_COORDINATES + 8u] = bitcast<u32>(theta[8u]);
  state[RECORD_COORDINATES + P + 8u] = bitcast<u32>(point[8u]);
  state[RECORD_COORDINATES + 2u * P + 8u] = bitcast<u32>(spare[8u]);
  for (var w = 0u; w < settings.words; w++) {
    records[w * settings.lanes + lane] = state[w];
  }
}

// Whether `point`, where the loss is `next`, becomes the best point; then it does.
fn accept(next: f32) -> bool {
  let better = judge(next);
  theta[0u] = select(theta[0u], point[0u], better);
  theta[1u] = select(theta[1u], point[1u], better);
  theta[2u] = select(theta[2u], point[2u], better);
  theta[3u] = select(theta[3u], point[3u], better);
  theta[4u] = select(theta[4u], point[4u], better);
  theta[5u] = select(theta[5u], point[5u], better);
  theta[6u] = select(theta[6u], point[6u], better);
  theta[7u] = select(theta[7u], point[7u], better);
  theta[8u] = select(theta[8u], point[8u], better);
  return better;
}

// Pins the coordinates that stand at a bound which the gradient pushes them against.
fn pin_at_bounds() {
  {
    let at_lower = theta[0u] <= lower[0u] && gradient[0u] > 0.0;
    let at_upper = theta[0u] >= upper[0u] && gradient[0u] < 0.0;
    displaced[0u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[1u] <= lower[1u] && gradient[1u] > 0.0;
    let at_upper = theta[1u] >= upper[1u] && gradient[1u] < 0.0;
    displaced[1u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[2u] <= lower[2u] && gradient[2u] > 0.0;
    let at_upper = theta[2u] >= upper[2u] && gradient[2u] < 0.0;
    displaced[2u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[3u] <= lower[3u] && gradient[3u] > 0.0;
    let at_upper = theta[3u] >= upper[3u] && gradient[3u] < 0.0;
    displaced[3u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[4u] <= lower[4u] && gradient[4u] > 0.0;
    let at_upper = theta[4u] >= upper[4u] && gradient[4u] < 0.0;
    displaced[4u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[5u] <= lower[5u] && gradient[5u] > 0.0;
    let at_upper = theta[5u] >= upper[5u] && gradient[5u] < 0.0;
    displaced[5u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[6u] <= lower[6u] && gradient[6u] > 0.0;
    let at_upper = theta[6u] >= upper[6u] && gradient[6u] < 0.0;
    displaced[6u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[7u] <= lower[7u] && gradient[7u] > 0.0;
    let at_upper = theta[7u] >= upper[7u] && gradient[7u] < 0.0;
    displaced[7u] = select(FREE, 0.0, at_lower || at_upper);
  }
  {
    let at_lower = theta[8u] <= lower[8u] && gradient[8u] > 0.0;
    let at_upper = theta[8u] >= upper[8u] && gradient[8u] < 0.0;
    displaced[8u] = select(FREE, 0.0, at_lower || at_upper);
  }
}

// Pins the free coordinates that the step carries beyond a bound; false where there are none.
fn pin_crossing() -> bool {
  var crossed = false;
  {
    let next = theta[0u] + step[0u];
    let beyond = displaced[0u] == FREE && (next < lower[0u] || next > upper[0u]);
    displaced[0u] = select(displaced[0u], clamp(next, lower[0u], upper[0u]) - theta[0u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[1u] + step[1u];
    let beyond = displaced[1u] == FREE && (next < lower[1u] || next > upper[1u]);
    displaced[1u] = select(displaced[1u], clamp(next, lower[1u], upper[1u]) - theta[1u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[2u] + step[2u];
    let beyond = displaced[2u] == FREE && (next < lower[2u] || next > upper[2u]);
    displaced[2u] = select(displaced[2u], clamp(next, lower[2u], upper[2u]) - theta[2u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[3u] + step[3u];
    let beyond = displaced[3u] == FREE && (next < lower[3u] || next > upper[3u]);
    displaced[3u] = select(displaced[3u], clamp(next, lower[3u], upper[3u]) - theta[3u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[4u] + step[4u];
    let beyond = displaced[4u] == FREE && (next < lower[4u] || next > upper[4u]);
    displaced[4u] = select(displaced[4u], clamp(next, lower[4u], upper[4u]) - theta[4u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[5u] + step[5u];
    let beyond = displaced[5u] == FREE && (next < lower[5u] || next > upper[5u]);
    displaced[5u] = select(displaced[5u], clamp(next, lower[5u], upper[5u]) - theta[5u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[6u] + step[6u];
    let beyond = displaced[6u] == FREE && (next < lower[6u] || next > upper[6u]);
    displaced[6u] = select(displaced[6u], clamp(next, lower[6u], upper[6u]) - theta[6u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[7u] + step[7u];
    let beyond = displaced[7u] == FREE && (next < lower[7u] || next > upper[7u]);
    displaced[7u] = select(displaced[7u], clamp(next, lower[7u], upper[7u]) - theta[7u], beyond);
    crossed = crossed || beyond;
  }
  {
    let next = theta[8u] + step[8u];
    let beyond = displaced[8u] == FREE && (next < lower[8u] || next > upper[8u]);
    displaced[8u] = select(displaced[8u], clamp(next, lower[8u], upper[8u]) - theta[8u], beyond);
    crossed = crossed || beyond;
  }
  return crossed;
}

// The straight step into `velocity`, solved for again while it carries coordinates beyond a bound,
// and its bend into `step`; false where the matrix was not positive definite. All in one loop, so
// that the solve is compiled once.
fn find_steps() -> bool {
  var positive = true;
  var unsolved = true;
  pin_at_bounds();
  factored = false;
  begin_solve();
  for (var time = 0u; time <= PINNINGS + 1u; time++) {
    if (time <= PINNINGS) {
      pull[0u] = select(displaced[0u], -gradient[0u], displaced[0u] == FREE);
      pull[1u] = select(displaced[1u], -gradient[1u], displaced[1u] == FREE);
      pull[2u] = select(displaced[2u], -gradient[2u], displaced[2u] == FREE);
      pull[3u] = select(displaced[3u], -gradient[3u], displaced[3u] == FREE);
      pull[4u] = select(displaced[4u], -gradient[4u], displaced[4u] == FREE);
      pull[5u] = select(displaced[5u], -gradient[5u], displaced[5u] == FREE);
      pull[6u] = select(displaced[6u], -gradient[6u], displaced[6u] == FREE);
      pull[7u] = select(displaced[7u], -gradient[7u], displaced[7u] == FREE);
      pull[8u] = select(displaced[8u], -gradient[8u], displaced[8u] == FREE);
    } else {
      unsolved = true;
      velocity[0u] = step[0u];
      velocity[1u] = step[1u];
      velocity[2u] = step[2u];
      velocity[3u] = step[3u];
      velocity[4u] = step[4u];
      velocity[5u] = step[5u];
      velocity[6u] = step[6u];
      velocity[7u] = step[7u];
      velocity[8u] = step[8u];
      bend(sample_index);
      pull[0u] = select(0.0, -slope[0u], displaced[0u] == FREE);
      pull[1u] = select(0.0, -slope[1u], displaced[1u] == FREE);
      pull[2u] = select(0.0, -slope[2u], displaced[2u] == FREE);
      pull[3u] = select(0.0, -slope[3u], displaced[3u] == FREE);
      pull[4u] = select(0.0, -slope[4u], displaced[4u] == FREE);
      pull[5u] = select(0.0, -slope[5u], displaced[5u] == FREE);
      pull[6u] = select(0.0, -slope[6u], displaced[6u] == FREE);
      pull[7u] = select(0.0, -slope[7u], displaced[7u] == FREE);
      pull[8u] = select(0.0, -slope[8u], displaced[8u] == FREE);
    }
    if (unsolved) {
      positive = solve_step(lambda) && positive;
      unsolved = pin_crossing();
      factored = !unsolved;
    }
  }
  return positive;
}

// Makes `point` what is tried next, and `spare` where the shorter step leads: θ + v + a/2 along
// the straight step v and its bend a, and θ + s·v + s²·a/2 with s = SHORTER. Where the bend is not
// small beside the step (Transtrum and Sethna 2012), it is left out.
fn propose(better: bool, positive: bool) {
  var straight = 0.0;
  var bent = 0.0;
  straight += H[0u] * velocity[0u] * velocity[0u];
  bent += H[0u] * step[0u] * step[0u];
  straight += H[2u] * velocity[1u] * velocity[1u];
  bent += H[2u] * step[1u] * step[1u];
  straight += H[5u] * velocity[2u] * velocity[2u];
  bent += H[5u] * step[2u] * step[2u];
  straight += H[9u] * velocity[3u] * velocity[3u];
  bent += H[9u] * step[3u] * step[3u];
  straight += H[14u] * velocity[4u] * velocity[4u];
  bent += H[14u] * step[4u] * step[4u];
  straight += H[20u] * velocity[5u] * velocity[5u];
  bent += H[20u] * step[5u] * step[5u];
  straight += H[27u] * velocity[6u] * velocity[6u];
  bent += H[27u] * step[6u] * step[6u];
  straight += H[35u] * velocity[7u] * velocity[7u];
  bent += H[35u] * step[7u] * step[7u];
  straight += H[44u] * velocity[8u] * velocity[8u];
  bent += H[44u] * step[8u] * step[8u];
  look_again(better, positive);
  let half = select(0.0, 0.5, bent <= MOST_BENT * MOST_BENT * straight);
  let short_half = SHORTER * SHORTER * half;
  var promise = 0.0;
  var short_promise = 0.0;
  {
    promise -= gradient[0u] * (velocity[0u] + half * step[0u]);
    short_promise -= gradient[0u] * (SHORTER * velocity[0u] + short_half * step[0u]);
    let whole = theta[0u] + velocity[0u] + half * step[0u];
    let short = theta[0u] + SHORTER * velocity[0u] + short_half * step[0u];
    let before = select(theta[0u], spare[0u], trial == SHORT);
    point[0u] = select(before, clamp(whole, lower[0u], upper[0u]), trial == WHOLE);
    spare[0u] = clamp(short, lower[0u], upper[0u]);
  }
  {
    promise -= gradient[1u] * (velocity[1u] + half * step[1u]);
    short_promise -= gradient[1u] * (SHORTER * velocity[1u] + short_half * step[1u]);
    let whole = theta[1u] + velocity[1u] + half * step[1u];
    let short = theta[1u] + SHORTER * velocity[1u] + short_half * step[1u];
    let before = select(theta[1u], spare[1u], trial == SHORT);
    point[1u] = select(before, clamp(whole, lower[1u], upper[1u]), trial == WHOLE);
    spare[1u] = clamp(short, lower[1u], upper[1u]);
  }
  {
    promise -= gradient[2u] * (velocity[2u] + half * step[2u]);
    short_promise -= gradient[2u] * (SHORTER * velocity[2u] + short_half * step[2u]);
    let whole = theta[2u] + velocity[2u] + half * step[2u];
    let short = theta[2u] + SHORTER * velocity[2u] + short_half * step[2u];
    let before = select(theta[2u], spare[2u], trial == SHORT);
    point[2u] = select(before, clamp(whole, lower[2u], upper[2u]), trial == WHOLE);
    spare[2u] = clamp(short, lower[2u], upper[2u]);
  }
  {
    promise -= gradient[3u] * (velocity[3u] + half * step[3u]);
    short_promise -= gradient[3u] * (SHORTER * velocity[3u] + short_half * step[3u]);
    let whole = theta[3u] + velocity[3u] + half * step[3u];
    let short = theta[3u] + SHORTER * velocity[3u] + short_half * step[3u];
    let before = select(theta[3u], spare[3u], trial == SHORT);
    point[3u] = select(before, clamp(whole, lower[3u], upper[3u]), trial == WHOLE);
    spare[3u] = clamp(short, lower[3u], upper[3u]);
  }
  {
    promise -= gradient[4u] * (velocity[4u] + half * step[4u]);
    short_promise -= gradient[4u] * (SHORTER * velocity[4u] + short_half * step[4u]);
    let whole = theta[4u] + velocity[4u] + half * step[4u];
    let short = theta[4u] + SHORTER * velocity[4u] + short_half * step[4u];
    let before = select(theta[4u], spare[4u], trial == SHORT);
    point[4u] = select(before, clamp(whole, lower[4u], upper[4u]), trial == WHOLE);
    spare[4u] = clamp(short, lower[4u], upper[4u]);
  }
  {
    promise -= gradient[5u] * (velocity[5u] + half * step[5u]);
    short_promise -= gradient[5u] * (SHORTER * velocity[5u] + short_half * step[5u]);
    let whole = theta[5u] + velocity[5u] + half * step[5u];
    let short = theta[5u] + SHORTER * velocity[5u] + short_half * step[5u];
    let before = select(theta[5u], spare[5u], trial == SHORT);
    point[5u] = select(before, clamp(whole, lower[5u], upper[5u]), trial == WHOLE);
    spare[5u] = clamp(short, lower[5u], upper[5u]);
  }
  {
    promise -= gradient[6u] * (velocity[6u] + half * step[6u]);
    short_promise -= gradient[6u] * (SHORTER * velocity[6u] + short_half * step[6u]);
    let whole = theta[6u] + velocity[6u] + half * step[6u];
    let short = theta[6u] + SHORTER * velocity[6u] + short_half * step[6u];
    let before = select(theta[6u], spare[6u], trial == SHORT);
    point[6u] = select(before, clamp(whole, lower[6u], upper[6u]), trial == WHOLE);
    spare[6u] = clamp(short, lower[6u], upper[6u]);
  }
  {
    promise -= gradient[7u] * (velocity[7u] + half * step[7u]);
    short_promise -= gradient[7u] * (SHORTER * velocity[7u] + short_half * step[7u]);
    let whole = theta[7u] + velocity[7u] + half * step[7u];
    let short = theta[7u] + SHORTER * velocity[7u] + short_half * step[7u];
    let before = select(theta[7u], spare[7u], trial == SHORT);
    point[7u] = select(before, clamp(whole, lower[7u], upper[7u]), trial == WHOLE);
    spare[7u] = clamp(short, lower[7u], upper[7u]);
  }
  {
    promise -= gradient[8u] * (velocity[8u] + half * step[8u]);
    short_promise -= gradient[8u] * (SHORTER * velocity[8u] + short_half * step[8u]);
    let whole = theta[8u] + velocity[8u] + half * step[8u];
    let short = theta[8u] + SHORTER * velocity[8u] + short_half * step[8u];
    let before = select(theta[8u], spare[8u], trial == SHORT);
    point[8u] = select(before, clamp(whole, lower[8u], upper[8u]), trial == WHOLE);
    spare[8u] = clamp(short, lower[8u], upper[8u]);
  }
  promised = select(spare_promised, promise, better);
  spare_promised = short_promise;
}

// One iteration: evaluates `point`, and finds what to try next. What is found where `point` is not
// the best one is of no use, and not used.
fn iterate() {
  let better = accept(normal_equations(sample_index));
  let positive = find_steps();
  propose(better, positive);
}
