// Which candidates go on after the first stage of a search: of those of a target that have a
// number for a loss, the best, and of these the ones that are not done. One candidate an
// invocation. Each counts who is better than itself, so that the choice is that of a stable sort,
// whatever the order in which invocations come.
//
// Generated and put before this file (src/gpu/search/choose.ts):
//   WORKGROUP             invocations of a workgroup
//   RECORD_…, STATUS_…    words of a candidate's record, and what its status says
//   DAMPING_START         the damping that a search begins with, at most
//   UNTOUCHED             the objective of a candidate that begins
//   settings, …           the bindings

@compute @workgroup_size(WORKGROUP)
fn choose(@builtin(global_invocation_id) id: vec3<u32>) {
  let lane = settings.first + id.x;
  if (lane >= settings.end) {
    return;
  }
  let objective = bitcast<f32>(heads[RECORD_OBJECTIVE * settings.lanes + lane]);
  let status = heads[RECORD_STATUS * settings.lanes + lane];
  var better = 0u;
  for (var other = settings.first; other < settings.end; other++) {
    let its = bitcast<f32>(heads[RECORD_OBJECTIVE * settings.lanes + other]);
    let counts = heads[RECORD_STATUS * settings.lanes + other] != STATUS_NONFINITE;
    better += u32(counts && (its < objective || (its == objective && other < lane)));
  }
  if (status == STATUS_RUNNING && better < settings.kept) {
    schedule[settings.slot + better] = lane;
    begin_again(lane);
  }
}

// The record of a start at the best point, with the damping that it ended with.
fn begin_again(lane: u32) {
  let lambda = bitcast<f32>(records[RECORD_LAMBDA * settings.lanes + lane]);
  records[RECORD_OBJECTIVE * settings.lanes + lane] = bitcast<u32>(UNTOUCHED);
  records[RECORD_LAMBDA * settings.lanes + lane] = bitcast<u32>(min(lambda, DAMPING_START));
  records[RECORD_CALM * settings.lanes + lane] = 0u;
  records[RECORD_REFUSED * settings.lanes + lane] = 0u;
  records[RECORD_TRIAL * settings.lanes + lane] = 0u;
  records[RECORD_PROMISED * settings.lanes + lane] = 0u;
  records[RECORD_SPARE_PROMISED * settings.lanes + lane] = 0u;
}
