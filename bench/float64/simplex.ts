/**
 * What the loss over the simplex takes in WebAssembly and in JavaScript, in alternation: a value,
 * and a value with its gradient, of the mean of some targets. In microseconds of processor time.
 *
 *     npm run bench:simplex
 */
import { itemAt } from "../../src/base/known.ts";
import { laws } from "../../src/index.ts";
import type { Law } from "../../src/laws/law.ts";
import { lossesOf } from "../../src/mixture/goal/surface.ts";
import { drawsOf, sampler } from "../../src/mixture/sampling/random-mixtures.ts";
import { float64Order, followFloat64, forbidWasm } from "../../src/wasm/availability.ts";
import { drawTerms } from "../mixtures.ts";
import { median, processorTime } from "../timing.ts";

const AT = { params: 7e9, tokens: 150e9 };
/** Mixtures that are evaluated in turn. */
const MIXTURES = 64;
const REPEATS = 9;
/** Milliseconds of processor time that a measurement takes at least. */
const ENOUGH = 30;

const timeOf = (call: (n: number) => void): number =>
  processorTime((n) => call(n % MIXTURES), ENOUGH);

/** Times of a value and of a gradient, by what computes float64 now. */
function times(law: Law, domains: number, targets: number): [number, number] {
  const terms = drawTerms(law, domains, targets);
  const losses = lossesOf(terms.map(({ fitted }) => fitted), AT, domains); // prettier-ignore
  const loss = losses.sum(terms.map(({ weight }) => weight));
  const from = sampler(drawsOf(domains, { seed: 1 }));
  const mixtures = Array.from({ length: MIXTURES }, (_, n) => {
    const h = new Float64Array(domains);
    from.draw(n, h);
    return h;
  });
  const out = new Float64Array(domains);
  return [timeOf((n) => void loss.law(itemAt(mixtures, n))), timeOf((n) => void loss.gradient(itemAt(mixtures, n), out))]; // prettier-ignore
}

const order = float64Order();
const digits = (x: number): string => x.toPrecision(3);

console.log("| law | domains | targets | JavaScript: value, gradient, µs | WebAssembly | ratio |");
console.log("|---|---|---|---|---|---|");
for (const [law, domains, targets] of [
  [laws.additive, 7, 8],
  [laws.joint, 7, 8],
  [laws.mixture, 17, 1],
  [laws.mixture, 17, 17],
  [laws.additive, 64, 8],
] as const) {
  const [there, here]: [number[][], number[][]] = [[], []];
  for (let n = 0; n < REPEATS; n++) {
    forbidWasm("the comparison needs JavaScript");
    there.push(times(law, domains, targets));
    followFloat64(order);
    here.push(times(law, domains, targets));
  }
  const [before, now] = [there, here].map((all) =>
    [0, 1].map((what) => median(all.map((each) => each[what] ?? NaN))),
  );
  const ratio = before?.map((x, i) => digits(x / (now?.[i] ?? NaN)));
  console.log(`| ${law.name} | ${domains} | ${targets} | ${before?.map(digits).join(", ")} | ${now?.map(digits).join(", ")} | ${ratio?.join(", ")} |`); // prettier-ignore
}
