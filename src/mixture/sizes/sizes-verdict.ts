/** The verdict of chosen sizes: the one place that decides what may be said of them. */
import { finding, type Finding, type Verdict } from "../../base/verdict.ts";
import { bearingFindings } from "../../fit/bearing-findings.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { outside } from "../at-scale.ts";
import { exponentFindings } from "../scaling/exponent-findings.ts";
import type { ScalingExponents } from "../request/exponents.ts";
import { RATIOS } from "../scaling/local-exponents.ts";
import type { SizeProblem } from "./size-problem.ts";
import type { SizesStatus } from "./sizes.ts";

/** @param point ln of tokens a parameter, and the open input */
export function sizesVerdict(
  file: FitFile,
  { losses, box, open }: SizeProblem,
  at: Readonly<Record<string, number>>,
  point: readonly number[],
  exponents: ScalingExponents,
): Verdict<SizesStatus> {
  const ends: Finding[] = [];
  const [[least, most]] = box;
  if (point[0] <= least + 1e-6 || point[0] >= most - 1e-6)
    ends.push(
      finding(
        "size-at-end",
        `the best N is at the end of what was looked at (${RATIOS.least} to ${RATIOS.most} tokens a parameter): the law has no optimum`,
      ),
    );
  if (open !== undefined) {
    const [low, high] = box[1];
    if (point[1] <= low * (1 + 1e-9) || point[1] >= high * (1 - 1e-9))
      ends.push(
        finding(
          "size-at-end",
          `the best ${open.name} is at the end of the values that were trained (${low} to ${high}): it may lie beyond`,
        ),
      );
  }
  const beyond = outside(file, { params: at["params"], tokens: at["tokens"] }).map((name) =>
    finding(
      "beyond-trained-scale",
      `the best ${name === "params" ? "N" : "D"} lies outside the range of the training runs: an extrapolation`,
    ),
  );
  return {
    status: ends.length === 0 ? "inside" : "at-end",
    findings: [
      ...beyond,
      ...ends,
      ...exponentFindings(file, losses, exponents),
      ...bearingFindings(file, losses, "optimum"),
    ],
  };
}
