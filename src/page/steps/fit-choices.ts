/** What can be chosen of a fit, in words, and how texts are read. */
import { LOSSES, lossOf } from "../../expr/loss.ts";
import { DEFAULTS, RESIDUALS, SIGNS } from "../../options/fit-options.ts";
import { toScaled } from "../../syntax/number.ts";
import type { Option } from "../controls/fields.tsx";
import type { FitChoice } from "../protocol/workshop.ts";

export const RESTARTS: readonly Option[] = [
  { value: "auto", label: "as many as it takes: up to 512, as the command line has" },
  { value: "512", label: "512" },
  { value: "128", label: "128" },
  { value: "32", label: "32, for a first look" },
  { value: "2048", label: "2048" },
];

export const BACKEND_CHOICES: readonly Option<FitChoice["backend"]>[] = [
  { value: "auto", label: "whichever is expected to finish first" },
  { value: "webgpu", label: "the graphics adapter, through WebGPU" },
  { value: "cpu", label: "the processor cores, in float64" },
];

export const LOSS_CHOICES: readonly Option<FitChoice["loss"]>[] = LOSSES.map((value) => ({ value, label: `${value}: ${lossOf(value).summary}` })); // prettier-ignore
export const RESIDUAL_CHOICES: readonly Option<FitChoice["residual"]>[] = RESIDUALS.map((value) => ({ value, label: value })); // prettier-ignore
export const SIGNS_CHOICES: readonly Option<FitChoice["signs"]>[] = SIGNS.map((value) => ({
  value,
  label: value,
}));

/** A whole number of at least so much. */
export const readWhole =
  (least: number) =>
  (text: string): number | undefined => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
    return Number.isSafeInteger(value) && value >= least ? value : undefined;
  };

/** δ is what suits the losses where nothing is said. */
export const deltaText = (delta: FitChoice["delta"] | "usual"): string =>
  delta === undefined || delta === "usual" ? "" : String(delta);

export function readDelta(text: string): number | "usual" | undefined {
  if (text.trim() === "") return "usual";
  const value = toScaled(text.trim());
  return value !== undefined && value > 0 ? value : undefined;
}

/** What is fitted before the visitor says otherwise. */
export const usualFit = (laws: readonly string[]): FitChoice => ({
  laws,
  restarts: "auto",
  loss: DEFAULTS.loss,
  delta: undefined,
  residual: DEFAULTS.residual,
  signs: DEFAULTS.signs,
  seed: DEFAULTS.seed,
  bootstrap: 0,
  backend: "auto",
});
