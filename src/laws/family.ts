/** Laws that have a form for each target: those that read the share of the target's own domain. */
import { itemAt } from "../base/known.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { Law } from "./law.ts";

/**
 * The training domain that a target measures: "web" for "web", "loss_web" and "loss_val_web"; the
 * longest name that fits, −1 for none.
 */
export function domainOf(target: string, domains: readonly string[]): number {
  const fits = [...domains.keys()].filter(
    (i) => target === domains[i] || target.endsWith(`_${domains[i]}`),
  );
  return fits.sort((a, b) => itemAt(domains, b).length - itemAt(domains, a).length)[0] ?? -1;
}

/**
 * The form of a law for a target; most laws have one for all.
 *
 * @throws InputError for a target that is no training domain, where the law reads its share.
 */
export function lawFor(law: Law, target: string, domains: readonly string[]): Law {
  if (law.forDomain === undefined) return law;
  const domain = domainOf(target, domains);
  if (domain >= 0) return law.forDomain(domain);
  throw new InputError(
    `the law ${law.name} reads the share of the domain that a target measures, and ${target} is none of ${domains.join(", ")}: choose ${option("targets")} that end in a domain's name, or another law`,
    { column: target, option: "targets" },
  );
}
