/** How a law is written down, once; `bind` makes of it what the fit works with. */
import { itemAt } from "../base/known.ts";
import { evaluateOne } from "../expr/float64.ts";
import { constant, type Node } from "../expr/graph.ts";
import type { Signs } from "../options/fit-options.ts";
import type { Reported } from "./parameters/parameters.ts";
import type { ParameterSpec } from "./parameters/parameter-spec.ts";

/** An input of a law beside N, D and the shares: a column of the runs. */
export interface LawInput {
  /** Its name, as flags and formulas have it. */
  readonly name: string;
  /** Its letter in the law's equation: "S". */
  readonly symbol?: string;
  /** What it is, for people. */
  readonly meaning: string;
  /** What values it may have. Unless those are any, its logarithm is centered like N's and D's. */
  readonly values: "positive" | "nonnegative" | "any";
  /** Values such as runs have, for simulations and examples. */
  readonly typical: readonly number[];
  /**
   * The share of the parameters that work on a token at a value of this input, where it decides
   * that. Training takes 6 × active parameters × tokens.
   */
  readonly active?: (value: number) => number;
}

/**
 * What an operation of the law needs of its operand. An operand that depends on data only is
 * checked before the fit.
 */
export interface Guard {
  readonly node: Node;
  readonly needs: "positive" | "nonnegative" | "nonzero";
  /** The operation and its operand, for messages: "log(1 - sparsity)" and "1 - sparsity". */
  readonly operation: string;
  readonly operand: string;
}

/** A part of a formula that depends on data only and can be centered. */
export interface Centerable {
  readonly node: Node;
  /** It is centered where its mean is this many standard deviations from 0. */
  readonly far: number;
}

/** What a law's loss is written with. Parameters go by the names of the law's definition. */
export interface LawVariables {
  /** The coordinate of a parameter of the law as a whole. */
  readonly p: (name: string) => Node;
  /** The coordinate of a parameter that has one value a domain, for domain i. */
  readonly pd: (name: string, i: number) => Node;
  /** The share of domain i. */
  readonly h: (i: number) => Node;
  /** The share of domain i in phase p, both from 0, of a law that reads the phases' own shares. */
  readonly inPhase: (p: number, i: number) => Node;
  /** The unique tokens Uᵢ that there are of domain i, of a law that uses the supply. */
  readonly u: (i: number) => Node;
  /** Epochs Eᵢ = hᵢ·D/Uᵢ: passes over the tokens of domain i. */
  readonly epochs: (i: number) => Node;
  /** How many domains there are. */
  readonly domains: number;
  readonly domainNames: readonly string[];
  /**
   * ln(N/N₀): centered, because the fit's conditioning needs it (2003 → 62 on the Chinchilla
   * points).
   */
  readonly lnN: Node;
  /** ln(D/D₀). */
  readonly lnD: Node;
  /** An input as it is. */
  readonly input: (name: string) => Node;
  /**
   * The centered logarithm of an input that is positive. Where it is 0 this is 0: multiply by a
   * step.
   */
  readonly ln: (name: string) => Node;
  /** ln of an input's unit. */
  readonly lnUnit: (name: string) => number;
  /**
   * The center of a part of the formula that depends on data only, which a parameter takes in; see
   * `Frame`. `part` is what has the center, for whoever makes a frame.
   */
  readonly origin: (parameter: string, text: string, part?: Centerable) => number;
  /** Notes what an operation needs of its operand, and returns the operand. */
  readonly guard: (guard: Guard) => Node;
}

/** The law's coordinates at one point, by the names of its definition. */
export interface CoordinateValues {
  /** The coordinate of a parameter of the law as a whole. */
  readonly value: (name: string) => number;
  /** The coordinates of a parameter that has one value a domain, in the order of the domains. */
  readonly values: (name: string) => readonly number[];
  readonly domains: readonly string[];
  /** A record by domain: what `f` gives for each domain's position. */
  readonly perDomain: (f: (i: number) => number | null) => Readonly<Record<string, number | null>>;
  /** ln of an input's unit in the fit: ln N₀ of "params", ln D₀ of "tokens". */
  readonly lnUnit: (input: string) => number;
  /** The center of a part of the data that a parameter takes in; see `Frame`. */
  readonly origin: (parameter: string, text: string) => number;
}

/** A law's form at reported parameters. */
export interface LawForm {
  /**
   * Assignments in the syntax of formulas (docs/laws.md), over the names of the reported
   * parameters; the first gives L, the others what it uses.
   */
  readonly equations: readonly string[];
  /** Where the form is another than the published one, and why: a sentence each. */
  readonly beyond?: readonly string[];
}

/** What a law's form is made from. */
export interface FormVariables {
  /** The parameters as they are reported. */
  readonly reported: Reported;
  /** N and D are divided by these; 1 unless the law's family is not closed under other units. */
  readonly units: {
    /** Unit of N. */
    readonly params: number;
    /** Unit of D. */
    readonly tokens: number;
  };
  /** Names of the domains. */
  readonly domains: readonly string[];
}

/** What a law leaves to its user. */
export interface LawOptions {
  /** Signs of the exponents γᴬ, γᴮ (and γ^α, γ^β): positive as in the paper, or free. */
  readonly signs: Signs;
}

/** A law: how it is written down. */
export interface Law {
  /** What users type. */
  readonly name: string;
  /** The equation as its source writes it. */
  readonly equation: string;
  /** Where it was published. */
  readonly source: string;
  /** What it is for, in one line. */
  readonly about: string;
  /** Whether it uses N, D and the shares, and what else. */
  readonly uses: {
    /** N. */
    readonly params: boolean;
    /** D. */
    readonly tokens: boolean;
    /** The shares of the domains. */
    readonly weights: boolean;
    /** Other columns. */
    readonly inputs?: readonly LawInput[];
    /** The unique tokens Uᵢ of each domain: with D and the shares, the epochs. */
    readonly supply?: true;
    /**
     * What it reads of runs with phases beside the mean of their shares, weighted by their tokens,
     * which h is without this. "cells": h is the share of all tokens that a domain of a phase has,
     * with parameters of its own. "shares": it reads each phase's own shares too.
     */
    readonly phases?: "cells" | "shares";
  };
  /** Its parameters by name, with charts, starts, bounds and meaning. */
  readonly parameters: (options: LawOptions) => Readonly<Record<string, ParameterSpec>>;
  /** The predicted loss, as an expression. */
  readonly loss: (x: LawVariables) => Node;
  /**
   * The source's own parameters, in units of one parameter and one token unless `units` is "fit".
   */
  readonly report: (c: CoordinateValues) => Reported;
  /**
   * The law as it is computed from what it reports, so that anybody can compute its predictions.
   * Without it the equation is itself a formula.
   */
  readonly form?: (x: FormVariables) => LawForm;
  /**
   * "fit": the family is not closed under a change of units, so the centering units are part of the
   * reported formula.
   */
  readonly units: "absolute" | "fit";
  /**
   * The form of the law for targets that measure this domain, where the law reads that domain's
   * share. All forms have the same name and parameters.
   */
  readonly forDomain?: (domain: number) => Law;
  /** How a law that is no part of the catalog was written; fit files carry it. */
  readonly definition?: LawDefinition;
  /**
   * Laws contained in this one by name: from a smaller law's coordinates, those of this law at
   * which it is the smaller.
   */
  readonly contains: Readonly<
    Record<
      string,
      (smaller: CoordinateValues) => Readonly<Record<string, readonly number[] | number>>
    >
  >;
}

/**
 * What values a parameter of a formula has. log: positive, and its logarithm is optimized.
 * positive: at least 0. free: any sign.
 */
export const CHARTS = ["log", "positive", "free"] as const;
/** One of `CHARTS`. */
export type ChartKind = (typeof CHARTS)[number];

/**
 * One parameter of a formula, as its author describes it; what is left out follows from its place
 * in the formula.
 */
export interface ParameterDefinition {
  /** What it is, for people. */
  readonly meaning?: string | undefined;
  /** One value, or one a domain. */
  readonly per?: "law" | "domain" | undefined;
  /** One of `CHARTS`. */
  readonly chart?: ChartKind | undefined;
  /**
   * Random starts are drawn from here: uniformly, for "log" in the logarithm. In the parameter's
   * own units.
   */
  readonly start?: readonly [number, number] | undefined;
  /** null: no bound on that side. */
  readonly bounds?: readonly [number | null, number | null] | undefined;
  /** Where a ridge draws a parameter that has one value a domain: to 0, or to their mean. */
  readonly ridge?: "zero" | "mean" | undefined;
}

/** An input of a formula beside params and tokens, as its author describes it. */
export interface InputDefinition {
  /** What it is, for people. */
  readonly meaning?: string | undefined;
  /** Whether all its values are positive: its logarithm is then centered like N's and D's. */
  readonly positive?: boolean | undefined;
}

/** A law as a formula: JSON-ready, and all that is needed to make the law again. */
export interface LawDefinition {
  /** The name of the law. */
  readonly name: string;
  /** The formula, as it was typed. */
  readonly formula: string;
  /** Inputs beside params and tokens. */
  readonly inputs: Readonly<Record<string, InputDefinition>>;
  /** What is known of parameters, by name. */
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Where it was published. */
  readonly source?: string | undefined;
  /** What it is for, in one line. */
  readonly about?: string | undefined;
}

/** Every parameter as its chart has it: the report of a law that reports nothing else. */
export function reportCharts(
  specs: Readonly<Record<string, ParameterSpec>>,
  c: CoordinateValues,
): Reported {
  const { lnUnit, origin } = c;
  const terms = { p: (name: string) => constant(c.value(name)), lnUnit, origin };
  const value = ({ chart }: ParameterSpec, u: number): number =>
    chart === undefined ? u : evaluateOne(chart.value(u, terms), () => NaN);
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const symbol = spec.chart?.symbol ?? name;
      if (spec.per === "law") return [symbol, value(spec, c.value(name))];
      const values = c.values(name);
      return [symbol, c.perDomain((i) => value(spec, itemAt(values, i)))];
    }),
  );
}

/** Gives an object literal the type of a law. */
export const defineLaw = (law: Law): Law => law;
