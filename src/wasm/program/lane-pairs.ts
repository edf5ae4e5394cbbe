/**
 * How runs are shared out to the two lanes of WebAssembly's vectors: a lane has a group, so that
 * two mixtures are computed at once. Groups of about the same number of runs are paired; one that
 * has no such partner is split in two. Runs that weigh nothing are left out.
 */

/**
 * Steps with a lane idle that a pair of unequal groups may have. Splitting the larger one instead
 * costs its mix level once more, about as much as this many steps.
 */
const IDLE = 16;

/** Runs of a group that weigh something: positions `from` to `to` of the list of such runs. */
interface Part {
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

export interface LanePairs {
  /** By pair: the two groups, the first step and the number of steps. */
  readonly pairs: Int32Array;
  /** By step: the two rows, in packed order. */
  readonly rows: Int32Array;
  /** By step: the two rows' weights, 0 for one that only fills the lane up. */
  readonly weights: Float64Array;
}

/**
 * The pairs of the groups in which a run weighs something.
 *
 * @param start runs of group g are start[g] … start[g+1] − 1
 * @param weight of each run
 */
export function lanePairs(start: Int32Array, weight: Float64Array): LanePairs {
  const present = new Int32Array(weight.length);
  const groups: Part[] = [];
  let count = 0;
  for (let group = 0; group + 1 < start.length; group++) {
    const from = count;
    for (let at = start[group]; at < start[group + 1]; at++)
      if (weight[at] !== 0) present[count++] = at;
    if (count > from) groups.push({ group, from, to: count });
  }
  const couples = couplesOf(groups);
  const pairs = new Int32Array(4 * couples.length);
  const steps = couples.reduce((sum, [first]) => sum + sizeOf(first), 0);
  const rows = new Int32Array(2 * steps);
  const weights = new Float64Array(2 * steps);
  let step = 0;
  for (const [n, [first, second]] of couples.entries()) {
    const size = sizeOf(first);
    pairs.set([first.group, second.group, step, size], 4 * n);
    for (let i = 0; i < size; i++, step++) {
      rows[2 * step] = present[first.from + i];
      weights[2 * step] = weight[rows[2 * step]];
      // A lane that has no more runs repeats its last one: what is finite for that one is finite.
      const isPresent = i < sizeOf(second);
      const at = isPresent ? second.from + i : second.to - 1;
      rows[2 * step + 1] = present[at];
      weights[2 * step + 1] = isPresent ? weight[present[at]] : 0;
    }
  }
  return { pairs, rows, weights };
}

const sizeOf = ({ from, to }: Part): number => to - from;

/** Pairs of parts, the first of which is the longer one. */
function couplesOf(groups: readonly Part[]): [Part, Part][] {
  const sorted = groups.toSorted((a, b) => sizeOf(b) - sizeOf(a) || a.group - b.group);
  const couples: [Part, Part][] = [];
  for (let i = 0; i < sorted.length; i++) {
    const part = sorted[i];
    const next = sorted.at(i + 1);
    if (next !== undefined && sizeOf(part) - sizeOf(next) <= IDLE) {
      couples.push([part, next]);
      i++;
    } else {
      const middle = part.from + Math.ceil(sizeOf(part) / 2);
      couples.push([
        { ...part, to: middle },
        { ...part, from: middle },
      ]);
    }
  }
  return couples;
}
