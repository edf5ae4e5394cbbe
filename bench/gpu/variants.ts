/** Forms of the search kernel that are measured beside one another. */
import type { Device } from "../../src/gpu/device.ts";
import type { Program } from "../../src/expr/program.ts";
import { teamThatFits } from "../../src/gpu/search/kernel-plan.ts";
import { type Style, styleOf, withoutTeams } from "../../src/gpu/style.ts";

export interface Variant {
  readonly name: string;
  readonly style: Style;
}

/** Sizes of teams, of any number of candidates. */
const TEAMS = [32, 16, 8] as const;

/**
 * The adapter's form with one invocation a candidate, and with teams of each size of which a
 * workgroup fits into the device's memory.
 */
export function variantsOf(
  { report, subgroup, limits }: Pick<Device, "report" | "subgroup" | "limits">,
  program: Program,
): Variant[] {
  const alone = withoutTeams(styleOf(report, subgroup));
  const load = { candidates: 1, storage: limits.maxComputeWorkgroupStorageSize };
  const teams = TEAMS.flatMap((team) => {
    const style = { ...alone, teams: { coordinates: 1, sizes: [{ most: Infinity, team }] } };
    return teamThatFits(program, style, load) === team ? [{ name: `teams of ${team}`, style }] : [];
  });
  return [{ name: "one invocation", style: alone }, ...teams];
}
