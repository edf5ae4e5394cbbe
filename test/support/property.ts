/**
 * fast-check, with a seed of its own: property tests see the same values at every run, so that a
 * suite that passed passes again. FC_SEED tries others; `npm run evidence` draws it anew for every
 * round.
 */
import * as fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20_250_713) });

export { fc };
