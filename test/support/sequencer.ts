/**
 * The order of test files: as vitest has it, the longest first, but for those of the projects in
 * `FIRST`, which begin. Of projects that share their workers, a file that keeps one of them busy
 * alone is best not left to the end.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** It waits for a browser most of its time. */
const FIRST: readonly string[] = ["smoke"];

export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ project }: TestSpecification): boolean => FIRST.includes(project.name);
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}
