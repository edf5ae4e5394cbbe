/** What is said of an optimum beside its numbers and the findings of its verdict. */
import { entryOf } from "../base/known.ts";
import { listed, plural, shorten } from "../base/wording.ts";
import { moreRoom } from "../mixture/constraints/constraint-kinds.ts";
import { isTrainedLimit } from "../mixture/constraints/kinds/trained-shares.ts";
import type { Active, Optimum } from "../mixture/request/optimum.ts";
import { certainty } from "./certainty.ts";
import { hasOwnReference, small } from "./phrases.ts";
import { proofSentence } from "./proof.ts";
import { grouped, inPercent, loss, percent } from "../base/format-number.ts";

/** How sharp it is, how sure, what constraints cost, what proves it, and what to beware of. */
export function optimumSentences(optimum: Optimum): string[] {
  const { sharpness, monteCarlo, reach, lattice } = optimum;
  const near = `Near-optimal: the shares of mixtures whose objective is within ${small(sharpness.epsilon)} of the best.`;
  return [
    [near, trade(optimum)].join(" "),
    ...certainty(optimum),
    ...forbidden(optimum),
    ...prices(optimum),
    ...(lattice === null
      ? []
      : [
          lattice.exact
            ? `The best mixture of multiples of 1/${lattice.denominator}; that costs ${small(lattice.cost)}.`
            : `Rounded to multiples of 1/${lattice.denominator}, which costs ${small(lattice.cost)}.`,
        ]),
    proofSentence(optimum),
    ...(monteCarlo === null ? [] : [sampled(optimum)]),
    ...(reach.insideHull ? ["It is a blend of mixtures that were trained: an interpolation."] : []),
    ...repeats(optimum),
  ];
}

/** A range this wide is a trade "almost freely". */
const WIDE = 0.05;

function trade({ sharpness: { trade: pair, ranges } }: Optimum): string {
  if (pair === null) return "The optimum is sharp: no share can move.";
  const widest = Math.max(...Object.values(ranges).map(([low, high]) => high - low));
  return widest >= WIDE
    ? `${pair} can be exchanged almost freely.`
    : `The widest trade is ${pair}, over ${inPercent(widest)} points.`;
}

/** What a little more room would gain; the limits that nobody asked for together. */
function prices(optimum: Optimum): string[] {
  const { active, trainedLimit, objective } = optimum;
  const asked = active.filter(({ constraint }) => !isTrainedLimit(constraint));
  const trained = active.filter(({ constraint }) => isTrainedLimit(constraint));
  if (trained.length === 0) return asked.map(price);
  const limits = trained
    .toSorted((a, b) => b.perPercent - a.perPercent)
    .map(
      ({ constraint, perPercent }) =>
        `${constraint.replace(/^trained /, "")} (${small(perPercent)})`,
    );
  return [
    ...asked.map(price),
    `Limits of ${trainedLimit?.factor ?? ""} × the largest trained share, with what one more percent would gain: ${shorten(limits, 6)}.${withoutLimits(trainedLimit, objective)}`,
  ];
}

/** What the laws promise where nothing was trained. */
function withoutLimits(limit: Optimum["trainedLimit"], objective: number): string {
  const lifted = limit?.lifted ?? null;
  if (limit === null || lifted === null) return "";
  const past = Object.entries(lifted.weights)
    .filter(([domain, share]) => share > limit.factor * entryOf(limit.largest, domain) + 1e-9)
    .map(
      ([domain, share]) =>
        `${percent(share, 3)} ${domain} (trained up to ${percent(entryOf(limit.largest, domain), 3)})`,
    );
  return ` Lifted in all (--beyond), they would let the law promise ${loss(lifted.objective)}, ${small(objective - lifted.objective)} less, with ${listed(past)}.`;
}

/** What a little more room for a constraint would gain, in a sentence. */
export function price({ constraint, perPercent, perEpoch }: Active): string {
  const epoch = perEpoch === null ? "" : `, one more epoch ${small(perEpoch)}`;
  return `${constraint}: ${moreRoom(constraint)} would gain ${small(perPercent)}${epoch}.`;
}

/**
 * Mixtures to compare with whose objective is better than the optimum's: they must break the
 * constraints.
 */
function forbidden(optimum: Optimum): string[] {
  const names = hasOwnReference(optimum)
    ? (["uniform", "reference"] as const)
    : (["uniform"] as const);
  const better = names.filter(
    (name) =>
      optimum[name].objective < optimum.objective - Math.abs(optimum.lattice?.cost ?? 0) - 1e-9,
  );
  return better.length === 0 || !optimum.certificate.certified
    ? []
    : [
        `A negative gain in the objective: the ${better.join(" and the ")} mixture ${better.length === 1 ? "breaks" : "break"} the constraints.`,
      ];
}

function sampled({ monteCarlo, objective, lattice }: Optimum): string {
  if (monteCarlo === null) return "";
  const { samples, feasible, best } = monteCarlo;
  const among = feasible < samples ? ` (${grouped(feasible)} of them feasible)` : "";
  const many = `${grouped(samples)} random ${plural(samples, "mixture")}${among}`;
  if (best === null) return `None of ${many} is better.`;
  const exact = objective - (lattice?.cost ?? 0);
  return best >= exact
    ? `None of ${many} is better; the best of them is ${small(best - exact)} worse.`
    : `The best of ${many} is ${small(exact - best)} better.`;
}

/** Muennighoff et al. 2023, "Scaling Data-Constrained Language Models", by passes over the data. */
const REPEATS = [
  { over: 40, cost: "further repeats are worth almost nothing" },
  { over: 16, cost: "further repeats are worth much less than new data" },
  { over: 4, cost: "repeats begin to be worth less than new data" },
] as const;

function repeats({ allocation }: Optimum): string[] {
  const parts = Object.entries(allocation ?? {});
  return REPEATS.flatMap(({ over, cost }) => {
    const names = parts.filter(([, { passes }]) => passes === over).map(([domain]) => domain);
    return names.length === 0
      ? []
      : [
          `Over ${over} epochs (${listed(names)}): ${cost} (Muennighoff et al. 2023), which the law does not know.`,
        ];
  });
}
