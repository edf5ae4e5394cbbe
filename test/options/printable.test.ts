import { expect, test } from "vitest";
import { printable } from "../../src/options/printable.ts";

test.each([
  ["web\r\n(crawl)", "web (crawl)"],
  ["a\u2028b\u0085c\td", "a b c d"],
  ["esc\u001b[2Jape\u0007", "esc\\u001b[2Jape\\u0007"],
  ["right\u202eleft", "right\\u202eleft"],
  ["half\ud800", "half\\ud800"],
])("%j is read as %j", (written, name) => {
  expect(printable(written)).toBe(name);
});

test.each(["ウェブ", "کتاب‌ها", "👩‍💻", `<img onerror="x">`, "__proto__", "a'b\"c$(d)", "ligne é"])(
  "%j is allowed",
  (name) => {
    expect(printable(name)).toBe(name);
  },
);
