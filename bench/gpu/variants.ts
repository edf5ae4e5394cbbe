/** Forms of the search kernel that are measured beside one another. */
import type { Device } from "../../src/gpu/device.ts";
import { type Style, styleOf } from "../../src/gpu/style.ts";

export interface Variant {
  readonly name: string;
  readonly style: Style;
}

/** Sizes of teams, of any number of candidates. */
const TEAMS = [32, 16, 8] as const;

/** The adapter's form with one invocation a candidate, and with teams of each size. */
export function variantsOf({ report, subgroup }: Pick<Device, "report" | "subgroup">): Variant[] {
  const { teams: _, ...alone } = styleOf(report, subgroup);
  return [
    { name: "one invocation", style: alone },
    ...TEAMS.map((team) => ({
      name: `teams of ${team}`,
      style: { ...alone, teams: { coordinates: 1, sizes: [{ most: Infinity, team }] } },
    })),
  ];
}
