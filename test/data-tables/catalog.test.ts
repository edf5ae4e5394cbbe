/** Laws of the catalog on the runs that they were made for. */
import { expect, test } from "vitest";
import { readRuns } from "../../src/data/file.ts";
import { laws } from "../../src/laws/catalog.ts";
import { cpuEngine } from "../fit/engines.ts";
import { describeData } from "../support/data.ts";

describeData("pile5.csv", "data-mixing (M4) on the Pile's super-domains", (path) => {
  test("reaches the known objectives, or lower", async () => {
    const runs = await readRuns(path, { where: "n_params > 1.8e7 and n_params < 2e7 and step == 30000", targets: "loss_group_*" });
    const file = await (await cpuEngine()).fit(laws.dataMixing, runs, { delta: 0.05, restarts: 128 });
    const known = { academic: 5.6829e-4, prose: 1.2334e-4, dialogue: 5.5134e-4, symbolic: 1.4282e-4, internet: 8.166e-5 };
    for (const [group, objective] of Object.entries(known))
      expect(file.fits.find(({ target }) => target === `loss_group_${group}`)?.objective).toBeLessThan(objective * 1.0001);
  });
});

describeData("routed-moe.csv", "routed on Clark et al.'s runs", (path) => {
  test.each([["S-Base", 0.72], ["RL-R", 1.6], ["Hash", 0.98]] as const)("%s: the error is no higher than the published coefficients'", async (router, most) => {
    const where = `router_type == '${router}' and routing_frequency == 0.5 and experts_per_token == 1 and seed == 42 and flop_increase == 1`;
    const runs = await readRuns(path, { where, params: "n_active", inputs: { experts: "n_experts" }, targets: "loss_validation" });
    const [fit] = (await (await cpuEngine()).fit(laws.routed, runs, { restarts: 128 })).fits;
    expect(fit.train.mrePercent).toBeLessThanOrEqual(most);
    expect(fit.search.status).toBe("converged");
  }); // prettier-ignore
});

describeData("continual-python.csv", "forgetting on continued Pythia", (path) => {
  test("fits, and says that α is not identified with one model size", async () => {
    const runs = await readRuns(path, { inputs: { ft_tokens: "ft_tokens", injected: "inject_ratio" }, targets: "loss_pile_weighted" });
    const [fit] = (await (await cpuEngine()).fit(laws.forgetting, runs, { restarts: 128 })).fits;
    expect(fit.train.mrePercent).toBeLessThan(1);
    expect(fit.certificate.notIdentified).toContain("alpha");
    expect(fit.warnings.join()).toMatch(/to determine A, alpha, B, add runs at N = /);
  });
});

describeData("repeat.csv", "data-constrained on Muennighoff et al.'s runs", (path) => {
  test("repeats are worth less: R_D* is found with an interval, R_N* is not determined", async () => {
    const where = "variant == 'base' and loss < 8 and in_published_fit_182 == 1";
    const runs = await readRuns(path, { where, inputs: { unique_tokens: "unique_tokens" }, targets: "loss" });
    expect(runs.train.rows).toBe(181);
    const [fit] = (
      await (await cpuEngine()).fit(laws.dataConstrained, runs, { restarts: 128, residual: "log", bootstrap: 100, interval: "percentile" })
    ).fits;
    const [low, high] = (fit.bootstrap?.parameters["R_D"] ?? []) as [number, number];
    expect(low).toBeGreaterThan(5);
    expect(high).toBeLessThan(200);
    expect(fit.parameters["R_D"]).toBeGreaterThan(low);
    expect(fit.certificate.notIdentified).toContain("R_N");
  });
});
