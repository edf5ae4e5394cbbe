/**
 * Supply: the unique tokens Uᵢ that there are of each domain. A law that reads them has an input
 * for each domain, which runs, points and fit files carry beside its other inputs.
 */
import { byNames } from "../base/objects.ts";

/**
 * What the input of a domain's supply is called.
 *
 * @example supplyOf("web") // "u[web]"
 */
export const supplyOf = (domain: string): string => `u[${domain}]`;

/** The domain whose supply an input is; undefined for every other input. */
export const domainOfSupply = (input: string): string | undefined =>
  /^u\[(.*)\]$/su.exec(input)?.[1];

/** Unique tokens by domain as inputs of a law. */
export const supplyInputs = (available: Readonly<Record<string, number>>): Record<string, number> =>
  byNames(Object.entries(available).map(([domain, tokens]) => [supplyOf(domain), tokens]));
