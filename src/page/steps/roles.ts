/** The roles of columns and the units of counts, as the page calls them. */
import type { CountUnit, Role } from "../protocol/workshop.ts";

export const ROLES: readonly (readonly [Role, string])[] = [
  ["ignored", "not used"],
  ["params", "parameters N"],
  ["tokens", "tokens D"],
  ["share", "domain share"],
  ["target", "target loss"],
  ["split", "split (for rows below)"],
  ["group", "group (resampled together)"],
  ["rowWeight", "row weight"],
];

/** What a count stands for. */
export const UNITS: readonly (readonly [CountUnit, string])[] = [
  [1, "one by one"],
  ["absolute", "one by one, though few"],
  [1e3, "in thousands"],
  [1e6, "in millions"],
  [1e9, "in billions"],
  [1e12, "in trillions"],
];
