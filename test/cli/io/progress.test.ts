import { afterEach, expect, test, vi } from "vitest";
import { reporter } from "../../../src/cli/io/progress.ts";

const { isTTY } = process.stderr;
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

test("a bar leaves the terminal as it is, since a signal may end the process at any time", () => {
  process.stderr.isTTY = true;
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const { update, stop } = reporter("auto");
  update({ law: "joint", stage: "mixture", fraction: 0.25 });
  const begun = written.join("");
  stop();
  expect(begun).toContain("joint: mixture");
  // ESC [ ? … are modes of the terminal: the cursor is hidden by 25, lines are cut by 7.
  expect(begun).not.toContain("\u001b[?");
});
