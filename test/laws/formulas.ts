/** The published formulas, written a second time: plain arithmetic on reported parameters, no graphs, no centering, no power means. */
import type { Reported } from "../../src/laws/define.ts";

/** Reported numbers by name: scalars, and one value a domain. */
class Parameters {
  constructor(
    readonly reported: Reported,
    readonly h: readonly number[],
  ) {}

  one(name: string): number {
    const value = this.reported[name];
    if (typeof value !== "number") throw new Error(`${name} is not a number`);
    return value;
  }

  each(name: string): number[] {
    const value = this.reported[name];
    if (typeof value !== "object" || value === null) throw new Error(`${name} is not one a domain`);
    return Object.values(value).map((x) => x ?? NaN);
  }

  /** (Σ Cᵢhᵢ)^γ */
  sumPower(C: string, gamma: string): number {
    return this.each(C).reduce((sum, c, i) => sum + c * this.h[i], 0) ** this.one(gamma);
  }

  /** 1/Σ Cᵢhᵢ^γᵢ; 0^γ is 0 for an absent domain, whatever its γ. */
  mixtureTerm(): number {
    const gamma = this.each("gamma");
    return 1 / this.each("C").reduce((sum, c, i) => sum + (this.h[i] === 0 ? 0 : c * this.h[i] ** gamma[i]), 0);
  }
}

type Formula = (p: Parameters, N: number, D: number) => number;
const size: Formula = (p, N) => p.one("A") / N ** p.one("alpha");
const tokens: Formula = (p, _, D) => p.one("B") / D ** p.one("beta");

/** Section 2 and appendix of Shukor et al. 2025 (arXiv 2507.09404) and eq. 10 of Hoffmann et al. 2022, by law. */
const FORMULAS: Readonly<Record<string, Formula>> = {
  chinchilla: (p, N, D) => p.one("E") + size(p, N, D) + tokens(p, N, D),
  mixture: (p) => p.one("E") + p.mixtureTerm(),
  "mixture-tokens": (p, N, D) => p.one("E") + p.mixtureTerm() + tokens(p, N, D),
  simple: (p, N, D) => p.one("E") + p.sumPower("C", "gamma") + size(p, N, D) + tokens(p, N, D),
  additive: (p, N, D) => p.one("E") + p.mixtureTerm() + size(p, N, D) + tokens(p, N, D),
  joint: (p, N, D) =>
    p.one("E") + p.mixtureTerm() + p.sumPower("CA", "gammaA") / N ** p.one("alpha") + p.sumPower("CB", "gammaB") / D ** p.one("beta"),
  full: (p, N, D) =>
    p.one("E") +
    p.mixtureTerm() +
    p.sumPower("CA", "gammaA") / N ** p.sumPower("Calpha", "gammaAlpha") +
    p.sumPower("CB", "gammaB") / D ** p.sumPower("Cbeta", "gammaBeta"),
};

/** The loss that a law's published formula gives. */
export const published = (law: string, reported: Reported, N: number, D: number, h: readonly number[]): number =>
  FORMULAS[law](new Parameters(reported, h), N, D);
