/**
 * What a formula's author may say of it: the options of `lawFromFormula`, and a law file's keys.
 */
import * as v from "valibot";
import {
  aName,
  anObject,
  aRange,
  aSwitch,
  aText,
  byName,
  type EntriesOf,
  numberThat,
  oneOf,
  readOptions,
} from "../../options/option-schema.ts";
import {
  CHARTS,
  type InputDefinition,
  type LawDefinition,
  type ParameterDefinition,
} from "../law.ts";

/** What is known of a formula. */
export interface FormulaOptions {
  /** The name of the law. Default "formula". */
  readonly name?: string | undefined;
  /**
   * Columns that the formula reads beside params (N), tokens (D) and the shares h: names, or with a
   * description.
   */
  readonly inputs?: readonly string[] | LawDefinition["inputs"] | undefined;
  /** What is known of parameters; those not described follow docs/laws.md. */
  readonly parameters?: Readonly<Record<string, ParameterDefinition>> | undefined;
  /** Where it was published. */
  readonly source?: string | undefined;
  /** What it is for, in one line. */
  readonly about?: string | undefined;
  /** Where the formula came from, for messages. */
  readonly origin?: string | undefined;
}

export const INPUTS_MESSAGE = "it must be a list of names, or of names with meaning and positive";

const aFinite = numberThat(Number.isFinite, "it must be a finite number");
const aSide = v.nullable(aFinite);

/** What may be said of a parameter. */
export const PARAMETER = anObject({
  meaning: v.optional(aText),
  per: v.optional(oneOf(["law", "domain"])),
  chart: v.optional(oneOf(CHARTS)),
  start: v.optional(aRange(aFinite)),
  bounds: v.optional(aRange(aSide, "it must be [low, high], null for none")),
  ridge: v.optional(oneOf(["zero", "mean"])),
} satisfies EntriesOf<ParameterDefinition>);

/** What may be said of an input. */
export const INPUT = anObject({
  meaning: v.optional(aText),
  positive: v.optional(aSwitch),
} satisfies EntriesOf<InputDefinition>);

/** A law that is a formula, as a fit file carries it. */
export const DEFINITION = anObject({
  name: aName,
  formula: aText,
  inputs: byName(INPUT),
  parameters: byName(PARAMETER),
  source: v.optional(aText),
  about: v.optional(aText),
} satisfies EntriesOf<LawDefinition>);

/** What each part of a description of a formula may be. */
export const FORMULA_ENTRIES = {
  name: v.optional(aName, "formula"),
  about: v.optional(aText),
  source: v.optional(aText),
  inputs: v.optional(v.union([v.array(aText), byName(INPUT)], INPUTS_MESSAGE), {}),
  parameters: v.optional(byName(PARAMETER), {}),
} satisfies EntriesOf<Omit<FormulaOptions, "origin">>;

const FORMULA = anObject({ ...FORMULA_ENTRIES, origin: v.optional(aText, "the formula") });

/** The options with their defaults. */
export type FormulaSettings = ReturnType<typeof formulaOptions>;

/** The options checked. Throws InputError naming the option, what it is and what it must be. */
export const formulaOptions = (options: FormulaOptions) =>
  readOptions("lawFromFormula", FORMULA, options);
