/** The mixture that minimizes a weighted sum of fitted losses at one (N, D). */
import { dirichlet } from "../data/simplex.ts";
import { stream } from "../data/rng.ts";
import { InputError } from "../errors.ts";
import { restore } from "../fit/predict.ts";
import type { FitFile } from "../fit/result.ts";
import { descend, type Descent } from "./descent.ts";
import { projectBox } from "./simplex.ts";
import { type Fitted, type Scale, surface, type Term } from "./surface.ts";

export interface OptimizeOptions {
  /** Parameters N of the run to plan; needed by laws that use it. */
  readonly params?: number;
  /** Its training tokens D. */
  readonly tokens?: number;
  /** Weight by target; default: all fitted targets alike. */
  readonly objective?: Readonly<Record<string, number>>;
  /** Which law's fits to use; needed when the file has several for a target. */
  readonly law?: string;
  readonly seed?: number;
}

/** `mixlaw/optimum@1`. */
export interface Optimum {
  readonly schema: "mixlaw/optimum@1";
  readonly weights: Readonly<Record<string, number>>;
  /** Predicted loss by target. */
  readonly predicted: Readonly<Record<string, number>>;
  /** The weighted sum that was minimized, its weights scaled to sum 1. */
  readonly objective: number;
  readonly at: { readonly params: number | null; readonly tokens: number | null };
  /** Constraints that hold with equality. */
  readonly active: readonly string[];
  /** The same objective at the uniform mixture. */
  readonly reference: { readonly mixture: "uniform"; readonly objective: number };
  /** Largest entry of h − P(h − ∇L): how far the KKT conditions are from holding. */
  readonly kktResidual: number;
}

const STARTS = 64;
const DESCENTS = 8;
const OPTIONS = { iterations: 20_000, tolerance: 1e-10 } as const;
/** Purpose of the random stream of mixture starts; see fit/starts.ts. */
const PURPOSE = 201;

/**
 * Projected gradient descent from the best of many feasible mixtures. Throws InputError when the request does not match the file.
 * @example optimize(file, { params: 7e9, tokens: 150e9, objective: { loss_code: 2, loss_web: 1 } }).weights
 */
export function optimize(file: FitFile, options: OptimizeOptions = {}): Optimum {
  const terms = termsOf(file, options);
  const { domains } = file.data;
  const k = domains.length;
  if (k === 0)
    throw new InputError(
      `the fits of ${file.data.source} have no mixture weights: there is no mixture to choose. Fit a law that uses them ("mixlaw laws").`,
    );
  const at = scaleOf(terms, options);
  const total = surface(terms, at, k);
  const [lower, upper] = [new Float64Array(k), new Float64Array(k).fill(1)];
  const project = (y: Float64Array): Float64Array => projectBox(y, lower, upper);
  const draws = stream(options.seed ?? 1, PURPOSE);
  const uniform = new Float64Array(k).fill(1 / k);
  const starts = [uniform, ...Array.from({ length: STARTS }, (_, n) => dirichlet(draws, n, n % 2 === 0 ? 1 : 0.3, k))];
  const best = starts
    .map((h) => ({ h, loss: total.value(h) }))
    .sort((a, b) => a.loss - b.loss)
    .slice(0, DESCENTS)
    .map(({ h }) => descend(total, project, h, OPTIONS))
    .reduce((a: Descent, b) => (b.loss < a.loss ? b : a));
  return {
    schema: "mixlaw/optimum@1",
    weights: Object.fromEntries(domains.map((d, i) => [d, best.h[i]])),
    predicted: Object.fromEntries(terms.map(({ fitted, target }) => [target, surface([{ fitted, weight: 1 }], at, k).value(best.h)])),
    objective: best.loss,
    at: { params: options.params ?? null, tokens: options.tokens ?? null },
    active: domains.flatMap((d, i) => (best.h[i] <= 0 ? [`${d} ≥ 0`] : [])),
    reference: { mixture: "uniform", objective: total.value(uniform) },
    kktResidual: best.residual,
  };
}

/** The fits that the objective weighs, weights scaled to sum 1. */
function termsOf(file: FitFile, options: OptimizeOptions): (Term & { target: string; fitted: Fitted })[] {
  const usable = file.fits.filter((fit) => options.law === undefined || fit.law === options.law);
  const targets = [...new Set(usable.map((fit) => fit.target))];
  const weights = options.objective ?? Object.fromEntries(targets.map((t) => [t, 1]));
  const chosen = Object.entries(weights).filter(([, w]) => w !== 0);
  const sum = chosen.reduce((total, [, w]) => total + w, 0);
  if (chosen.length === 0 || chosen.some(([, w]) => !(w > 0)))
    throw new InputError("the objective needs positive weights of targets, such as loss_code=2,loss_web=1.", { flag: "--objective" });
  return chosen.map(([target, weight]) => {
    const fits = usable.filter((fit) => fit.target === target);
    if (fits.length === 0)
      throw new InputError(
        `the fit file has no fit of "${target}"${options.law === undefined ? "" : ` by the law ${options.law}`}; it has ${targets.join(", ")}.`,
        { flag: "--objective" },
      );
    if (fits.length > 1)
      throw new InputError(
        `the fit file has ${fits.length} laws for ${target} (${fits.map((f) => f.law).join(", ")}): say which with --law.`,
        { flag: "--law" },
      );
    return { target, weight: weight / sum, fitted: restore(file, fits[0]) };
  });
}

function scaleOf(terms: readonly Term[], options: OptimizeOptions): Scale {
  const need = (name: "params" | "tokens"): number => {
    const value = options[name];
    const user = terms.find(({ fitted }) => fitted.law.law.uses[name]);
    if (user !== undefined && !(value !== undefined && value > 0 && Number.isFinite(value))) {
      throw new InputError(
        `the law ${user.fitted.law.law.name} needs the ${name} of the run to plan, a positive number; ${value === undefined ? "none was given" : `${value} was given`}. Give it with --${name}.`,
        { flag: `--${name}` },
      );
    }
    return value ?? 1;
  };
  return { params: need("params"), tokens: need("tokens") };
}
