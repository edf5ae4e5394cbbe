/** Reports as they go from the worker to the page: what has not changed is not sent again. */
import type { ReportBody } from "../../report/app/show-report.ts";
import type { Section } from "../../views/catalog.ts";
import { packed } from "../../views/kit/packed.ts";
import type { ReportChange } from "./workshop.ts";

/** Remembers, by place, what was sent last. */
export class SentReport {
  #sent = new Map<string, string>();

  /** What of a report is new; the rest is null. */
  changeOf({ chapters, sliders }: ReportBody): ReportChange {
    const before = this.#sent;
    this.#sent = new Map();
    const unlessSent = <T>(place: string, value: T): T | null => {
      const text = packed(value);
      this.#sent.set(place, text);
      return before.get(place) === text ? null : value;
    };
    return {
      chapters: chapters.map(({ title, sections }, c) => ({
        title,
        sections: sections.map((section, s) => unlessSent(`${c}-${s}`, section)),
      })),
      sliders: sliders === undefined ? undefined : unlessSent("sliders", sliders),
    };
  }
}

/** The report that a change makes of the one before. */
export function applied(before: ReportBody | undefined, change: ReportChange): ReportBody {
  const sliders = change.sliders === null ? before?.sliders : change.sliders;
  const chapters = change.chapters.map(({ title, sections }, c) => ({
    title,
    sections: sections.map((section, s) => section ?? sectionAt(before, c, s)),
  }));
  return { chapters, ...(sliders === undefined ? {} : { sliders }) };
}

function sectionAt(report: ReportBody | undefined, chapter: number, section: number): Section {
  const found = report?.chapters[chapter]?.sections[section];
  if (found === undefined) throw new RangeError("a section was said to be there already");
  return found;
}
