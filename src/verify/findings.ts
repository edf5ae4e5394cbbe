/** What a repeated fit says of its file, in sentences. */
import { number } from "../base/format-number.ts";
import { firstOf } from "../base/known.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { count, listed, plural } from "../base/wording.ts";
import { isUnchanged } from "./compare-rows.ts";
import { OBJECTIVE } from "./tolerances.ts";
import type { Circumstances, ValueDifference, RowChanges } from "./verification.ts";

/** What was found when a file's fits were repeated. */
export interface Found {
  readonly recorded: Circumstances;
  readonly repeated: Circumstances;
  readonly fits: number;
  readonly rows: RowChanges | null;
  readonly differences: readonly ValueDifference[];
}

/** The sentences, what counts first. */
export const verifyFindings = (found: Found): Finding[] => [
  ...tableFindings(found),
  ...numberFindings(found),
  ...placeFindings(found),
];

function tableFindings({ recorded, repeated, rows, differences }: Found): Finding[] {
  const isSameFile = recorded.sha256 === repeated.sha256;
  if (rows !== null && !isUnchanged(rows)) {
    const what = changesInWords(rows);
    return isSameFile
      ? [
          finding(
            "rows-changed",
            `the rows that the file keeps are not those of the table, which is the one that was fitted: ${what}`,
          ),
        ]
      : [
          finding(
            "table-changed",
            `the table is not the one that was fitted: ${what}. The fits were repeated on the rows that the file keeps`,
          ),
        ];
  }
  if (isSameFile) return [];
  if (rows !== null)
    return [
      finding(
        "table-changed",
        `the table's bytes are not those that were fitted, but every value that was used is there${rows.reordered ? ", in another order of rows" : ""}: it counts as the same table`,
      ),
    ];
  const isFelt = differences.some(({ counts }) => counts);
  return [
    finding(
      "table-changed",
      `the table's bytes are not those that were fitted, and the file keeps no rows that would tell where: ${isFelt ? "what differs may come of the table or of the file" : "nothing that the file says of it comes out otherwise"}`,
    ),
  ];
}

/** "2 cells changed (row 7, loss_web: 2.41, was 2.4), 1 row gone". */
function changesInWords({ cells, changed, gone, added }: RowChanges): string {
  const [first] = cells;
  const example =
    first === undefined
      ? ""
      : ` (row ${first.row}, ${first.column}: ${shown(first.found)}, was ${shown(first.recorded)})`;
  return listed([
    ...(changed > 0 ? [`${count(changed, "cell")} changed${example}`] : []),
    ...(gone.length > 0 ? [`${count(gone.length, "row")} gone (row ${firstOf(gone)} first)`] : []),
    ...(added.length > 0 ? [`${count(added.length, "row")} new (row ${firstOf(added)} first)`] : []), // prettier-ignore
  ]);
}

const shown = (value: unknown): string =>
  typeof value === "number" ? String(value) : JSON.stringify(value ?? null);

function numberFindings({ fits, differences, rows }: Found): Finding[] {
  const counted = differences.filter(({ counts }) => counts);
  const open = differences.filter(({ why }) => why === "not determined");
  const undetermined =
    open.length === 0
      ? []
      : [
          finding(
            "undetermined-differ",
            `${count(open.length, "value")} of parameters that the runs do not determine came out otherwise, which does not count: ${placesOf(open)}`,
          ),
        ];
  if (counted.length > 0)
    return [
      finding(
        "numbers-differ",
        `${count(counted.length, "value")} of the file ${counted.length === 1 ? "does" : "do"} not come out again: ${placesOf(counted)}`,
      ),
      ...undetermined,
    ];
  const on = rows !== null && !isUnchanged(rows) ? " on the rows that the file keeps" : "";
  const how =
    differences.length === 0
      ? "to the last digit"
      : `within the tolerances: objectives within ${number(OBJECTIVE)} of their size, parameters within what the runs determine`;
  return [
    finding("fit-repeats", `${fits === 1 ? "the fit comes" : `all ${fits} ${plural(fits, "fit")} come`} out the same${on}, ${how}`), // prettier-ignore
    ...undetermined,
  ];
}

/** "objective of additive loss_web (1.2e-5, repeated 1.1e-5) and 3 more". */
function placesOf(differences: readonly ValueDifference[]): string {
  const { law, target, key, recorded, repeated } = firstOf(differences);
  const of = law === undefined ? "" : ` of ${law} ${target ?? ""}`;
  const values =
    typeof recorded === "number" && typeof repeated === "number"
      ? ` (${recorded}, repeated ${repeated})`
      : "";
  const more = differences.length === 1 ? "" : ` and ${differences.length - 1} more`;
  return `${key}${of}${values}${more}`;
}

function placeFindings({ recorded, repeated }: Found): Finding[] {
  const [then, now] = [recorded, repeated].map(({ backend: { kind, adapter } }) =>
    kind === "cpu" ? "the CPU" : `WebGPU, ${adapter}`,
  );
  const [before, here] = [recorded, repeated].map(({ backend: { float64 = "javascript" } }) =>
    float64 === "javascript" ? "JavaScript" : "WebAssembly",
  );
  return [
    ...(recorded.version === repeated.version
      ? []
      : [
          finding(
            "other-version",
            `the file was written by mixlaw ${recorded.version}, and repeated by ${repeated.version}`,
          ),
        ]),
    ...(then === now
      ? []
      : [finding("other-adapter", `the file was fitted on ${then}, and repeated on ${now}`)]),
    ...(before === here
      ? []
      : [
          finding(
            "other-arithmetic",
            `float64 was computed in ${before}, and in ${here} when it was repeated: they agree to 12 digits and more, and not to the last`,
          ),
        ]),
  ];
}
