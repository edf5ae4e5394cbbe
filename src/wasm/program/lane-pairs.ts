/**
 * How runs are shared out to the two lanes of WebAssembly's vectors: a lane has a group, so that
 * two mixtures are computed at once. Groups of about the same number of runs are paired; one that
 * has no such partner is split in two. Runs that weigh nothing are left out.
 */
import { PAIR } from "./layout.ts";

/**
 * Steps with a lane idle that a pair of unequal groups may have. Splitting the larger one instead
 * costs its mix level once more, about as much as this many steps.
 */
const IDLE = 16;

/** Some of the runs of a group that weigh something. */
interface Part {
  readonly group: number;
  /** How many of the group's are before them. */
  readonly skip: number;
  readonly count: number;
}

/**
 * The pairs of the groups in which a run weighs something: by pair the fields of `PAIR`.
 *
 * @param start runs of group g are start[g] … start[g+1] − 1
 * @param weight of each run
 */
export function lanePairs(start: Int32Array, weight: Float64Array): Int32Array {
  const groups: Part[] = [];
  for (let group = 0; group + 1 < start.length; group++) {
    let count = 0;
    for (let at = start[group]; at < start[group + 1]; at++) if (weight[at] !== 0) count++;
    if (count > 0) groups.push({ group, skip: 0, count });
  }
  const couples = couplesOf(groups);
  const fields = PAIR.size / 4;
  const pairs = new Int32Array(fields * couples.length);
  let steps = 0;
  for (let n = 0; n < couples.length; n++) {
    const [first] = couples[n];
    pairs[fields * n + PAIR.from / 4] = steps;
    pairs[fields * n + PAIR.steps / 4] = first.count;
    for (let lane = 0; lane < 2; lane++) {
      const { group, skip, count } = couples[n][lane];
      const at = fields * n + PAIR.lanes[lane] / 4;
      pairs[at + PAIR.group / 4] = group;
      pairs[at + PAIR.row / 4] = start[group];
      pairs[at + PAIR.skip / 4] = skip;
      pairs[at + PAIR.count / 4] = count;
    }
    steps += first.count;
  }
  return pairs;
}

/** The most steps that so many runs of so many groups take. */
export const mostSteps = (runs: number, groups: number): number =>
  Math.min(runs, Math.ceil((runs + IDLE * groups) / 2));

/** Pairs of parts, the first of which is the longer one. */
function couplesOf(groups: readonly Part[]): [Part, Part][] {
  const sorted = groups.toSorted((a, b) => b.count - a.count || a.group - b.group);
  const couples: [Part, Part][] = [];
  for (let i = 0; i < sorted.length; i++) {
    const part = sorted[i];
    const next = sorted.at(i + 1);
    if (next !== undefined && part.count - next.count <= IDLE) {
      couples.push([part, next]);
      i++;
    } else {
      // A lane that has no run of its own repeats the one before it.
      const half = Math.ceil(part.count / 2);
      couples.push([
        { ...part, count: half },
        { ...part, skip: half, count: part.count - half },
      ]);
    }
  }
  return couples;
}
