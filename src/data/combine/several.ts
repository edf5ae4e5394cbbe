/** What tables of several files are called, and their hash. */
import { listed } from "../../base/wording.ts";
import { sha256Hex } from "../../base/sha256.ts";
import type { Table } from "../table/cells.ts";

/** "ratios.csv and metrics.csv" */
export const sourceOf = (tables: readonly Table[]): string =>
  listed(tables.map(({ source }) => source));

/** The hash of what the files hold and how they were put together. */
export const hashOf = (tables: readonly Table[], how: string): string =>
  sha256Hex(new TextEncoder().encode(JSON.stringify([how, ...tables.map(({ sha256 }) => sha256)])));
