/**
 * What mixlaw may say of a result, by code. A finding has one of these codes, and nothing else is
 * said: each code has its row in docs/claims.md, with the definition and the test that guards it.
 */

import { ownOf } from "./known.ts";

/** What a finding bears on: what must be said again where the fit or the optimum is used. */
export type Bearing = "parameters" | "predictions" | "optimum";

const ALL = ["parameters", "predictions", "optimum"] as const;
const PREDICTED = ["predictions", "optimum"] as const;

/** By code: what it bears on. */
export const CLAIMS = {
  // of a fit
  interrupted: ALL,
  "not-converged": ALL,
  "few-starts-agree": ALL,
  "collinear-sizes": ["parameters"],
  "runs-to-add": ["parameters"],
  "better-fit-in-profile": ALL,
  "profile-not-walked": ["parameters"],
  "bootstrap-interrupted": ALL,
  "deadline-passed": ALL,
  "checkpoints-resampled": ALL,
  "blocks-assumed": ["parameters"],
  "few-groups": ALL,
  "refits-still-moving": ALL,
  "replicates-in-other-basin": ALL,
  "carried-over": ALL,
  "untrained-domains": PREDICTED,
  "held-domains": PREDICTED,
  "rarely-varied-domains": PREDICTED,
  "collinear-domains": PREDICTED,
  "held-out-error": PREDICTED,
  "parameters-at-bound": PREDICTED,
  "mixture-not-determined": ["optimum"],
  "size-terms-not-determined": ["optimum"],
  "lack-of-fit": PREDICTED,
  "slopes-by-mixture": PREDICTED,
  "law-without-size": PREDICTED,
  "worse-than-constant": ALL,
  "far-rows": ALL,
  "nothing-finite": ALL,
  "data-refused": ALL,
  "at-bound": ["parameters"],
  "plateau-of-fits": ["parameters"],
  "beyond-published-form": ["parameters"],
  "mirror-solution": ["parameters"],
  // of the GPU, in a fit, a validation or an optimum: its numbers hold
  "device-lost": [],
  "kernel-hung": [],
  "kernel-failed": [],
  // of a validation
  "law-to-use": ["predictions"],
  "laws-not-told-apart": ["predictions"],
  "no-better-than-mean": ["predictions"],
  "ranks-hold-beyond": ["predictions"],
  "ranks-reverse": ["predictions"],
  "criteria-left-out": ["predictions"],
  "backtest-bias": PREDICTED,
  // of an optimum
  "shares-not-determined": ["optimum"],
  "left-out-by-constraints": ["optimum"],
  "other-laws": ["optimum"],
  "laws-choose-otherwise": ["optimum"],
  "laws-averaged": [],
  "optimistic-at-own-optimum": ["optimum"],
  "not-certified": ["optimum"],
  "best-of-local-optima": ["optimum"],
  "replicates-change-basin": ["optimum"],
  "tied-optima": ["optimum"],
  plateau: ["optimum"],
  "phases-not-told": ["optimum"],
  "outside-trained-mixtures": ["optimum"],
  "below-trained-shares": ["optimum"],
  "random-mixture-better": ["optimum"],
  "beyond-trained-scale": PREDICTED,
  "size-at-end": ["optimum"],
  "exponents-of-poor-fit": ["optimum"],
  "exponents-disagree": ["optimum"],
  "no-isoflop-groups": ["optimum"],
  // of predictions
  "no-interval-beyond": PREDICTED,
  "few-backtests": PREDICTED,
  "law-interval-beyond": PREDICTED,
  "law-chosen": [],
  "laws-alike": [],
  // of a fit that was repeated
  "fit-repeats": [],
  "numbers-differ": [],
  "undetermined-differ": [],
  "table-changed": [],
  "rows-changed": [],
  "other-version": [],
  "other-adapter": [],
  "other-arithmetic": [],
  // of a plan beside its runs
  "losses-inside": [],
  "losses-outside": [],
  "registered-without-interval": [],
  "choice-regret": [],
  "law-that-was-right": [],
  "not-trained": [],
  "runs-not-registered": [],
} as const satisfies Readonly<Record<string, readonly Bearing[]>>;

/** The code of a claim. */
export type Claim = keyof typeof CLAIMS;

/**
 * Whether a claim bears on something. A code that only a later version knows bears on everything.
 *
 * @example bearsOn("not-converged", "optimum") // true
 */
export const bearsOn = (claim: Claim, what: Bearing): boolean =>
  (ownOf<readonly Bearing[]>(CLAIMS, claim) ?? ALL).includes(what);
