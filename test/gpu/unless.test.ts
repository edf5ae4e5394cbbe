import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { unless } from "../../src/gpu/unless.ts";

function pending(): { readonly promise: Promise<never>; readonly end: (error: Error) => void } {
  let end: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, reject) => (end = reject));
  return { promise, end };
}

test("gives what the promise gives, or throws what it throws", async () => {
  const { promise } = pending();
  expect(await unless(promise, Promise.resolve(3))).toBe(3);
  await expect(unless(promise, Promise.reject(new Error("no")))).rejects.toThrow("no");
});

test("throws when the ending comes first, now and later", async () => {
  const { promise, end } = pending();
  const waits = [1, 2].map(() => unless(promise, new Promise(() => undefined)));
  end(new Error("gone"));
  for (const wait of waits) await expect(wait).rejects.toThrow("gone");
  await expect(unless(promise, new Promise(() => undefined))).rejects.toThrow("gone");
});

test("keeps nothing of what is over, though the ending never comes", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { promise } = pending();
  const kept = await Promise.all(
    Array.from({ length: 20 }, async () => new WeakRef(await unless(promise, Promise.resolve({})))),
  );
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  expect(kept.filter((each) => each.deref() !== undefined)).toEqual([]);
  await expect(Promise.race([promise, Promise.resolve(1)])).resolves.toBe(1); // `promise` lives on
});
