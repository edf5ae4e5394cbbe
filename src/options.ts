/** Options of a fit, normalized once at the edge: inside, every option has a value. */
import { InputError } from "./errors.ts";

/** How far a fit has come. `fraction` of the present law is an estimate that never goes back. */
export interface Progress {
  readonly law: string;
  readonly stage: "compile" | "search" | "refine" | "hop" | "polish";
  readonly fraction: number;
  /** Best objective so far, the mean over targets. */
  readonly best?: number;
}

export interface FitOptions {
  /** Huber (robust, the paper's choice) or squared loss of the residual. Default "huber". */
  readonly loss?: "huber" | "squared";
  /** Corner δ of the Huber loss, in units of the residual. Default 1e-3. */
  readonly delta?: number;
  /** Residual: predicted − observed, the difference of logarithms, or predicted/observed − 1. Default "raw". */
  readonly residual?: "raw" | "log" | "relative";
  /** Random starts a target. Default 512. */
  readonly restarts?: number;
  /** Any safe integer; the same seed gives the same fit. Default 1. */
  readonly seed?: number;
  /** Signs of the exponents γᴬ, γᴮ of the joint and full laws. Default "positive", as in the paper. */
  readonly signs?: "positive" | "free";
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** The settings that determine a fit, as the fit file records them. */
export interface FitSettings {
  readonly loss: "huber" | "squared";
  readonly delta: number;
  readonly residual: "raw" | "log" | "relative";
  readonly restarts: number;
  readonly seed: number;
  readonly signs: "positive" | "free";
}

export const DEFAULTS: FitSettings = { loss: "huber", delta: 1e-3, residual: "raw", restarts: 512, seed: 1, signs: "positive" };

const one = <T extends string>(flag: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find((a) => a === value);
  if (found === undefined)
    throw new InputError(`--${flag} is ${JSON.stringify(value)}; it must be one of ${allowed.join(", ")}.`, { flag: `--${flag}` });
  return found;
};

/** Fills in the defaults; throws an InputError that names the option that cannot be used. */
export function fitSettings(options: FitOptions): FitSettings {
  const settings = { ...DEFAULTS };
  const { delta = DEFAULTS.delta, restarts = DEFAULTS.restarts, seed = DEFAULTS.seed } = options;
  if (!(delta > 0 && Number.isFinite(delta)))
    throw new InputError(`--delta is ${delta}; the corner of the Huber loss must be a positive number.`, { flag: "--delta" });
  if (!(Number.isInteger(restarts) && restarts >= 1 && restarts <= 2 ** 20)) {
    throw new InputError(`--restarts is ${restarts}; it must be a whole number from 1 to ${2 ** 20}.`, { flag: "--restarts" });
  }
  if (!Number.isSafeInteger(seed)) throw new InputError(`--seed is ${seed}; it must be a whole number.`, { flag: "--seed" });
  return {
    ...settings,
    delta,
    restarts,
    seed,
    loss: one("loss", options.loss ?? DEFAULTS.loss, ["huber", "squared"]),
    residual: one("residual", options.residual ?? DEFAULTS.residual, ["raw", "log", "relative"]),
    signs: one("signs", options.signs ?? DEFAULTS.signs, ["positive", "free"]),
  };
}
