import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { DATA_ID, type Report } from "../../src/report/report-data.ts";
import { reportHtml } from "../../src/report/write-report.ts";
import { unpacked } from "../../src/views/kit/packed.ts";

const HOSTILE = `</script><img src=x onerror="alert(1)">&"'`;

test("text from data is never markup, and comes back whole", () => {
  const report: Report = {
    title: HOSTILE,
    subtitle: HOSTILE,
    chapters: [{ title: HOSTILE, sections: [] }],
  };
  const { document } = parseHTML(reportHtml(report, 'const end = "</script>";'));
  expect(document.querySelectorAll("img")).toHaveLength(0);
  expect(document.querySelectorAll("script")).toHaveLength(2);
  expect(document.title).toBe(HOSTILE);
  expect(unpacked(document.getElementById(DATA_ID)?.textContent ?? "")).toEqual(report);
});

test("the policy allows the one script by its hash, and no request", () => {
  const html = reportHtml({ title: "t", subtitle: "s", chapters: [] }, "let a = 1;");
  // printf 'let a = 1;' | openssl dgst -sha256 -binary | base64
  expect(html).toContain(
    "default-src 'none'; script-src 'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='",
  );
});
