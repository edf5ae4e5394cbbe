/**
 * What the first result of the kernel of teams takes on llvmpipe and on SwiftShader, by coordinates
 * and by the size of teams: text, compiling, and one iteration of one candidate, with the drivers'
 * caches of shaders off.
 *
 *     npm run bench -- teams
 *     npm run bench -- teams --repeats 3       the medians of so many processes each (1)
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { child } from "../child.ts";
import { median } from "../timing.ts";
import type { FirstResult } from "./first-result.ts";

const { values } = parseArgs({ options: { repeats: { type: "string", default: "1" } } });
const repeats = Number(values.repeats);

const COORDINATES = [5, 19, 33] as const;
const TEAMS = [8, 16, 32] as const;
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
/** Drivers, by the files that Vulkan's loader is told of: undefined for all that it finds. */
const DRIVERS = [undefined, ...(existsSync(SWIFTSHADER) ? [SWIFTSHADER] : [])];

const rows = ["| adapter | coordinates | teams of | clock, s | processor, s | the next, s |", "|---|---:|---:|---:|---:|---:|"]; // prettier-ignore
for (const driver of DRIVERS) {
  if (driver !== undefined) process.env["VK_DRIVER_FILES"] = driver;
  for (const p of COORDINATES)
    for (const team of TEAMS) {
      const all: FirstResult[] = [];
      for (let n = 0; n < repeats; n++) {
        const result = await child<FirstResult>("first-result.js", [`${p}`, `${team}`], true);
        if (result !== undefined) all.push(result);
      }
      const cell = (of: (result: FirstResult) => number): string => median(all.map(of)).toFixed(2);
      rows.push(`| ${all[0]?.adapter ?? ""} | ${p} | ${team} | ${cell(({ wall }) => wall)} | ${cell(({ processor }) => processor)} | ${cell(({ again }) => again)} |`); // prettier-ignore
      process.stderr.write(`${rows.at(-1) ?? ""}\n`);
    }
}
console.log(rows.join("\n"));
