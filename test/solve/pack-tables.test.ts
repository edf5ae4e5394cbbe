import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { RESPONSE } from "../../src/expr/program.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import { additive } from "../../src/laws/catalog/mixture/additive.ts";
import { chinchilla } from "../../src/laws/catalog/scale/chinchilla.ts";
import { mixture } from "../../src/laws/catalog/mixture/mixture.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { type Columns, pack, tablesOf } from "../../src/solve/pack-tables.ts";
import { bound, huber, observe, runsOf, start, UNITS } from "../laws/fixture.ts";

const program = (law: typeof additive, k: number) =>
  residualProgram(bound(law, k, "positive"), "raw");
const mixtures = (weights: readonly (readonly number[])[]): Columns => ({
  rows: weights.length,
  weights: Float64Array.from(weights.flat()),
  inputs: {
    params: new Float64Array(weights.length).fill(UNITS.params),
    tokens: new Float64Array(weights.length).fill(UNITS.tokens),
  },
});

describe("pack", () => {
  test("groups equal mixtures in order of first appearance and keeps their runs in order", () => {
    const runs = mixtures([[0.5, 0.5], [1, 0], [0.5, 0.5], [0, 1], [1, 0], [0.5, 0.5]]); // prettier-ignore
    const packed = pack(program(additive, 2), runs, 2, [new Float64Array(6)]);
    expect([...packed.order]).toEqual([0, 2, 5, 1, 4, 3]);
    expect([...packed.start]).toEqual([0, 3, 5, 6]);
    expect(packed.mix.length % 3).toBe(0);
  });

  test("mixtures that differ in the last bit are two", () => {
    const packed = pack(program(mixture, 1), mixtures([[1], [1 - 2 ** -53]]), 1, []);
    expect([...packed.start]).toEqual([0, 1, 2]);
  });

  test("a law without mixture has one group, in the order of the runs", () => {
    const packed = pack(program(chinchilla, 2), mixtures([[0.5, 0.5], [1, 0], [0.5, 0.5]]), 2, []); // prettier-ignore
    expect([[...packed.order], [...packed.start], packed.mix.length]).toEqual([
      [0, 1, 2],
      [0, 3],
      0,
    ]);
  });

  test("every run is packed once, and groups hold one mixture each", () => {
    const share = fc.constantFrom([1, 0, 0], [0.2, 0.3, 0.5], [0, 0, 1], [0.5, 0.5, 0]);
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 30 }), (weights) => {
        const { order, start: starts } = pack(program(additive, 3), mixtures(weights), 3, []);
        expect([...order].toSorted((a, b) => a - b)).toEqual(weights.map((_, i) => i));
        const groups = [...starts.subarray(1)].map(
          (end, g) =>
            new Set([...order.subarray(starts[g], end)].map((row) => weights[row].join())),
        );
        expect(groups.every((g) => g.size === 1)).toBe(true);
        expect(groups.length).toBe(new Set(weights.map((w) => w.join())).size);
      }),
      { numRuns: 100 },
    );
  });

  test("missing losses weigh nothing and cannot reach the sums", () => {
    const law = bound(additive, 3, "positive");
    const runs = runsOf(3, 5);
    const theta = start(law);
    const losses = observe(law, runs, theta, 0.02);
    const code = residualProgram(law, "log");
    const packed = pack(code, runs, 3, [
      losses,
      losses.with(4, NaN).with(0, NaN),
      losses.map(() => NaN),
    ]);
    expect(packed.weights.map((w) => w.reduce((a, b) => a + b, 0))).toEqual([15, 13, 0]);
    expect(packed.responses.every((table) => table.every(Number.isFinite))).toBe(true);
    // Leaving the two runs out by hand gives the same objective, up to the order of a sum of 13
    // terms.
    const kept = Array.from({ length: 15 }, (_, i) => i).filter((i) => i !== 0 && i !== 4);
    const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (i) => column[i]);
    const fewer = {
      rows: 13,
      inputs: { params: pick(runs.inputs["params"]), tokens: pick(runs.inputs["tokens"]) },
      weights: Float64Array.from(kept.flatMap((i) => [...runs.weights.subarray(3 * i, 3 * i + 3)])),
    };
    const alone = new NormalEquations(code, pack(code, fewer, 3, [pick(losses)]), 0, huber(0.02));
    const masked = new NormalEquations(code, packed, 1, huber(0.02));
    expect(masked.evaluate(theta) / alone.evaluate(theta)).toBeCloseTo(1, 13);
    for (const [i, g] of alone.gradient.entries()) expect(masked.gradient[i]).toBeCloseTo(g, 13);
  });

  test("several targets share mixtures and runs, not responses", () => {
    const runs = runsOf(2, 3);
    const [one, two] = [1, 2].map((x) => new Float64Array(9).fill(x));
    const packed = pack(program(additive, 2), runs, 2, [one, two]);
    expect(tablesOf(packed, 0).mix).toBe(tablesOf(packed, 1).mix);
    expect([tablesOf(packed, 0).response[0], tablesOf(packed, 1).response[0]]).toEqual([1, 2]);
  });

  test("one run of one domain", () => {
    const law = bound(additive, 1, "positive");
    const theta = start(law);
    const normal = new NormalEquations(
      residualProgram(law, "raw"),
      pack(program(additive, 1), mixtures([[1]]), 1, [Float64Array.of(3)]),
      0,
      huber(1e-3),
    );
    expect(normal.evaluate(theta)).toBeGreaterThan(0);
  });

  test("a missing input is named", () => {
    const runs = { ...mixtures([[1]]), inputs: { params: Float64Array.of(1) } };
    expect(() => pack(program(additive, 1), runs, 1, [])).toThrow(/needs the input tokens/);
    expect(() => pack(program(additive, 1), runs, 1, [])).not.toThrow(new RegExp(RESPONSE));
  });
});

describe("the normal equations", () => {
  const law = bound(additive, 2, "positive");
  const runs = runsOf(2, 4);
  const theta = start(law);
  const code = residualProgram(law, "raw");
  const packed = pack(code, runs, 2, [observe(law, runs, theta, 0.02)]);

  test("is a mean: scaling all weights changes nothing, doubling one run is repeating it", () => {
    const base = new NormalEquations(code, packed, 0, huber(0.01)).evaluate(theta);
    expect(
      new NormalEquations(code, packed, 0, huber(0.01), new Float64Array(12).fill(3)).evaluate(
        theta,
      ),
    ).toBeCloseTo(base, 15);
    const twice = new NormalEquations(
      code,
      packed,
      0,
      huber(0.01),
      new Float64Array(12).fill(1).with(5, 2),
    );
    const alone = new NormalEquations(
      code,
      packed,
      0,
      huber(0.01),
      new Float64Array(12).with(5, 1),
    );
    expect(twice.evaluate(theta)).toBeCloseTo((12 * base + alone.evaluate(theta)) / 13, 15);
  });

  test("evaluating again gives the same bits", () => {
    const normal = new NormalEquations(code, packed, 0, huber(0.01));
    const first = [normal.evaluate(theta), ...normal.gradient, ...normal.H];
    normal.evaluate(start(law, 9));
    expect([normal.evaluate(theta), ...normal.gradient, ...normal.H]).toEqual(first);
  });
});
