/**
 * What the mixtures of the runs tell of single shares. A law has a value for every mixture, whether
 * or not any run has shown what a domain does. Where a domain never varies, varies in one or two
 * mixtures only, or varies in step with others, its best share follows from the formula alone.
 */
import { firstOf, itemAt } from "../../base/known.ts";
import { percent } from "../../base/format-number.ts";
import { finding, type Finding } from "../../base/verdict.ts";
import { count, listed } from "../../base/wording.ts";
import { factor } from "../../solve/cholesky.ts";
import { symmetricEigen } from "../../solve/symmetric-eigen.ts";
import { correlations, mean } from "../../stats/moments.ts";
import { span } from "./coverage.ts";
import type { FitFile } from "./fit-file.ts";

/** Domains of which the runs do not tell what their shares do. */
export interface ShareGap {
  /**
   * "untrained": in no run. "held": one share in every run, or nearly. "rare": another share than
   * usual in one or two mixtures only. "together": shares in a fixed proportion, of which only the
   * sum is known. "dependent": shares that are linearly dependent in another way.
   */
  readonly kind: "untrained" | "held" | "rare" | "together" | "dependent";
  readonly domains: readonly string[];
  /** What was found, as a sentence of a verdict. */
  readonly finding: Finding;
  /**
   * Unit vectors v by domain, with v·h the same in (nearly) every run: what moves h along v is not
   * told.
   */
  readonly directions: readonly (readonly number[])[];
}

type Data = Pick<FitFile["data"], "domains" | "mixtures" | "distinctMixtures" | "phases">;

/** Shares nearer than this are equal. */
const EQUAL = 1e-9;
/** A range of shares this small, relative to the largest, shows no law how they work. */
const HARDLY = 0.1;
/** A share that is unusual in so many mixtures at most rests on them alone. */
const RARE = 2;
/**
 * The part of a share's standard deviation that others leave unexplained, below which they cannot
 * be told apart: a variance inflation of 400.
 */
const UNEXPLAINED = 0.05;
/** A domain with less of a direction than this (of 1, squared) is not part of it. */
const PART = 0.02;
/** A variance that is rounding. */
const CONSTANT = 1e-9;

/** The gaps, each domain in at most one but for those that are linearly dependent. */
export function shareGaps(data: Data): ShareGap[] {
  const { domains, mixtures } = data;
  if (mixtures.length === 0 || domains.length < 2) return [];
  const single = domains.flatMap((_, i) => singleGap(data, i) ?? []);
  const isSingle = (domain: string): boolean =>
    single.some(({ domains: [name] }) => name === domain);
  const varied = [...domains.keys()].filter((i) => !isSingle(itemAt(domains, i)));
  const groups = inStep(data, varied);
  return [
    ...single,
    ...groups.filter((group) => group.length > 1).map((group) => togetherGap(data, group)),
    ...dependentGap(data, groups),
  ];
}

/** Gaps of one kind that have a sentence each; of more, one sentence names the domains. */
const TOLD = 2;
const MANY = {
  untrained: "no training run has any of them: what they do is not known",
  held: "they hardly vary in the training runs: what more or less of them does is not known",
  rare: "each has another share than usual in one or two training mixtures only, on which what it does rests",
} as const;

/** What was found, with one sentence for many domains of one kind. */
export function gapFindings(gaps: readonly ShareGap[]): Finding[] {
  const grouped = (["untrained", "held", "rare"] as const).flatMap((kind) => {
    const some = gaps.filter((gap) => gap.kind === kind);
    if (some.length <= TOLD) return some.map((gap) => gap.finding);
    const names = some.flatMap(({ domains }) => domains);
    return [finding(firstOf(some).finding.code, `${listed(names)}: ${MANY[kind]}`, names)];
  });
  const others = gaps.filter(({ kind }) => kind === "together" || kind === "dependent");
  return [...grouped, ...others.map((gap) => gap.finding)];
}

/** The shares of a domain, one a mixture. */
const sharesOf = ({ mixtures }: Data, i: number): number[] =>
  mixtures.map(({ weights }) => weights[i] ?? 0);

/** How many mixtures a sentence is about: those that the file lists, which may not be all. */
const mixturesIn = ({ mixtures, distinctMixtures }: Data): string =>
  distinctMixtures === undefined
    ? count(mixtures.length, "mixture")
    : `${mixtures.length} of ${count(distinctMixtures, "mixture")}`;

/** A domain that no run has, that never varies, or that varies in one or two mixtures. */
function singleGap(data: Data, i: number): ShareGap | undefined {
  const domain = itemAt(data.domains, i);
  const shares = sharesOf(data, i);
  const { min: least, max: most } = span(shares) ?? { min: 0, max: 0 };
  const runs = data.mixtures.reduce((sum, mixture) => sum + mixture.runs, 0);
  const gap = (kind: ShareGap["kind"], code: Finding["code"], sentence: string): ShareGap => ({
    kind,
    domains: [domain],
    finding: finding(code, sentence, [domain]),
    directions: [data.domains.map((_, j) => (j === i ? 1 : 0))],
  });
  if (most <= EQUAL)
    return gap(
      "untrained",
      "untrained-domains",
      `no training run has any ${domain}: what it does is not known`,
    );
  if (most - least <= HARDLY * most)
    return gap(
      "held",
      "held-domains",
      most - least <= EQUAL
        ? `${domain} is ${percent(most, 3)} in every training run: what more or less of it does is not known`
        : `${domain} hardly varies in the training runs (${percent(least, 3)} to ${percent(most, 3)}): what more or less of it does is not known`,
    );
  // Of some of the mixtures it cannot be said in how many a domain varies.
  if (data.distinctMixtures !== undefined) return undefined;
  const usual = usualShares(shares);
  const isUnusual = (share: number): boolean => share < usual[0] - EQUAL || share > usual[1] + EQUAL; // prettier-ignore
  const unusual = data.mixtures.filter(({ weights }) => isUnusual(weights[i] ?? 0));
  if (usual[1] - usual[0] > HARDLY * most || unusual.length === 0) return undefined;
  const where = `in ${unusual.reduce((sum, mixture) => sum + mixture.runs, 0)} of ${count(runs, "training run")}`;
  return gap(
    "rare",
    "rarely-varied-domains",
    `${domain} is ${usual[1] <= EQUAL ? "above 0" : `other than ${percent(mean(usual), 3)}`} ${where} only (at most ${percent(most, 3)}): what it does rests on ${unusual.length === 1 ? "one mixture" : "two mixtures"}`,
  );
}

/** Least and largest of all but the `RARE` shares that are farthest from the median. */
function usualShares(shares: readonly number[]): [number, number] {
  const median = shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
  const byDistance = shares.toSorted((a, b) => Math.abs(a - median) - Math.abs(b - median));
  const usual = byDistance.slice(0, Math.max(3, shares.length - RARE));
  const { min, max } = span(usual) ?? { min: 0, max: 0 };
  return [min, max];
}

/** Whether two shares with a correlation move in step: their ratio or difference stays the same. */
const moveTogether = (r: number): boolean => r > 0 && Math.sqrt(1 - r * r) < UNEXPLAINED;

/** The domains in groups that move in step, upwards together; most groups have one. */
function inStep(data: Data, varied: readonly number[]): number[][] {
  const all = correlations(varied.map((i) => sharesOf(data, i)));
  const groups: number[][] = [];
  for (const [place, row] of all.entries()) {
    const group = groups.find(([first]) => first !== undefined && moveTogether(itemAt(row, first)));
    if (group === undefined) groups.push([place]);
    else group.push(place);
  }
  return groups.map((group) => group.map((place) => itemAt(varied, place)));
}

const deviation = (values: readonly number[]): number => {
  const center = mean(values);
  return Math.sqrt(mean(values.map((x) => (x - center) ** 2)));
};

function togetherGap(data: Data, group: readonly number[]): ShareGap {
  const names = group.map((i) => itemAt(data.domains, i));
  const [first = 0, ...others] = group;
  const sd = (i: number): number => deviation(sharesOf(data, i));
  return {
    kind: "together",
    domains: names,
    finding: finding(
      "collinear-domains",
      `${listed(names)} vary together in ${data.distinctMixtures === undefined ? "every training run" : mixturesIn(data)}: only their sum is known, not what each of them does`,
      names,
    ),
    directions: others.map((other) =>
      unit(
        data.domains.map((_, j) =>
          j === first ? 1 / sd(first) : j === other ? -1 / sd(other) : 0,
        ),
      ),
    ),
  };
}

const unit = (v: readonly number[]): number[] => {
  const length = Math.hypot(...v);
  return v.map((x) => x / length);
};

/**
 * Other linear dependencies of the shares that vary, with groups in step as one. The eigenvectors
 * of the correlation matrix without variance are the dependencies; that all shares sum to 1,
 * or those of a phase to its part of the tokens, is always one of them, and is taken out.
 */
function dependentGap(data: Data, groups: readonly (readonly number[])[]): ShareGap[] {
  const columns = groups.map((group) =>
    data.mixtures.map(({ weights }) => group.reduce((sum, i) => sum + (weights[i] ?? 0), 0)),
  );
  const deviations = columns.map(deviation);
  if (groups.length < 2) return [];
  const matrix = correlations(columns);
  const sums = sumsOf(data, groups).map((isIn) => unit(deviations.map((sd, g) => (isIn(g) ? sd : 0)))); // prettier-ignore
  if (areAlone(sums, matrix)) return [];
  const dependencies = sums.reduce<readonly (readonly number[])[]>(
    withoutSum,
    eigenvectors(matrix, (value) => value <= UNEXPLAINED ** 2),
  );
  const parts = groups.map((_, g) => dependencies.reduce((sum, v) => sum + itemAt(v, g) ** 2, 0));
  const members = groups.filter((_, g) => itemAt(parts, g) > PART);
  if (members.length === 0) return [];
  const names = members.flatMap((group) => group.map((i) => itemAt(data.domains, i)));
  const directions = groups.length - sums.length;
  const rank = directions - dependencies.length;
  return [
    {
      kind: "dependent",
      domains: names,
      finding: finding(
        "collinear-domains",
        `the shares of ${listed(names)} are linearly dependent in the training runs (${mixturesIn(data)} vary in ${rank} of ${count(directions, "direction")}): what one of them does cannot be told from the others`,
        names,
      ),
      directions: dependencies.map((v) =>
        unit(
          data.domains.map((_, i) => {
            const g = groups.findIndex((group) => group.includes(i));
            return g < 0 ? 0 : itemAt(v, g) / itemAt(deviations, g);
          }),
        ),
      ),
    },
  ];
}

/** The groups whose shares sum to the same in all mixtures: all of them, or those of each phase. */
function sumsOf(
  { phases }: Data,
  groups: readonly (readonly number[])[],
): ((group: number) => boolean)[] {
  if (phases === undefined) return [() => true];
  const k = phases.domains.length;
  return phases.names.map(
    (_, p) => (g) => itemAt(groups, g).every((cell) => Math.floor(cell / k) === p),
  );
}

/**
 * Whether nothing varies along the sums, and all that is orthogonal to them varies enough: which a
 * factorization tells, where many domains would take long to decompose. C − tI + Σ uuᵀ is positive
 * definite only if v·Cv > t for all unit vectors v orthogonal to the sums u.
 */
function areAlone(
  sums: readonly (readonly number[])[],
  matrix: readonly (readonly number[])[],
): boolean {
  const isConstant = (u: readonly number[]): boolean =>
    Math.abs(dotOf(u, matrix.map((row) => dotOf(row, u)))) <= CONSTANT; // prettier-ignore
  const packed = matrix.flatMap((row, i) =>
    row.slice(0, i + 1).map((r, j) => {
      const among = sums.reduce((sum, u) => sum + itemAt(u, i) * itemAt(u, j), 0);
      return r + among - (i === j ? UNEXPLAINED ** 2 : 0);
    }),
  );
  return sums.every(isConstant) && factor(Float64Array.from(packed), matrix.length);
}

/** Unit eigenvectors of a symmetric matrix, of the eigenvalues that are wanted. */
function eigenvectors(
  matrix: readonly (readonly number[])[],
  isWanted: (eigenvalue: number) => boolean,
): number[][] {
  const { values, vectors } = symmetricEigen(matrix) ?? { values: [], vectors: [] };
  return vectors.filter((_, e) => isWanted(itemAt(values, e))).map((vector) => [...vector]);
}

/** An orthonormal basis of what orthonormal `vectors` span, less a direction if they span it. */
function withoutSum(
  vectors: readonly (readonly number[])[],
  direction: readonly number[],
): (readonly number[])[] {
  const along = vectors.map((v) => dotOf(v, direction));
  const inside = Math.hypot(...along);
  if (inside ** 2 < 0.5) return [...vectors];
  const projected = direction.map((_, i) =>
    vectors.reduce((total, v, n) => total + (itemAt(v, i) * itemAt(along, n)) / inside, 0),
  );
  const projector = direction.map((_, i) =>
    direction.map(
      (__, j) =>
        vectors.reduce((total, v) => total + itemAt(v, i) * itemAt(v, j), 0) -
        itemAt(projected, i) * itemAt(projected, j),
    ),
  );
  return eigenvectors(projector, (value) => value > 0.5);
}

const dotOf = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * itemAt(b, i), 0);
