/**
 * Which form of the search kernel's text suits which adapter. This is the one place that knows
 * adapters; the figures behind it are in docs/performance.md.
 */
import type { AdapterReport } from "./adapter.ts";

export interface Style {
  /** Whether tables are staged: see src/gpu/search/table-loops.ts. */
  readonly staged: boolean;
  /** The most runs that one turn of the loop over a group's runs takes; fewer in short groups. */
  readonly runsPerTurn: number;
  /** The most coordinates for which the solve is written out; for more it is loops. */
  readonly writtenSolve: number;
  /**
   * The most coordinates for which all else over the P(P + 1)/2 entries of the matrix is written
   * out.
   */
  readonly writtenMatrix: number;
  /**
   * The most coordinates for which iterations are a loop in the kernel; for more, each is a
   * dispatch.
   */
  readonly loopedIterations: number;
  /** Invocations of a workgroup: whole subgroups, where tables are staged. */
  readonly workgroup: number;
  /** When a team of invocations carries a candidate (shaders/team-search.wgsl); else one does. */
  readonly teams?: Teams | undefined;
}

/** How large teams are. */
export interface Teams {
  /** The fewest coordinates of laws that teams search. */
  readonly coordinates: number;
  /** The size of teams by how many candidates there are, from few to many: powers of 2. */
  readonly sizes: readonly { readonly most: number; readonly team: number }[];
}

/**
 * A CPU pretending to be a GPU reads a place that all lanes read alike once for each lane, keeps
 * every sum in memory and writes it behind a mask once a turn. What is indexed by a variable is 10
 * to 50 × slower than what is written out. Text for more coordinates than these would take minutes
 * to compile.
 */
export const SOFTWARE: Style = {
  staged: true,
  runsPerTurn: 4,
  writtenSolve: 64,
  writtenMatrix: 64,
  loopedIterations: 23,
  workgroup: 8,
};

/**
 * A GPU broadcasts what its lanes read alike. Written out, the solve needs more registers than it
 * has, and long to compile: on an H200 the additive law's iterations are four times as fast with
 * loops, the joint law's twice, and the joint law's kernel takes 2.7 s to compile instead of 14.
 */
export const HARDWARE: Style = {
  staged: false,
  runsPerTurn: 1,
  writtenSolve: 0,
  writtenMatrix: 64,
  loopedIterations: Infinity,
  workgroup: 32,
};

/**
 * SwiftShader's compiler takes 20 s for the sums over 19 coordinates written out, and more than a
 * minute with the solve; in loops, 1.4 s. Loops are taken to be about as fast as float64 on one
 * thread: with `auto` such laws are the CPU's where two threads or more compile formulas, and may
 * be WebGPU's where formulas are interpreted.
 */
export const SWIFTSHADER: Style = {
  staged: true,
  runsPerTurn: 1,
  writtenSolve: 8,
  writtenMatrix: 8,
  loopedIterations: Infinity,
  workgroup: 8,
};

/**
 * A GPU with teams. Alone, an invocation needs more registers than there are from some 10
 * coordinates on, and a few hundred candidates leave most of a GPU idle. Large teams are for few
 * candidates; where there are many, smaller teams lose less to members that wait. On an H200 teams
 * of 32 were the fastest up to some 1000 candidates, then those of 16; teams of 8 never
 * (docs/performance.md).
 */
export const TEAMED: Style = {
  ...HARDWARE,
  teams: {
    coordinates: 10,
    sizes: [
      { most: 1000, team: 32 },
      { most: Infinity, team: 16 },
    ],
  },
};

/**
 * Teams of one size for every law on a software adapter, where tests and measurements have them:
 * text in loops, which compiles in seconds. @param workgroup invocations, at least one team
 */
export const teamsInLoops = (team: number, workgroup: number): Style => ({
  ...HARDWARE,
  writtenMatrix: 0,
  workgroup: Math.max(team, workgroup),
  teams: { coordinates: 1, sizes: [{ most: Infinity, team }] },
});

/** Invocations that carry a candidate together, of so many candidates of p coordinates. */
export function teamOf({ teams }: Style, p: number, candidates: number): number {
  if (teams === undefined || p < teams.coordinates) return 1;
  return teams.sizes.find(({ most }) => candidates <= most)?.team ?? 1;
}

/** The style without teams: each candidate has one invocation. */
export const withoutTeams = (style: Style): Style => ({ ...style, teams: undefined });

const isSwiftShader = ({ architecture, description }: AdapterReport): boolean =>
  /swiftshader/i.test(`${architecture} ${description}`);

/**
 * The style of an adapter. A software adapter's workgroup is one subgroup of `subgroup` lanes (0:
 * it has none): with more, cores would wait for one another at the end of a dispatch.
 */
export function styleOf(report: AdapterReport, subgroup: number): Style {
  if (!report.software) return TEAMED;
  const style = isSwiftShader(report) ? SWIFTSHADER : SOFTWARE;
  return { ...style, staged: subgroup > 0, workgroup: Math.max(style.workgroup, subgroup) };
}

/** What to expect of a kernel. */
export interface Pace {
  /** Seconds that it compiles. */
  readonly compile: number;
  /** How many times as fast as one thread in float64 of JavaScript it is on a full adapter. */
  readonly speed: number;
}

/**
 * What to expect of a search kernel for p coordinates: what `auto` chooses the backend by. The
 * measurements are in docs/performance.md, of SwiftShader and of llvmpipe's compiler in
 * docs/lab-notes.md.
 */
export function paceOf(report: AdapterReport, p: number, team = 1): Pace {
  // Software adapters search with teams in tests alone. Their compilers take long over barriers and
  // shared memory.
  if (report.software && team > 1) return { compile: 30, speed: 1 };
  if (!report.software) {
    const isTeamed = TEAMED.teams !== undefined && p >= TEAMED.teams.coordinates;
    // An H200's driver took 0.4 s for 19 coordinates in teams, and 1.0 s for 33.
    return { compile: isTeamed ? 0.1 + 0.0009 * p * p : 0.15 + 0.0022 * p * p, speed: 400 };
  }
  if (isSwiftShader(report))
    return p <= SWIFTSHADER.writtenMatrix ? { compile: 0.3, speed: 4 } : { compile: 2, speed: 1.2 };
  // Kernels that stay loops index private arrays, which llvmpipe gathers lane by lane.
  return p > SOFTWARE.writtenMatrix
    ? { compile: 6, speed: 1 }
    : { compile: 0.25 + 0.00175 * p * p, speed: 28 };
}
