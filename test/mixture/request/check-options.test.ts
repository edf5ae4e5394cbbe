import { expect, test } from "vitest";
import { InputError } from "../../../src/base/errors.ts";
import { optimizeOptions } from "../../../src/mixture/request/check-options.ts";
import { optimize } from "../../../src/mixture/optimize.ts";
import { AT, drawLosses, fileOf } from "../fixture.ts";

/** What a caller without types may write. */
const WRONG: [Record<string, unknown>, string][] = [
  [{ constraint: {} }, 'optimize has no option "constraint"; did you mean "constraints"?'],
  [{ params: "7e9" }, '‘params’ is "7e9"; it must be a number.'],
  [{ tokens: -1 }, "‘tokens’ is -1; it must be a positive number."],
  [{ objective: "best" }, '‘objective’ is "best"; it must be "worst", or weights by target.'],
  [
    { objective: { loss_0: "1" } },
    '‘objective’ is {"loss_0":"1"}; it must be "worst", or weights by target.',
  ],
  [{ reference: { d0: "0.5", d1: 0.5 } }, '‘reference.d0’ is "0.5"; it must be a number.'],
  [{ reference: [0.5, 0.5] }, "‘reference’ is [0.5,0.5]; it must be an object by name."],
  [{ noWorse: { loss_0: null } }, "‘noWorse.loss_0’ is null; it must be a number."],
  [{ solver: "newton" }, '‘solver’ is "newton"; it must be one of gradient, mirror.'],
  [{ samples: 1.5 }, "‘samples’ is 1.5; it must be a whole number from 0 to 4294963200."],
  [{ seed: 0.5 }, "‘seed’ is 0.5; it must be a whole number within ±(2^53 − 1)."],
  [{ epsilon: -1 }, "‘epsilon’ is -1; it must be a number of at least 0."],
  [{ constraints: [] }, "‘constraints’ is []; it must be an object of options."],
  [
    { constraints: { flors: { d0: 0.1 } } },
    '‘constraints’ has no option "flors"; did you mean "floors"?',
  ],
];

test.each(WRONG)("%j is refused", async (options, message) => {
  const asked = optimize(fileOf(drawLosses("joint", 2, 1, 1)), { ...AT, ...options });
  await expect(asked).rejects.toThrow(InputError);
  await expect(asked).rejects.toThrow(message);
});

test("what is left undefined is left out", () => {
  expect(() =>
    optimizeOptions({
      params: undefined,
      objective: "worst",
      law: { loss_0: "joint" },
      signal: AbortSignal.abort(),
    }),
  ).not.toThrow();
});
