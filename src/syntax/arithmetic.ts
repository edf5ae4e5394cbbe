/** The operators that formulas and filters have in common. */
import { type Infix, POWER, type Prefix } from "./parser.ts";
import type { BinaryOp } from "./tree.ts";

/** Signs as written and as meant, the longest first. */
export const SIGNS = [
  ["**", "^"], ["^", "^"], ["+", "+"], ["-", "-"], ["−", "-"], ["*", "*"], ["×", "*"], ["·", "*"], ["/", "/"],
  ["(", "("], [")", ")"], [",", ","],
] as const; // prettier-ignore

/** −x² is −(x²), as mathematics has it. */
export const signPrefixes: Readonly<Record<"+" | "-", Prefix>> = {
  "-": {
    power: POWER.sign,
    build: (parser, operand, at) => ({ kind: "negate", arg: parser.number(operand), ...at }),
  },
  "+": { power: POWER.sign, build: (parser, operand) => parser.number(operand) },
};

/**
 * `own`: how tightly it binds. `right`: how tightly operators bind that belong to its right
 * operand.
 */
const binary = (op: BinaryOp, own: number, right: number): Infix => ({
  power: own,
  read: (parser, left) => {
    const [a, b] = [parser.number(left), parser.arithmetic(right)];
    return { kind: "binary", op, left: a, right: b, start: a.start, end: b.end };
  },
});

/** a − b − c is (a − b) − c; a^b^c is a^(b^c). */
export const operators: Readonly<Record<BinaryOp, Infix>> = {
  "+": binary("+", POWER.add, POWER.add + 1),
  "-": binary("-", POWER.add, POWER.add + 1),
  "*": binary("*", POWER.multiply, POWER.multiply + 1),
  "/": binary("/", POWER.multiply, POWER.multiply + 1),
  "^": binary("^", POWER.raise, POWER.raise),
};
