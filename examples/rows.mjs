/** Rows that are plain objects: no file is read. */
import { laws, openEngine } from "mixlaw";

/** Runs as another program has them: here a law that we know, so that the fit has to find it. */
const rows = [2e7, 5e7, 1.2e8, 3e8, 7e8].flatMap((n_params) =>
  [5, 10, 20, 40].map((tokensPerParam) => {
    const n_tokens = n_params * tokensPerParam;
    return { n_params, n_tokens, loss_web: 1.7 + 400 / n_params ** 0.34 + 410 / n_tokens ** 0.28 };
  }),
);

const engine = await openEngine({ backend: "cpu" });
const fit = await engine.fit(laws.chinchilla, rows, { loss: "squared" });
const { E, alpha, beta } = fit.fits[0].parameters;
console.log(`E ${E.toFixed(3)}, alpha ${alpha.toFixed(3)}, beta ${beta.toFixed(3)}`);
const [{ values }] = fit.predict([{ n_params: 7e9, n_tokens: 1.5e11 }]);
console.log(`predicted loss ${values[0].toFixed(3)}`);
await engine.close();
