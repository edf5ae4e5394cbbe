/** Forms of the search kernel that are measured beside one another. */
import type { Device } from "../../src/gpu/device.ts";
import { type Style, styleOf } from "../../src/gpu/style.ts";

export interface Variant {
  readonly name: string;
  readonly style: Style;
}

/** The form that the adapter gets, and others that it could get. */
export function variantsOf({ report, subgroup }: Pick<Device, "report" | "subgroup">): Variant[] {
  return [{ name: "as it is", style: styleOf(report, subgroup) }];
}
