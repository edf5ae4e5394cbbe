/** The laws of a fit file, and the coordinates that each of its fits must have. */
import { InputError } from "../../base/errors.ts";
import { ownOf } from "../../base/known.ts";
import { lawNamed } from "../../laws/catalog/catalog.ts";
import { type BindOptions, domainsOfLaw, layoutOf } from "../../laws/bind.ts";
import { lawFor } from "../../laws/family.ts";
import { lawOfDefinition } from "../../laws/formula/formula.ts";
import type { Law, LawDefinition } from "../../laws/law.ts";
import type { Coordinate } from "../../laws/parameters/parameters.ts";
import type { Fit, FitFile } from "../result/fit-file.ts";

/** One law object for each definition, since compiled code is kept by the law object. */
const lawsOfDefinitions = new WeakMap<LawDefinition, Law>();

/** The law that a fit file means by a name; undefined where neither it nor the catalog has it. */
export function knownLaw(file: FitFile, name: string): Law | undefined {
  const definition = ownOf(file.definitions, name);
  if (definition === undefined) return lawNamed(name);
  const law =
    lawsOfDefinitions.get(definition) ?? lawOfDefinition(definition, "the fit file's formula");
  lawsOfDefinitions.set(definition, law);
  return law;
}

/**
 * The law that a fit file means by a name: one of the catalog, or the formula that the file
 * carries.
 *
 * @throws InputError for a name that neither the file nor the catalog has.
 * @example lawIn(file, file.fits[0].law).equation
 */
export function lawIn(file: FitFile, name: string): Law {
  const law = knownLaw(file, name);
  if (law !== undefined) return law;
  throw new InputError(
    `the fit file has a fit of the law "${name}", which this version of mixlaw does not know. Fit again, or use the version that wrote it (${file.version}).`,
  );
}

/** The form of a fit's law for its target. */
const lawOfTarget = ({ data }: FitFile, { target }: Fit, general: Law): Law =>
  lawFor(general, target, domainsOfLaw(general, data.domains, data.phases));

/**
 * The law of a fit, in its form for the fit's target.
 *
 * @throws InputError for a law that neither the file nor the catalog has.
 */
export const lawOf = (file: FitFile, fit: Fit): Law => lawOfTarget(file, fit, lawIn(file, fit.law));

/** What a fit's law is bound with. */
export const bindingOf = ({ settings, data }: FitFile, { frame }: Fit): BindOptions => ({
  ...settings,
  frame,
  phases: data.phases,
});

/**
 * The coordinates of a fit, in the order of its law. The law's loss is not built for it.
 *
 * @throws InputError where the file's settings contradict each other, or have no place in the law.
 */
export function coordinatesOf(file: FitFile, fit: Fit, general: Law): readonly Coordinate[] {
  const law = lawOfTarget(file, fit, general);
  const domains = law.uses.weights ? file.data.domains : [];
  return layoutOf(law, domains, bindingOf(file, fit), fit.center).coordinates;
}
