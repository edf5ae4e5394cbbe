/** Options of a fit, normalized once at the edge: inside, every option has a value. */
import { InputError } from "./errors.ts";

/**
 * multinomial: as many blocks of runs as there are, drawn with replacement (Efron 1979). bayesian:
 * independent exponential weights, which is Dirichlet(1) up to a common factor (Rubin 1981), so
 * that no block is ever missing.
 */
export const SCHEMES = ["multinomial", "bayesian"] as const;
export type Scheme = (typeof SCHEMES)[number];

/**
 * percentile: the replicates' quantiles. bca: corrected for bias and for a standard error that
 * changes with the value (Efron 1987).
 */
export const INTERVALS = ["bca", "percentile"] as const;
export type IntervalKind = (typeof INTERVALS)[number];

/** How far a fit has come. `fraction` of the present law is an estimate that never goes back. */
export interface Progress {
  readonly law: string;
  readonly stage:
    | "compile"
    | "search"
    | "refine"
    | "hop"
    | "polish"
    | "bootstrap"
    | "profile"
    | "validate";
  readonly fraction: number;
  /** Best objective so far, the mean over targets. */
  readonly best?: number;
}

/**
 * What a user says of single parameters, by reported name: "alpha", "gamma[web]", or "gamma" for
 * all domains.
 */
export interface Restrictions {
  readonly fix: Readonly<Record<string, number>>;
  /** The first follows the second; "gamma": "gamma" is one γ for all domains. */
  readonly tie: Readonly<Record<string, string>>;
  /** An end that is null is open. */
  readonly bounds: Readonly<Record<string, readonly [number | null, number | null]>>;
  /** Where random starts are drawn. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  /** Starts given one by one; what has no range takes its typical size from them. */
  readonly starts: readonly Readonly<Record<string, number>>[];
}

export interface FitOptions extends Partial<Restrictions> {
  /** Huber (robust, the paper's choice) or squared loss of the residual. Default "huber". */
  readonly loss?: "huber" | "squared";
  /** Corner δ of the Huber loss, in units of the residual. Default 1e-3. */
  readonly delta?: number;
  /**
   * Residual: predicted − observed, the difference of logarithms, or predicted/observed − 1.
   * Default "raw".
   */
  readonly residual?: "raw" | "log" | "relative";
  /** Random starts a target. Default 512; none where `starts` are given. */
  readonly restarts?: number;
  /** Any safe integer; the same seed gives the same fit. Default 1. */
  readonly seed?: number;
  /**
   * Signs of the exponents γᴬ, γᴮ of the joint and full laws. Default "positive", as in the paper.
   */
  readonly signs?: "positive" | "free";
  /**
   * Reported parameters ("alpha", "A", "C[web]", or "C" for all domains) to find 95 %
   * profile-likelihood intervals of.
   */
  readonly profile?: readonly string[];
  /**
   * Bootstrap replicates, for intervals; default 0, none. Runs are resampled by the group column of
   * `readRuns`, one by one without it: checkpoints of one run share their error, and resampled one
   * by one their intervals come out too narrow.
   */
  readonly bootstrap?: number;
  /**
   * multinomial: groups are drawn with replacement (default). bayesian: they get Dirichlet weights.
   */
  readonly resampling?: Scheme;
  /** Confidence level of intervals. Default 0.95. */
  readonly level?: number;
  /** Default "bca". */
  readonly interval?: IntervalKind;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** The settings that determine a fit, as the fit file records them. */
export interface FitSettings extends Restrictions {
  readonly loss: "huber" | "squared";
  readonly delta: number;
  readonly residual: "raw" | "log" | "relative";
  readonly restarts: number;
  readonly seed: number;
  readonly signs: "positive" | "free";
  readonly bootstrap: number;
  readonly resampling: Scheme;
  readonly level: number;
  readonly interval: IntervalKind;
}

export const DEFAULTS: FitSettings = {
  loss: "huber",
  delta: 1e-3,
  residual: "raw",
  restarts: 512,
  seed: 1,
  signs: "positive",
  fix: {},
  tie: {},
  bounds: {},
  ranges: {},
  starts: [],
  bootstrap: 0,
  resampling: "multinomial",
  level: 0.95,
  interval: "bca",
};

const one = <T extends string>(flag: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find((a) => a === value);
  if (found === undefined)
    throw new InputError(
      `--${flag} is ${JSON.stringify(value)}; it must be one of ${allowed.join(", ")}.`,
      { flag: `--${flag}` },
    );
  return found;
};

/** Fills in the defaults; throws an InputError that names the option that cannot be used. */
export function fitSettings(options: FitOptions): FitSettings {
  const settings = { ...DEFAULTS };
  const {
    delta = DEFAULTS.delta,
    seed = DEFAULTS.seed,
    fix = {},
    tie = {},
    bounds = {},
    ranges = {},
    starts = [],
  } = options;
  const restarts = options.restarts ?? (starts.length > 0 ? 0 : DEFAULTS.restarts);
  for (const [flag, of] of [
    ["--bounds", bounds],
    ["--range", ranges],
  ] as const) {
    for (const [name, [low, high]] of Object.entries(of)) {
      if ((low ?? -Infinity) < (high ?? Infinity)) continue;
      throw new InputError(
        `${flag} ${name}=${low ?? ""}:${high ?? ""}: the first must be below the second; to hold a value use --fix.`,
        {
          flag,
        },
      );
    }
  }
  const { bootstrap = DEFAULTS.bootstrap, level = DEFAULTS.level } = options;
  if (!(delta > 0 && Number.isFinite(delta)))
    throw new InputError(
      `--delta is ${delta}; the corner of the Huber loss must be a positive number.`,
      { flag: "--delta" },
    );
  if (
    !(Number.isInteger(restarts) && restarts >= (starts.length > 0 ? 0 : 1) && restarts <= 2 ** 20)
  ) {
    throw new InputError(
      `--restarts is ${restarts}; it must be a whole number from 1 to ${2 ** 20}.`,
      { flag: "--restarts" },
    );
  }
  if (!Number.isSafeInteger(seed))
    throw new InputError(`--seed is ${seed}; it must be a whole number.`, { flag: "--seed" });
  if (!(bootstrap === 0 || (Number.isInteger(bootstrap) && bootstrap >= 2 && bootstrap <= 1e6)))
    throw new InputError(
      `--bootstrap is ${bootstrap}; it must be a whole number of replicates from 2 to 1000000, such as 1000.`,
      {
        flag: "--bootstrap",
      },
    );
  checkLevel(level);
  return {
    ...settings,
    bootstrap,
    level,
    resampling: one("resampling", options.resampling ?? DEFAULTS.resampling, SCHEMES),
    interval: one("interval", options.interval ?? DEFAULTS.interval, INTERVALS),
    delta,
    restarts,
    seed,
    fix,
    tie,
    bounds,
    ranges,
    starts,
    loss: one("loss", options.loss ?? DEFAULTS.loss, ["huber", "squared"]),
    residual: one("residual", options.residual ?? DEFAULTS.residual, ["raw", "log", "relative"]),
    signs: one("signs", options.signs ?? DEFAULTS.signs, ["positive", "free"]),
  };
}

/** Throws an InputError for what is no confidence level. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new InputError(
      `--level is ${level}; a confidence level lies between 0 and 1, such as 0.95.`,
      { flag: "--level" },
    );
}
