/**
 * What grows in bench/growth/main.ts, from where to where: simulated runs of the additive law, one
 * size changed at a time.
 */

/** The sizes of one fit. Runs come twelve a mixture. */
export interface Sizes {
  readonly restarts: number;
  readonly rows: number;
  readonly domains: number;
  /** Of the bootstrap. */
  readonly replicates: number;
}

export type Axis = keyof Sizes;

export interface Series {
  readonly axis: Axis;
  readonly title: string;
  /** The others; that of the axis itself is replaced. */
  readonly rest: Sizes;
  readonly sizes: readonly number[];
  /** The law that `mixlaw fit` is run with on a table; without it fits are made in the library. */
  readonly command?: "additive" | "chinchilla";
  /** A few that take no time. */
  readonly tiny: readonly number[];
}

/**
 * From so many starts on, the cost of a start must not change: what is done once is then little.
 */
export const MANY = 2 ** 12;

const USUAL: Sizes = { restarts: 512, rows: 240, domains: 7, replicates: 0 };
/** For tiny runs. */
const LITTLE: Sizes = { restarts: 16, rows: 72, domains: 2, replicates: 0 };

const powers = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => 2 ** (from + step * i));

/** A table for the command: all rows are of different mixtures. */
const table = (command: "additive" | "chinchilla"): Series => ({
  axis: "rows",
  title: `rows of a CSV file, the whole command: ${command}, 10 domains, 512 starts`,
  rest: { ...USUAL, domains: 10 },
  sizes: [1e4, 1e5, 1e6],
  tiny: [64, 128],
  command,
});

export const SERIES: readonly Series[] = [
  {
    axis: "restarts",
    title: "random starts: 7 domains, 240 rows",
    rest: USUAL,
    sizes: powers(8, 20, 2),
    tiny: [8, 16],
  },
  {
    axis: "rows",
    title: "rows: 7 domains, 512 starts",
    rest: USUAL,
    sizes: [1e2, 3e2, 1e3, 3e3, 1e4, 3e4, 1e5],
    tiny: [48, 96],
  },
  {
    axis: "domains",
    title: "domains: 1536 rows, 128 starts",
    rest: { ...USUAL, restarts: 128, rows: 1536 },
    sizes: powers(1, 6, 1),
    tiny: [2, 3],
  },
  {
    axis: "replicates",
    title: "bootstrap replicates: 7 domains, 240 rows, 512 starts",
    rest: USUAL,
    sizes: [1e2, 3e2, 1e3, 3e3, 1e4],
    tiny: [4, 8],
  },
  table("chinchilla"),
  table("additive"),
];

/** The fits of a series, smallest first. */
export const pointsOf = ({ axis, rest, sizes, tiny }: Series, isTiny: boolean): Sizes[] =>
  (isTiny ? tiny : sizes).map((size) => ({ ...(isTiny ? LITTLE : rest), [axis]: size }));
