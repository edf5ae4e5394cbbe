import { describe, expect, test } from "vitest";
import type { Design } from "../../src/simulate/run-design.ts";
import { drawMixtures } from "../../src/simulate/draw-mixtures.ts";
import { drawTruth, type Noise, type Truth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { InputError } from "../../src/base/errors.ts";
import { CATALOG, laws } from "../../src/laws/catalog/catalog.ts";

const noise: Noise = { kind: "lognormal", sigma: 0 };
const domains = ["web", "code", "books"];
const targets = ["loss_web", "loss_code"];
const design: Design = {
  domains,
  targets,
  sizes: [2e7, 2e8, 1e9],
  tokens: { perParam: 20, checkpoints: 4 },
  mixtures: 20,
};
const draw = (over: object = {}): Truth =>
  drawTruth(laws.additive, domains, targets, { signs: "positive", seed: 1, noise, ...over });
const column = ({ columns, rows }: ReturnType<typeof simulate>, name: string): number[] =>
  rows.map((row) => row[columns.indexOf(name)] ?? NaN);

describe.each([...CATALOG.values()])("runs of the law $name", (law) => {
  const plan = law.uses.weights ? design : { ...design, domains: [] };

  test.each(["positive", "free"] as const)(
    "have losses of about 2 to 4 nats, signs %s",
    (signs) => {
      for (let seed = 1; seed <= 5; seed++) {
        const truth = drawTruth(law, plan.domains, targets, { signs, seed, noise });
        const runs = simulate(law, truth, { ...plan, mixtures: 8 });
        const losses = targets.flatMap((target) => column(runs, target));
        expect(Math.min(...losses)).toBeGreaterThan(1.4);
        expect(Math.max(...losses)).toBeLessThan(6);
        const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
        expect(mean).toBeGreaterThan(1.8);
        expect(mean).toBeLessThan(4);
      }
    },
  );

  test("have a column of shares for every domain, or none, and a row for every checkpoint", () => {
    const runs = simulate(
      law,
      drawTruth(law, plan.domains, targets, { signs: "positive", seed: 1, noise }),
      plan,
    );
    const shares = plan.domains.map((domain) => `h_${domain}`);
    const inputs = law.uses.inputs ?? [];
    expect(runs.columns).toEqual([
      "mixture_id",
      "run_id",
      "n_params",
      "n_tokens",
      ...inputs.map(({ name }) => name),
      ...(law.uses.supply === true ? plan.domains.map((domain) => `u_${domain}`) : []),
      ...shares,
      ...targets,
    ]);
    const levels = inputs.reduce((all, { typical }) => all * typical.length, 1);
    expect(runs.rows).toHaveLength((law.uses.weights ? 20 : 1) * 3 * 4 * levels);
  });
});

test("losses are the law's, by hand", () => {
  const truth = draw();
  const runs = simulate(laws.additive, truth, {
    ...design,
    sizes: [5e7],
    tokens: [3e9],
    mixtures: 3,
  });
  const p = truth.targets[0]?.parameters as Record<string, number> &
    Record<"C" | "gamma", Record<string, number>>;
  for (const row of runs.rows) {
    const share = (domain: string): number => row[runs.columns.indexOf(`h_${domain}`)] ?? NaN;
    const mixture = domains.reduce(
      (sum, domain) => sum + (p.C[domain] ?? NaN) * share(domain) ** (p.gamma[domain] ?? NaN),
      0,
    );
    const expected = p["E"] + 1 / mixture + p["A"] / 5e7 ** p["alpha"] + p["B"] / 3e9 ** p["beta"];
    expect(row[runs.columns.indexOf("loss_web")]).toBeCloseTo(expected, 6);
  }
});

describe("the truth", () => {
  test("is that of the seed, whatever the design", () => {
    expect(draw()).toEqual(draw());
    expect(draw({ seed: 2 }).targets).not.toEqual(draw().targets);
    const few = simulate(laws.additive, draw(), { ...design, mixtures: 5 });
    expect(simulate(laws.additive, draw(), design).rows.slice(0, few.rows.length)).toEqual(
      few.rows,
    );
  });

  test("survives JSON, and domains are matched by name", () => {
    const again = JSON.parse(JSON.stringify(draw())) as Truth;
    expect(simulate(laws.additive, again, design)).toEqual(simulate(laws.additive, draw(), design));
    // equal shares, whichever is first
    const pair = { ...design, targets: ["loss_code"], mixtures: 1 };
    const turned = simulate(laws.additive, again, { ...pair, domains: ["code", "web"] });
    expect(column(turned, "loss_code")).toEqual(
      column(simulate(laws.additive, again, { ...pair, domains: ["web", "code"] }), "loss_code"),
    );
  });

  test("must have what the design names", () => {
    expect(() => simulate(laws.additive, draw(), { ...design, domains: ["web", "law"] })).toThrow(
      /no coordinate lnC\[law\]/,
    );
    expect(() => simulate(laws.additive, draw(), { ...design, targets: ["loss_x"] })).toThrow(
      /no target loss_x; it has loss_web, loss_code/,
    );
  });

  test("has the target's own domain count most", () => {
    const first = draw().targets[0]?.coordinates ?? {};
    expect(
      Math.max(first["lnC[web]"] ?? NaN, first["lnC[code]"] ?? NaN, first["lnC[books]"] ?? NaN),
    ).toBe(first["lnC[web]"]);
  });
});

test("mixtures: equal shares first, then shares that sum to 1 in steps of 1e-4, none below the least", () => {
  for (const k of [1, 2, 4, 17, 64]) {
    const [first, ...others] = drawMixtures(k, 50, 3);
    expect(Math.max(...(first ?? [])) - Math.min(...(first ?? []))).toBeLessThan(1.5e-4);
    for (const shares of [first ?? new Float64Array(), ...others]) {
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      for (const share of shares) {
        expect(share * 1e4).toBeCloseTo(Math.round(share * 1e4), 8);
        expect(share).toBeGreaterThanOrEqual(Math.min(0.02, 0.2 / k) - 1e-4);
      }
    }
  }
});

test.each([
  ["lognormal", (loss: number, clean: number) => Math.log(loss / clean)],
  ["gaussian", (loss: number, clean: number) => loss - clean],
] as const)("%s noise has the size asked for, and mean 0", (kind, error) => {
  const big = { ...design, mixtures: 200 };
  const clean = column(simulate(laws.additive, draw(), big), "loss_web");
  const noisy = column(
    simulate(laws.additive, draw({ noise: { kind, sigma: 0.01 } }), big),
    "loss_web",
  );
  const errors = noisy.map((loss, i) => error(loss, clean[i] ?? NaN) / 0.01);
  const n = errors.length;
  const mean = errors.reduce((sum, e) => sum + e, 0) / n;
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(errors.reduce((sum, e) => sum + e * e, 0) / n - 1)).toBeLessThan(
    4 * Math.sqrt(2 / n),
  );
});

test.each([
  [{ domains: ["a b", "c"] }, "domains"],
  [{ domains: ["a", "a"] }, "domains"],
  [{ targets: [] }, "targets"],
  [{ sizes: [] }, "sizes"],
  [{ sizes: [-1] }, "sizes"],
  [{ tokens: [0] }, "tokens"],
  [{ tokens: { perParam: 0, checkpoints: 4 } }, "tokens.perParam"],
  [{ tokens: { perParam: 20, checkpoints: 0 } }, "tokens.checkpoints"],
  [{ mixtures: 0.5 }, "mixtures"],
  [{ mixtures: 1e9 }, "mixtures"],
])("a design with %j is refused, naming %s", (over, path) => {
  const attempt = (): unknown => simulate(laws.additive, draw(), { ...design, ...over });
  expect(attempt).toThrow(InputError);
  expect(attempt).toThrow(new RegExp(`^‘${path}’: `));
});
