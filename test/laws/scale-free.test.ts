/** Which laws' best mixture is the same at every N and D. */
import { describe, expect, test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { bind, type BoundLaw } from "../../src/laws/bind.ts";
import { isScaleFree } from "../../src/laws/scale-free.ts";
import { bindings, predict, runsOf, start, UNITS } from "./fixture.ts";

/** Laws in which the size or token term depends on the mixture, or on epochs. */
const MOVING = [
  "joint",
  "full",
  "bimix",
  "repetition",
  "additive-epochs",
  "joint-epochs",
  "epochs",
];

/**
 * Whether what another N and D add to a loss is the same for every mixture, by numbers: the rows of
 * `runsOf` are four mixtures at three scales, each scale here for all of them.
 */
function separates(law: BoundLaw): boolean {
  const runs = runsOf(law.domains.length, 4);
  const inputs = Object.entries(runs.inputs).map(([name, values]) => [
    name,
    values.map((_, row) => values[4 * Math.floor(row / 4)]),
  ]);
  const losses = predict(law, { ...runs, inputs: Object.fromEntries(inputs) }, start(law, 2));
  const added = [0, 1, 2, 3].map((mixture) => losses[4 + mixture] - losses[mixture]);
  return added.every((difference) => Math.abs(difference - added[0]) < 1e-9);
}

describe("the catalog", () => {
  test.each(bindings(3))("%s: as its numbers say", (_, law) => {
    expect(isScaleFree(law)).toBe(!MOVING.includes(law.law.name));
    // Other inputs differ between the scales too; beside shares laws have the supply alone.
    expect(separates(law)).toBe(!MOVING.includes(law.law.name));
  });

  test("joint with exponents fixed at 0 has no N and D left", () => {
    const fixed = (fix: Record<string, number>): BoundLaw =>
      bind(laws.joint, ["a", "b"], { signs: "positive", fix }, UNITS);
    expect(isScaleFree(fixed({ alpha: 0, beta: 0 }))).toBe(true);
    expect(isScaleFree(fixed({ alpha: 0 }))).toBe(false);
  });
});

const MIXTURE = "1/sum(C[i]*h[i]^gamma[i])";

test.each([
  [`E + ${MIXTURE} + A/N^alpha + B/D^beta`, true],
  [`E + A/N^alpha - (b - ${MIXTURE})`, true],
  [`(E + ${MIXTURE} + A/N^alpha)/2 + 3*(B/D^beta - w*(exp(-C["a"]*h["a"]) + D))`, true],
  [`E + x*${MIXTURE} + A/N^alpha`, true],
  [`dot(w, h)`, true],
  [`A/N^alpha + B/D^beta`, true],
  [`E + sum(C[i]*h[i])^gamma/N^alpha`, false],
  [`E + sum(C[i]*h[i]*exp(-a[i]*N/1e9))`, false],
  [`x*(${MIXTURE} + A/N^alpha)`, false],
  [`(${MIXTURE} + A/N^alpha)*${MIXTURE}`, false],
  [`E + max(${MIXTURE}, A/N^alpha)`, false],
  [`exp(dot(w, h) + A/N^alpha)`, false],
] as const)("L = %s: %s", (formula, expected) => {
  const law = lawFromFormula(formula, { inputs: ["x"] });
  expect(isScaleFree(bind(law, ["a", "b"], { signs: "positive" }, UNITS))).toBe(expected);
});
