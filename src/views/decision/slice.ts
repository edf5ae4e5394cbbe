/** The objective over mixtures of three parts as a field over a triangle; of two, as a curve. */
import type { Table, View } from "../kit/view.ts";
import type { SliceData } from "./slice-data.ts";
import { drawLine } from "./slice-line.ts";
import { drawTriangle } from "./slice-triangle.ts";

const table = ({ corners, parts, losses, excess, span }: SliceData): Table => {
  const rows: (number | string)[][] = [];
  const add = (of: readonly number[]): void => {
    const [loss, over] = [losses[rows.length], excess[rows.length]];
    const shares = of.map((part, c) => (c === 2 ? 1 - span * (1 - part) : span * part));
    rows.push([...shares, loss !== undefined && Number.isFinite(loss) ? loss : "", String((over ?? 0) <= 0)]); // prettier-ignore
  };
  if (corners.length === 2) for (let i = 0; i <= parts; i++) add([1 - i / parts, i / parts]);
  else
    for (let i = 0; i <= parts; i++)
      for (let j = 0; i + j <= parts; j++) add([i / parts, j / parts, (parts - i - j) / parts]);
  return { header: [...corners, "worse_than_optimum", "allowed"], rows };
};

export const slice: View<SliceData> = {
  title: "Where the optimum lies among the mixtures",
  reading:
    "A corner has as much of a domain as its name says, all of it where that says no number; with more than three domains two of them are those that trade off most, or else the largest, and the third is all others, in the proportions that they have in the optimum. The darker, the worse the objective; inside the dashed line it is nearly as good as at the optimum. Other mixtures are placed by their parts: with more than three domains their other shares may differ from the picture's. For two domains it is a curve.",
  draw: (data, frame) =>
    data.corners.length === 2 ? drawLine(data, frame) : drawTriangle(data, frame),
  table,
};
