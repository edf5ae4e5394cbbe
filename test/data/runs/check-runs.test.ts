/** Runs that are handed in as objects: what is no runs is refused, with the part that is wrong. */
import { expect, test } from "vitest";
import { checkedRuns } from "../../../src/data/runs/check-runs.ts";
import type { Runs, RunSet } from "../../../src/data/runs/run-set.ts";
import { runsFrom, toRuns } from "../../../src/data/runs/runs.ts";

const rows = [
  { n_params: 2e8, n_tokens: 4e9, h_a: 0.25, h_b: 0.75, loss_x: 3.1 },
  { n_params: 4e8, n_tokens: 8e9, h_a: 0.5, h_b: 0.5, loss_x: 3 },
  { n_params: 4e8, n_tokens: 8e9, h_a: 0.5, h_b: 0.5, loss_x: 2.9 },
];
const runs = toRuns(rows);
const withTrain = (part: Partial<Record<keyof RunSet, unknown>>): Runs =>
  ({ ...runs, train: { ...runs.train, ...part } }) as Runs;

test("those that were read pass, by hand or not", () => {
  expect(checkedRuns(runs)).toBe(runs);
  expect(checkedRuns({ ...runs, test: runs.train })).toMatchObject({ domains: ["a", "b"] });
});

test.each<[string, unknown]>([
  ["runs are no object", null],
  ["source is no text", { ...runs, source: 3 }],
  ["targets is no list of names", { ...runs, targets: { 0: "loss_x" } }],
  ["targets[0] is no name of one line", { ...runs, targets: ["a\nb"] }],
  ['domains[1] is "a", as another is', { ...runs, domains: ["a", "a"] }],
  ["notes is no list of texts", { ...runs, notes: [{}] }],
  ["dropped is no list", { ...runs, dropped: [{ reason: "where" }] }],
  ["train is no object", { ...runs, train: undefined }],
  ["test is no object", { ...runs, test: 3 }],
  ["train.rows is 2.5", withTrain({ rows: 2.5 })],
  ["train.rowNumbers is no Int32Array", withTrain({ rowNumbers: [1, 2, 3] })],
  ["train.rowNumbers has 0 as value 1", withTrain({ rowNumbers: Int32Array.of(0, 1, 2) })],
  ["train.inputs is no object", withTrain({ inputs: [] })],
  [
    "train.inputs.params has -1 as value 2",
    withTrain({ inputs: { params: Float64Array.of(1e9, -1, 1e9) } }),
  ],
  ["train.inputs.x has NaN as value 1", withTrain({ inputs: { x: Float64Array.of(NaN, 1, 2) } })],
  ["train.weights has 4 values, and 6 are", withTrain({ weights: new Float64Array(4) })],
  [
    "train.weights sum to 0.5 in row 1",
    withTrain({ weights: Float64Array.of(0.25, 0.25, 0, 1, 1, 0) }),
  ],
  ["train.losses has not a column for each of 1", withTrain({ losses: [] })],
  ["train.losses[0] is no Float64Array", withTrain({ losses: [[1, 2, 3]] })],
  [
    "train.losses[0] has Infinity as value 3",
    withTrain({ losses: [Float64Array.of(1, NaN, Infinity)] }),
  ],
  ["train.sigmas[0] has 0 as value 1", withTrain({ sigmas: [Float64Array.of(0, 1, 1)] })],
  ["train.rowWeights has 2 values", withTrain({ rowWeights: new Float64Array(2) })],
  ["train.groups has not a label for each of 3", withTrain({ groups: ["a"] })],
])("refused: %s", (problem, value) => {
  expect(() => checkedRuns(value as Runs)).toThrow(`as an object: ${problem}`);
});

test("what takes runs or rows checks runs", () => {
  expect(() => runsFrom(withTrain({ rows: 0 }))).toThrow("as an object: train.rows is 0");
  expect(runsFrom(rows)).toEqual(runs);
});
