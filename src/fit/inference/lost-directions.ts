/** Directions of the coordinates that the runs do not determine, as sentences. */
import type { BoundLaw } from "../../laws/bind.ts";
import type { Summand } from "../../laws/summands.ts";
import type { LostDirection } from "../result/fit-file.ts";
import { limitOf } from "./determined.ts";
import { axis, type Fitted } from "./fitted.ts";
import type { Direction, Information } from "./information.ts";
import { domainsOf, reasons, vanished } from "./reasons.ts";

/** A coordinate or term belongs to a direction when it makes up this share of it. */
const SHARE = 0.02;

/** The worst first. `percent`: the noise of a loss, in percent of it. */
export function lostDirections(
  fitted: Fitted,
  information: Information,
  percent: number,
): LostDirection[] {
  const { directions, unseen } = information;
  const limits = fitted.law.coordinates.map((_, i) => limitOf(fitted, information, i));
  const judging = { fitted, information, limits, percent };
  const wide = directions.flatMap(({ moves, shares, value }) => {
    const error = reachOf(judging, moves);
    return error > 1 ? [describe(judging, shares, value, error)] : [];
  });
  const blind = unseen.map((i) => describe(judging, axis(fitted.law, i), 0, Infinity));
  return [...wide, ...blind].toReversed();
}

/** What directions are judged by. */
interface Judging {
  readonly fitted: Fitted;
  readonly information: Information;
  /** By coordinate; see `limitOf`. */
  readonly limits: readonly number[];
  readonly percent: number;
}

/**
 * How far one standard error along a direction moves the coordinate that it moves most, in units of
 * the limit.
 */
const reachOf = ({ information, limits }: Judging, moves: Direction["moves"]): number =>
  moves.reduce(
    (most, move, i) =>
      move === 0 ? most : Math.max(most, (move * information.quantile) / limits[i]),
    0,
  );

function describe(
  { fitted, information, limits, percent }: Judging,
  shares: readonly number[],
  eigenvalue: number,
  standardError: number,
): LostDirection {
  const { law, parts } = fitted;
  const isGone = (i: number): boolean => information.alone(i) * information.quantile > limits[i];
  const members = shares.flatMap((share, i) => (share > SHARE ? [i] : []));
  const terms = parts.filter(({ coordinates }) => members.some((i) => coordinates.has(i)));
  const why = members.every(isGone)
    ? vanished(members, fitted)
    : reasons(terms, members, fitted, percent);
  return {
    coordinates: Object.fromEntries(members.map((i) => [law.coordinates[i].name, shares[i]])),
    eigenvalue,
    standardError: Number.isFinite(standardError) ? standardError : null,
    sentence: `${between(terms, members, law)}: ${why}`,
  };
}

/** "E against A/N^α", "A against alpha in A/N^α", "gamma[web] in 1/Σᵢ Cᵢhᵢ^γᵢ". */
function between(terms: readonly Summand[], members: readonly number[], law: BoundLaw): string {
  const domains = domainsOf(members, law);
  const few = domains.length > 0 && domains.length < law.domains.length && domains.length <= 3;
  if (terms.length > 1)
    return terms
      .map(({ text, weights }) => (weights && few ? `${text} (${domains.join(", ")})` : text))
      .join(" against ");
  if (members.length > 4) return few ? `${terms[0].text} (${domains.join(", ")})` : terms[0].text;
  const labels = members.map((i) => law.coordinates[i].label).join(" against ");
  return terms.length === 1 && labels !== terms[0].text ? `${labels} in ${terms[0].text}` : labels;
}
