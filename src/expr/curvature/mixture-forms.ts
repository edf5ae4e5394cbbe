/**
 * The forms of an operation's result that follow from those of its arguments: affine functions of
 * the shares, sums of logarithms, products of powers.
 */
import { type Affine, constantAffine, plusScaled, scaled } from "./affine.ts";
import type { OpName } from "../graph.ts";
import type { Factor, LogSum, NodeShape, PowerProduct } from "./node-shape.ts";
import { addLogs, scaleLogs } from "./power-product.ts";

const NOTHING: ReadonlyMap<number, Factor> = new Map();
const NONE: readonly number[] = [];

/** The affine function that an operation gives, where it gives one. */
export function affineOf(op: OpName, [a, b]: readonly NodeShape[]): Affine | undefined {
  const [x, y] = [a?.affine, b?.affine];
  if (x === undefined) return undefined;
  if (op === "neg") return scaled(-1, x);
  if (y === undefined) return undefined;
  if (op === "add") return plusScaled(x, 1, y);
  if (op === "sub") return plusScaled(x, -1, y);
  const [c, d] = [a?.constant?.value, b?.constant?.value];
  if (op === "mul" && c !== undefined) return scaled(c, y);
  if (op === "mul" && d !== undefined) return scaled(d, x);
  return op === "div" && d !== undefined && d !== 0 ? scaled(1 / d, x) : undefined;
}

/** One factor, to the power 1. */
const factorOf = (shape: NodeShape, how: "stepped" | "zeroed" | "plain"): LogSum => ({
  affine: constantAffine(0, shape.domains),
  factors: new Map([
    [
      shape.number,
      {
        shape,
        exponent: how === "stepped" ? 0 : 1,
        isStepped: how === "stepped",
        isDividedByStep: false,
        isZeroed: how === "zeroed",
        parameters: NONE,
      },
    ],
  ]),
});

/** An argument as a sum of logarithms, which an affine function is too. */
const logsOfArgument = (shape: NodeShape): LogSum | undefined =>
  shape.logs ??
  (shape.affine === undefined ? undefined : { affine: shape.affine, factors: NOTHING });

/** An argument as a product of powers, which anything is that is not negative. */
function productOfArgument(argument: NodeShape): PowerProduct | undefined {
  const { product, constant, range, domains } = argument;
  if (product !== undefined) return product;
  if (constant !== undefined) {
    const affine = constantAffine(Math.log(Math.abs(constant.value)), domains);
    if (!Number.isFinite(affine.constant)) return undefined;
    return { sign: constant.value > 0 ? 1 : -1, ln: { affine, factors: NOTHING } };
  }
  return range.low >= 0 ? { sign: 1, ln: factorOf(argument, "plain") } : undefined;
}

/** The sum of logarithms that an operation gives, where it gives one. */
export function logsOf(op: OpName, [a, b]: readonly NodeShape[]): LogSum | undefined {
  if (a === undefined) return undefined;
  if (op === "log") {
    const product = productOfArgument(a);
    return product?.sign === 1 ? product.ln : undefined;
  }
  if (op === "logz") return a.range.low >= 0 ? factorOf(a, "zeroed") : undefined;
  const [x, y] = [logsOfArgument(a), b === undefined ? undefined : logsOfArgument(b)];
  if (op === "neg" && x !== undefined) return scaleLogs(-1, x, NONE);
  if (b === undefined) return undefined;
  if ((op === "add" || op === "sub") && x !== undefined && y !== undefined)
    return addLogs(x, op === "add" ? 1 : -1, y);
  const [c, d] = [a.constant, b.constant];
  if (op === "mul" && c !== undefined && y !== undefined)
    return scaleLogs(c.value, y, c.parameters);
  if (x === undefined || d === undefined) return undefined;
  if (op === "mul") return scaleLogs(d.value, x, d.parameters);
  return op === "div" && d.value !== 0 ? scaleLogs(1 / d.value, x, d.parameters) : undefined;
}

/** The product of powers that an operation gives, where it gives one. */
export function productOf(op: OpName, [a, b]: readonly NodeShape[]): PowerProduct | undefined {
  if (a === undefined) return undefined;
  if (op === "exp") {
    const ln = logsOfArgument(a);
    return ln === undefined ? undefined : { sign: 1, ln };
  }
  if (op === "step") return a.range.low >= 0 ? { sign: 1, ln: factorOf(a, "stepped") } : undefined;
  if (op !== "mul" && op !== "div" && op !== "neg" && op !== "sqrt") return undefined;
  const x = productOfArgument(a);
  if (x === undefined) return undefined;
  if (op === "neg") return { sign: x.sign === 1 ? -1 : 1, ln: x.ln };
  if (op === "sqrt") return x.sign === 1 ? { sign: 1, ln: scaleLogs(0.5, x.ln, NONE) } : undefined;
  const y = b === undefined ? undefined : productOfArgument(b);
  if (y === undefined) return undefined;
  return {
    sign: x.sign === y.sign ? 1 : -1,
    ln: addLogs(x.ln, op === "mul" ? 1 : -1, y.ln),
  };
}
