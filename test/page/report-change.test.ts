import { expect, test } from "vitest";
import { lacking } from "../../src/views/kit/view.ts";
import { applied, SentReport } from "../../src/page/protocol/report-change.ts";
import type { ReportBody } from "../../src/report/app/show-report.ts";

const report = (first: string, second: string): ReportBody => ({
  chapters: [
    {
      title: "One",
      sections: [
        { view: "mixture", data: lacking(first) },
        { view: "residuals", data: lacking(second) },
      ],
    },
  ],
});

test("only what changed is sent again, and what stays is the same object", () => {
  const sent = new SentReport();
  const before = applied(undefined, sent.changeOf(report("a", "b")));
  expect(before).toEqual(report("a", "b"));
  const change = sent.changeOf(report("a", "c"));
  expect(change.chapters[0]?.sections[0]).toBeNull();
  const after = applied(before, change);
  expect(after).toEqual(report("a", "c"));
  expect(after.chapters[0]?.sections[0]).toBe(before.chapters[0]?.sections[0]);
});
