/** What a report's file holds. */
import type { Chapter } from "../views/catalog.ts";
import type { WhatIf } from "./what-if/data.ts";

/** What a report's file holds, besides its program. */
export interface Report {
  readonly title: string;
  /** One line on where it comes from. */
  readonly subtitle: string;
  readonly chapters: readonly Chapter[];
  readonly sliders?: {
    /** After how many chapters they stand. */
    readonly after: number;
    readonly data: WhatIf;
  };
}

/** The name of the element that holds the data. */
export const DATA_ID = "report-data";
