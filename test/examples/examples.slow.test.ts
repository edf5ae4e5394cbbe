/** The examples of the library that take longer, run as a reader would run them. */
import { test } from "vitest";
import { EXPECTED, expectPromises, QUICK } from "./promises.ts";

const others = Object.keys(EXPECTED).filter((name) => !QUICK.includes(name));

test.each(others)("%s prints what it promises", expectPromises);
