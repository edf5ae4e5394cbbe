/** Work that ends at a deadline. */
import { expect, test } from "vitest";
import { AbortedError, DeadlineError } from "../../src/base/errors.ts";
import { untilDeadline } from "../../src/records/until-deadline.ts";

/** Ends when its signal fires, with what it has. */
const working =
  (partial: string | undefined) =>
  (signal: AbortSignal | undefined): Promise<string> =>
    new Promise((_, reject) => {
      const stop = (): void => reject(new AbortedError(partial));
      if (signal?.aborted === true) stop();
      signal?.addEventListener("abort", stop);
    });
const marked = (partial: string): string => `${partial}, unfinished`;

test("what there is at the deadline is the result", async () => {
  const result = await untilDeadline(0.01, undefined, working("half"), marked);
  expect(result).toBe("half, unfinished");
});

test("nothing by then is a DeadlineError", async () => {
  const none = untilDeadline(0.01, undefined, working(undefined), marked);
  await expect(none).rejects.toThrow(DeadlineError);
});

test("the caller's own signal is an interruption as without a deadline", async () => {
  const signal = AbortSignal.abort();
  const stopped = untilDeadline(60, signal, working("half"), marked);
  await expect(stopped).rejects.toMatchObject({ name: "AbortedError", partial: "half" });
});

test("work that ends before is left alone, and so are its errors", async () => {
  expect(await untilDeadline(60, undefined, () => Promise.resolve("all"), marked)).toBe("all");
  const failing = untilDeadline(60, undefined, () => Promise.reject(new TypeError("no")), marked);
  await expect(failing).rejects.toThrow(TypeError);
});
