/** Tables of what was registered beside what was measured. */
import type { CheckedLaw, MeasuredLoss, PlanCheck } from "../../src/register/plan-check.ts";
import type { Plan } from "../../src/register/plan.ts";
import { table } from "../report.ts";
import { isBelowTrained, lawsOf, meanOf, type Outcome, outcomesOf } from "./outcomes.ts";

const losses = (x: number): string => x.toFixed(4);
const signed = (x: number): string => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(4)}`;
const percents = (x: number): string => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(1)}`;
const shares = (weights: Outcome["weights"]): string =>
  Object.values(weights).map((share) => (100 * share).toFixed(0)).join(" "); // prettier-ignore

/** Every trained mixture, the best first: what was measured, and how far each law was off. */
export function proposalsTable(plan: Plan, checked: PlanCheck): string {
  const outcomes = outcomesOf(plan, checked);
  const laws = lawsOf(plan);
  const least = meanOf(outcomes[0]?.measured ?? []);
  return table(
    ["mixture", "shares %", "measured", "above the best", ...laws.map((law) => `${law}, error %`)],
    outcomes.map(({ mixture, weights, measured, registered }) => {
      const mean = meanOf(measured);
      return [
        mixture,
        shares(weights),
        measured.map(losses).join(", "),
        losses(mean - least),
        ...laws.map((law) => percents(100 * ((registered.get(law) ?? NaN) / mean - 1))),
      ];
    }),
  );
}

/**
 * What each law promised of the mixture that it ranks first among the trained ones, against the
 * uniform one, and what that mixture gained.
 */
export function promisesTable(plan: Plan, checked: PlanCheck): string {
  const outcomes = outcomesOf(plan, checked);
  const uniform = outcomes.find(({ mixture }) => mixture.split("+").includes("uniform"));
  const least = meanOf(outcomes[0]?.measured ?? []);
  const rows = lawsOf(plan).flatMap((law) => {
    const by = (one: Outcome | undefined): number => one?.registered.get(law) ?? NaN;
    const [choice] = outcomes.toSorted((a, b) => by(a) - by(b));
    if (choice === undefined || uniform === undefined) return [];
    const promised = by(uniform) - by(choice);
    const gained = meanOf(uniform.measured) - meanOf(choice.measured);
    return [
      [
        law,
        choice.mixture,
        signed(promised),
        signed(gained),
        signed(promised - gained),
        losses(meanOf(choice.measured) - least),
      ],
    ];
  });
  return table(["law", "its choice", "promised gain", "measured gain", "too much", "regret"], rows);
}

/** How many losses lie inside of the intervals of each level, and how far laws are off. */
export function lawsTable({ laws, calibration }: PlanCheck): string {
  const levels = [...new Set(calibration.map(({ level }) => level))];
  const inside = (law: CheckedLaw, level: number): string => {
    const own = calibration.filter((row) => row.law === law.law && row.level === level);
    const [held, all] = (["inside", "losses"] as const).map((key) =>
      own.reduce((sum, row) => sum + row[key], 0),
    );
    return `${held} of ${all}`;
  };
  return table(
    ["law", "mean error %", "bias %", ...levels.map((level) => `inside ${100 * level} %`)],
    laws.map((law) => [
      law.law,
      law.mrePercent.toFixed(2),
      percents(law.biasPercent),
      ...levels.map((level) => inside(law, level)),
    ]),
  );
}

/**
 * Errors of each law at the domains' own losses, apart where a mixture has less of the domain than
 * any run that was fitted.
 * @param least the least share of each domain in these runs
 */
export function belowTrainedTable(
  plan: Plan,
  { losses: all }: PlanCheck,
  least: ReadonlyMap<string, number>,
): string {
  const shareOf = new Map(plan.points.flatMap(({ mixtures }) => mixtures.map((one) => [one.name, one.weights] as const))); // prettier-ignore
  const isBelow = ({ mixture, target }: MeasuredLoss): boolean | undefined =>
    isBelowTrained(least, target, (domain) => shareOf.get(mixture)?.[domain]);
  const rows = lawsOf(plan).flatMap((law) =>
    [true, false, undefined].map((below) => {
      const own = all.filter((loss) => loss.law === law && isBelow(loss) === below);
      const errors = own.map(({ predicted, measured }) => 100 * (predicted / measured - 1));
      return [
        law,
        below === undefined ? "texts that are never trained on" : below ? "less than any run" : "within the runs' shares",
        String(own.length),
        meanOf(errors.map(Math.abs)).toFixed(2),
        percents(meanOf(errors)),
        `${own.filter(({ inside }) => inside === true).length} of ${own.length}`,
      ]; // prettier-ignore
    }),
  );
  return table(["law", "share of the loss's own domain", "losses", "mean error %", "bias %", "inside 95 %"], rows); // prettier-ignore
}

/** Mean relative errors of each law at a target, by how often the runs have seen a domain. */
export function repetitionTable(plan: Plan, checked: PlanCheck, domain: string): string {
  const target = `loss_${domain}`;
  const [point] = plan.points;
  const supply = point?.at.inputs[`u[${domain}]`] ?? NaN;
  const epochs = new Map(
    point?.mixtures.map(({ name, weights }) => [
      name,
      ((weights[domain] ?? 0) * (point.at.tokens ?? NaN)) / supply,
    ]),
  );
  const bins = [
    ["below 1", 0, 1],
    ["1 to 4", 1, 4],
    ["4 to 16", 4, 16],
    ["above 16", 16, Infinity],
  ] as const;
  const rows = bins.map(([title, from, to]) => {
    const own = checked.losses.filter((loss) => {
      const seen = epochs.get(loss.mixture) ?? NaN;
      return loss.target === target && seen >= from && seen < to;
    });
    return [
      title,
      String(own.filter(({ law }) => law === lawsOf(plan)[0]).length),
      ...lawsOf(plan).map((law) => {
        const errors = own.flatMap((loss) => loss.law === law ? [100 * (loss.predicted / loss.measured - 1)] : []); // prettier-ignore
        return errors.length === 0 ? "" : percents(meanOf(errors));
      }),
    ];
  });
  return table([`epochs of ${domain}`, "runs", ...lawsOf(plan).map((law) => `${law}, bias %`)], rows); // prettier-ignore
}
