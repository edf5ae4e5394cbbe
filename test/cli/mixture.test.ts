import { describe, expect, test } from "vitest";
import { mixture } from "../../src/cli/mixture.ts";
import { style } from "../../src/cli/output.ts";
import { trail, trailCsv } from "../../src/cli/trail.ts";
import type { PathRow } from "../../src/mixture/path.ts";
import { optimum } from "../mixture/sample.ts";

const options = { width: 110, style: style({}), source: "fit.json" };

describe("an optimum", () => {
  test("is a heading, two tables and sentences", () => {
    expect(mixture(optimum(), options)).toBe(
      `fit.json
joint law · least mean of loss_web and loss_code · at N 7B, D 140B (20 tokens per parameter)

domain    share %   near-optimal %
`);
  });
});
