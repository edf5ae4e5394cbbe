/**
 * Several files as one table, and long tables as wide ones: what is done before columns have roles.
 */
import { InputError } from "../../base/errors.ts";
import { given } from "../../base/objects.ts";
import { option } from "../../base/option-text.ts";
import type { Table } from "../table/cells.ts";
import { joinTables } from "./join-tables.ts";
import { stackTables } from "./stack-tables.ts";
import { widened } from "./widened.ts";

/** What is done to tables before their columns have roles. */
export interface ShapeOptions {
  /**
   * The column by which rows of several tables belong together, such as "run": their columns stand
   * beside each other. Without it the rows of one table follow those of the other.
   */
  readonly join?: string;
  /**
   * The columns of a long table, comma-separated, whose rows become columns: "NAME,VALUE",
   * "KEY,NAME,VALUE" or "KEY,KIND,NAME,VALUE"; see `widened`.
   */
  readonly long?: string;
}

/**
 * One table of one or several.
 *
 * @param tables long ones become wide before they are put together
 * @throws InputError naming file, row and column for what does not go together.
 * @example shapeTables([ratios, metrics], { join: "run" }).columns.get("mean")
 */
export function shapeTables(tables: readonly Table[], options: ShapeOptions = {}): Table {
  const { join, long } = options;
  const wide = long === undefined ? tables : tables.map((table) => widened(table, long));
  const [first, ...others] = wide;
  if (first === undefined) throw new InputError("no table is named: name one file or more");
  if (others.length === 0) {
    if (join !== undefined)
      throw new InputError(
        `${option("join", join)} puts columns of several tables beside each other, and ${first.source} is one: name the others too`,
        { option: "join" },
      );
    return long === undefined ? first : { ...first, shape: { long } };
  }
  const table = join === undefined ? stackTables(wide) : joinTables(wide, join);
  return {
    ...table,
    shape: { ...given({ join, long }), sources: tables.map((each) => each.source) },
  };
}
