import { expect, test, vi } from "vitest";
import { Model } from "../../src/page/model.ts";
import { Refusal } from "../../src/page/protocol/calls.ts";
import type { CheckedView, FitView, OptimumView, TableView, Workshop } from "../../src/page/protocol/workshop.ts"; // prettier-ignore

const fitView: FitView = {
  kind: "fit",
  source: "runs.csv",
  laws: ["additive"],
  targets: ["loss"],
  domains: ["web", "code"],
  scores: [],
  findings: [],
  backend: "float64",
  isInterrupted: false,
  replicates: 0,
  hasMixture: true,
  usualLaw: "additive",
  largest: { params: 1e9, tokens: 1e10 },
  hasTable: true,
};
const checked: CheckedView = { train: 2, test: 0, domains: [], targets: [], notes: [], laws: [] };
const optimum = { prices: [], report: { chapters: [] } } as unknown as OptimumView;

/** A worker that answers at once; methods can be put in place of its own. */
const workshop = (methods: Partial<Workshop>): Workshop => ({
  machine: async () => ({ adapter: undefined, threads: 1 }),
  open: async (source): Promise<TableView> => ({ kind: "table", source, rows: 2, columns: [], preview: [], inputs: [] }), // prettier-ignore
  check: async () => checked,
  fit: async () => fitView,
  views: async () => ({ chapters: [], sliders: undefined }),
  optimize: async () => optimum,
  fitFile: async () => "",
  optimumFile: async () => "",
  report: async () => "",
  ...methods,
});

const fileOf = (name: string) => ({ name, read: async () => new ArrayBuffer(0) });

test("a fit of a table that was closed meanwhile is not shown beside the next table", async () => {
  let finish: ((fit: FitView) => void) | undefined;
  const model = new Model(workshop({ fit: () => new Promise((resolve) => (finish = resolve)) }));
  await model.open(fileOf("first.csv"));
  const fitting = model.fit();
  await model.open(fileOf("second.csv"));
  finish?.(fitView);
  await fitting;
  expect(model.state.table?.source).toBe("second.csv");
  expect(model.state.fit).toBeUndefined();
  expect(model.state.run).toBeUndefined();
});

test("each fit has a number of its own, also from one file to the next", async () => {
  const model = new Model(workshop({ open: async () => fitView }));
  await model.open(fileOf("first.json"));
  const first = model.state.fits;
  await model.open(fileOf("second.json"));
  expect(model.state.fits).not.toBe(first);
});

test("where a fit is refused, what was asked of the one before is solved after all", async () => {
  const fit = vi.fn<Workshop["fit"]>(async () => fitView);
  const optimize = vi.fn<Workshop["optimize"]>(async () => optimum);
  const model = new Model(workshop({ fit, optimize }));
  await model.open(fileOf("runs.csv"));
  await model.fit();
  fit.mockRejectedValue(new Refusal({ message: "no" }));
  const { optimumChoice } = model.state;
  if (optimumChoice !== undefined) model.setOptimum({ ...optimumChoice, isBeyond: true });
  await model.fit();
  expect(model.state.fitProblem?.message).toBe("no");
  expect(model.state.isSolving).toBe(false);
  expect(optimize.mock.lastCall?.[0].isBeyond).toBe(true);
});

test("where a file cannot be read, what was asked of the fit before is solved after all", async () => {
  const open = vi.fn<Workshop["open"]>(async () => fitView);
  const optimize = vi.fn<Workshop["optimize"]>(async () => optimum);
  const model = new Model(workshop({ open, optimize }));
  await model.open(fileOf("fit.json"));
  open.mockRejectedValue(new Refusal({ message: "no" }));
  const { optimumChoice } = model.state;
  if (optimumChoice !== undefined) model.setOptimum({ ...optimumChoice, isBeyond: true });
  await model.open(fileOf("broken.json"));
  expect(model.state.fileProblem?.message).toBe("no");
  expect(model.state.isSolving).toBe(false);
  expect(optimize.mock.lastCall?.[0].isBeyond).toBe(true);
});
