/** What a report's file holds. */
import type { Chapter } from "../views/catalog.ts";

/** What a report's file holds, besides its program. */
export interface Report {
  readonly title: string;
  /** One line on where it comes from. */
  readonly subtitle: string;
  readonly chapters: readonly Chapter[];
}

/** The name of the element that holds the data. */
export const DATA_ID = "report-data";
