/** What a parameter's place in a formula says of it: chart, start range and bounds. */
import type { ChartKind } from "../law.ts";
import { exponential } from "../parameters/chart.ts";
import type { ParameterSpec } from "../parameters/parameter-spec.ts";
import { mixtureParameters } from "../terms/mixture-term.ts";
import { exponent, irreducible, logCoefficient } from "../terms/shared-parameters.ts";
import type { ParameterUse } from "./read-formula.ts";
import type { Role } from "./roles.ts";

/** Exponentials of more overflow float32. */
export const LOG_BOUNDS = [-60, 60] as const;

/** A positive number's logarithm, where nothing else is known of it. */
export const logarithm: ParameterSpec = logCoefficient("", exponential(""));

interface Assumed {
  readonly kind: ChartKind;
  /** Without its chart. */
  readonly spec: ParameterSpec;
}

/** Whether a parameter's place says where starts are, whatever the data. */
export const isUsual = ({ role }: ParameterUse): boolean =>
  role.kind === "scale" ||
  role.kind === "constant" ||
  (role.kind === "exponent" && role.of !== "other");

export function assumed({ role, per }: ParameterUse): Assumed {
  switch (role.kind) {
    case "scale": {
      const { start } = role.inverse ? mixtureParameters.lnC : logarithm;
      return { kind: "log", spec: { meaning: "scale, positive", per, start, bounds: LOG_BOUNDS } };
    }
    case "exponent":
      return assumedExponent(role, per);
    case "constant":
      return {
        kind: "positive",
        spec: { ...irreducible, meaning: "constant term, at least 0", per },
      };
    case "level":
      return {
        kind: "free",
        spec: { meaning: "constant term, of any sign", per, start: (s) => [s.min, s.max] },
      };
    case "free":
      return { kind: "free", spec: { meaning: "of any sign", per, start: () => [-1, 1] } };
  }
}

function assumedExponent(role: Role & { kind: "exponent" }, per: ParameterSpec["per"]): Assumed {
  if (role.of === "share") {
    const meaning = "exponent of a share, at least 0";
    return { kind: "positive", spec: { ...mixtureParameters.gamma, meaning, per } };
  }
  if (role.of === "count" && role.inverse)
    return {
      kind: "positive",
      spec: { ...exponent("exponent in a denominator, at least 0"), per },
    };
  return {
    kind: "free",
    spec: { meaning: "exponent, of any sign", per, start: () => [-0.9, 0.9], bounds: [-10, 10] },
  };
}
