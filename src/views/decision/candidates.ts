/** Mixtures that were asked about, ranked below the optimum. */
import { gain, inPercent, loss, percent } from "../../base/format-number.ts";
import { ownOf } from "../../base/known.ts";
import { element } from "../kit/dom.ts";
import { shortened } from "../kit/labels.ts";
import type { Frame, Table, View } from "../kit/view.ts";

/** The optimum, or a mixture that it is compared with. */
export interface ComparedMixture {
  readonly name: string;
  readonly shares: Readonly<Record<string, number>>;
  readonly objective: number;
  /** Share of the replicates where it is the best of the candidates; null where none tell. */
  readonly chanceBest: number | null;
  /** The constraints that it breaks, in words; null where it is allowed. */
  readonly breaks: string | null;
}

export interface CandidatesData {
  /** The domains, those with the largest shares of the optimum first. */
  readonly domains: readonly string[];
  readonly optimum: ComparedMixture;
  /** The best first. */
  readonly candidates: readonly ComparedMixture[];
}

/** The longest name that is shown whole, in columns of text. */
const LONGEST = 40;

function draw(data: CandidatesData, { document }: Frame): Element {
  const { optimum, candidates } = data;
  const mixtures = [optimum, ...candidates];
  const isRanked = mixtures.some(({ chanceBest }) => chanceBest !== null);
  const head = ["mixture", "objective", "above the optimum", ...(isRanked ? ["chance to be the best"] : [])]; // prettier-ignore
  const numbersOf = ({ objective, chanceBest }: ComparedMixture): string[] => [
    loss(objective),
    gain(objective - optimum.objective),
    ...(isRanked ? [chanceBest === null ? "" : `${inPercent(chanceBest, 1)} %`] : []),
  ];
  const cell = (tag: "td" | "th", scope?: string) => (text: string) =>
    element(document, tag, { scope }, text);
  const rowsOf = (mixture: ComparedMixture): Element[] => {
    const { name, breaks } = mixture;
    const lines = [sharesOf(mixture, data), ...(breaks === null ? [] : [`* It breaks ${breaks}.`])];
    return [
      element(
        document,
        "tr",
        { class: "continued" },
        element(document, "th", { class: "broken", scope: "row", title: name }, shortened(name, LONGEST) + (breaks === null ? "" : " *")), // prettier-ignore
        ...numbersOf(mixture).map(cell("td")),
      ),
      element(
        document,
        "tr",
        {},
        element(document, "td", { class: "words broken", colspan: String(head.length) }, ...lines.map((line) => element(document, "div", {}, line))), // prettier-ignore
      ),
    ];
  };
  return element(
    document,
    "div",
    { class: "scroll notes", tabindex: "0", role: "region", "aria-label": "Candidates" },
    element(
      document,
      "table",
      {},
      element(document, "thead", {}, element(document, "tr", {}, ...head.map(cell("th", "col")))),
      ...mixtures.map((mixture) => element(document, "tbody", {}, ...rowsOf(mixture))),
    ),
  );
}

/** The shares above 0, in the order of the optimum's. */
function sharesOf({ shares }: ComparedMixture, { domains }: CandidatesData): string {
  const parts = domains.map((domain) => [domain, ownOf(shares, domain) ?? 0] as const);
  const used = parts.filter(([, share]) => share > 0);
  return used.map(([domain, share]) => `${shortened(domain, LONGEST)} ${percent(share, 3)}`).join(", "); // prettier-ignore
}

const table = ({ domains, optimum, candidates }: CandidatesData): Table => ({
  header: ["mixture", "objective", "above_the_optimum", "chance_best", "breaks", ...domains],
  rows: [optimum, ...candidates].map(({ name, objective, chanceBest, breaks, shares }) => [
    name,
    objective,
    objective - optimum.objective,
    chanceBest,
    breaks,
    ...domains.map((domain) => ownOf(shares, domain) ?? null),
  ]),
});

export const candidates: View<CandidatesData> = {
  title: "The candidates",
  reading:
    "The mixtures that were asked about, below the optimum: what the law says of each, and how much more it is than at the optimum. With a bootstrap, the chance is the part of the replicates in which a candidate is the best of all candidates; the optimum is none of them. A mixture with a star breaks a constraint: which, and by how much, stands below it.",
  draw,
  table,
  isWords: true,
};
