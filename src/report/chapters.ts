/** The chapters of a report: which views are shown, in which order. The decision comes first. */
import type { Chapter, Section } from "../views/catalog.ts";
import { mixtureFacts } from "./facts/mixture.ts";
import type { Material, NamedOptimum } from "./facts/material.ts";

/** All chapters. This computes: in a page it belongs into a worker. */
export function chaptersOf(material: Material): Chapter[] {
  return material.optima.map((optimum) => decisionChapter(material, optimum));
}

function decisionChapter({ optima }: Material, { name, optimum }: NamedOptimum): Chapter {
  const sections: Section[] = [{ view: "mixture", data: mixtureFacts(optimum) }];
  return { title: optima.length > 1 ? `The decision: ${name}` : "The decision", sections };
}
