/** The chapters of a report: which views are shown, in which order. The decision comes first. */
import type { Chapter, Section } from "../views/catalog.ts";
import { decisionOf } from "./facts/decision.ts";
import { mixtureFacts } from "./facts/mixture.ts";
import type { Material, NamedOptimum } from "./facts/material.ts";

/** All chapters. This computes: in a page it belongs into a worker. */
export function chaptersOf(material: Material): Chapter[] {
  return material.optima.map((optimum) => decisionChapter(material, optimum));
}

function decisionChapter({ file, optima }: Material, { name, optimum }: NamedOptimum): Chapter {
  const decision = decisionOf(file, optimum);
  const sections: Section[] = [{ view: "mixture", data: mixtureFacts(optimum, decision) }];
  return { title: optima.length > 1 ? `The decision: ${name}` : "The decision", sections };
}
