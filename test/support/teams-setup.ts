/**
 * Run with every file of the projects in which software adapters search by teams: two of 8
 * invocations a workgroup, for laws of any size. A device that a test calls a GPU keeps its style.
 */
import { vi } from "vitest";
import type * as styles from "../../src/gpu/style.ts";

vi.mock("../../src/gpu/style.ts", async (original) => {
  const own = await original<typeof styles>();
  const { writtenMatrix, workgroup, teams } = own.teamsInLoops(8, 16);
  const styleOf: typeof own.styleOf = (report, subgroup) => {
    const style = own.styleOf(report, subgroup);
    return report.software ? { ...style, writtenMatrix, workgroup, teams } : style;
  };
  return { ...own, styleOf };
});
