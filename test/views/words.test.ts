import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { optimumFindings } from "../../src/views/words/findings.ts";
import { methods } from "../../src/views/words/methods.ts";
import { summary } from "../../src/views/words/summary.ts";

const HOSTILE = `<img src=x onerror="alert(1)">&"'`;
const frame = () => ({ document: parseHTML("<html><body></body></html>").document, width: 360 });

test("a summary is text, and shows where it is not to be relied on", () => {
  const words = { mixture: HOSTILE, promise: "p", certainty: "c" };
  const doubtful = summary.draw({ stands: false, ...words }, frame());
  expect(doubtful.getAttribute("class")).toContain("doubtful");
  expect(doubtful.querySelector("p")?.textContent).toBe(HOSTILE);
  expect(doubtful.querySelectorAll("img")).toHaveLength(0);
  const firm = summary.draw({ stands: true, ...words }, frame());
  expect(firm.getAttribute("class")).not.toContain("doubtful");
});

test("findings are lists under headings, announced in words and not by color alone", () => {
  const drawn = optimumFindings.draw(
    {
      groups: [
        { title: "Beware", sentences: [{ label: "warning", text: HOSTILE }] },
        { title: "So it is", sentences: [{ label: null, text: "sharp" }] },
      ],
    },
    frame(),
  );
  const items = [...drawn.querySelectorAll("li")].map((item) => item.textContent);
  expect(items).toEqual([`warning${HOSTILE}`, "sharp"]);
  expect(drawn.querySelectorAll("h4")).toHaveLength(2);
  expect(drawn.querySelectorAll("img")).toHaveLength(0);
});

test("methods are definitions, and commands that can be reached by keyboard", () => {
  const drawn = methods.draw(
    {
      parts: [{ title: "The runs", items: [{ name: "Table", lines: [HOSTILE, "SHA-256 ab"] }] }],
      commands: [{ caption: "The fits", text: `mixlaw fit '${HOSTILE}'` }],
      references: [HOSTILE],
    },
    frame(),
  );
  expect(drawn.querySelectorAll("dd")).toHaveLength(2);
  expect(drawn.querySelector("pre")?.getAttribute("tabindex")).toBe("0");
  expect(drawn.querySelectorAll("img")).toHaveLength(0);
});
