/** From a formula's tree to the expression graph. */
import {
  abs, add, argumentsOf, atan, constant, cos, div, exp, type Expr, log, logz, max, min, mul, neg, type Node, power, sin, sqrt, step, sub, sum, tanh, timesExp, topological,
} from "../../expr/graph.ts"; // prettier-ignore
import { evaluate } from "../../expr/float64.ts";
import type { Syntax } from "../../syntax/formula.ts";
import type { ChartTerms } from "../parameters/chart.ts";
import type { Terms } from "../law.ts";
import { type Factor, factorsOf, overDomains, type Reading } from "./roles.ts";

const UNARY: Readonly<Record<string, (a: Expr) => Node>> = {
  exp,
  log,
  sqrt,
  tanh,
  abs,
  atan,
  sin,
  cos,
};
/** Whole exponents up to this are multiplied out. */
const MULTIPLIED = 32;

/** How a parameter is optimized: `key` is its coordinate, which is its logarithm where `log`. */
export type Charts = ReadonlyMap<string, { readonly key: string; readonly log: boolean }>;

interface Logs {
  /** Factors 0 or 1 of shares that are exponentials here and may be 0. */
  readonly steps: Node[];
  readonly share: Node[];
  readonly other: Node[];
}

/** ln A less its coordinate: what the data's centers make of a centered scale; 0 for others. */
export function shiftOf(
  name: string,
  { centered }: Reading,
  charts: Charts,
  x: Pick<ChartTerms, "p">,
  lnUnit: (input: string) => number,
): Node {
  const value = (node: Syntax): Node => {
    if (node.kind === "negate") return neg(value(node.arg));
    if (node.kind === "number") return constant(node.value);
    const chart = node.kind === "name" ? charts.get(node.name) : undefined;
    if (chart === undefined)
      throw new Error(`${name} is centered by something that is no parameter`);
    return chart.log ? exp(x.p(chart.key)) : x.p(chart.key);
  };
  return (centered.get(name)?.powers ?? []).reduce<Node>((shift, { input, exponent, inverse }) => {
    const part = mul(value(exponent), lnUnit(input));
    return inverse ? add(shift, part) : sub(shift, part);
  }, constant(0));
}

/**
 * The graph of a formula over these terms. Domains that are named in it must be among the law's.
 */
export function lower(reading: Reading, charts: Charts, x: Terms): Node {
  const { text, meaning, fail, has } = reading;
  return expression(reading.tree, undefined);

  /**
   * `i`: the domain that [i] stands for. A constant part is folded; one that is no number is an
   * error at once, at its innermost.
   */
  function expression(node: Syntax, i: number | undefined): Node {
    const made = build(node, i);
    if (
      made.kind === "const" ||
      topological([made]).some((n) => argumentsOf(n).length === 0 && n.kind !== "const")
    )
      return made;
    const [value] = evaluate([made], () => NaN);
    if (!Number.isFinite(value))
      throw fail(`${text.slice(node.start, node.end)} is not a finite number`, node);
    return constant(value);
  }

  function build(node: Syntax, i: number | undefined): Node {
    switch (node.kind) {
      case "number":
        return constant(node.value);
      case "name":
        return leaf(node, i);
      case "call":
        return call(node, i);
      case "negate":
        return product(node, i);
      case "binary":
        if (node.op === "+") return add(expression(node.left, i), expression(node.right, i));
        if (node.op === "-") return sub(expression(node.left, i), expression(node.right, i));
        return product(node, i);
    }
  }

  function leaf(node: Syntax & { kind: "name" }, i: number | undefined): Node {
    const what = meaning(node.name);
    if (what.kind === "constant") return constant(what.value);
    if (what.kind === "input") return x.input(what.name);
    if (what.kind === "weights") return x.h(domainOf(node, i));
    return isLog(node.name) ? exp(logOf(node, i)) : coordinate(node, i);
  }

  function isLog(name: string): boolean {
    return charts.get(name)?.log === true;
  }

  function coordinate(node: Syntax & { kind: "name" }, i: number | undefined): Node {
    const key = charts.get(node.name)?.key ?? node.name;
    return reading.isVector(node.name) ? x.pd(key, domainOf(node, i)) : x.p(key);
  }

  /** ln of a positive parameter. */
  function logOf(node: Syntax & { kind: "name" }, i: number | undefined): Node {
    const own = coordinate(node, i);
    return reading.centered.has(node.name)
      ? add(own, shiftOf(node.name, reading, charts, x, x.lnUnit))
      : own;
  }

  function domainOf(node: Syntax & { kind: "name" }, i: number | undefined): number {
    if (typeof node.of !== "object") return i ?? 0;
    const at = x.domainNames.indexOf(node.of.domain);
    if (at < 0)
      throw fail(
        `there is no domain "${node.of.domain}"; the domains are: ${x.domainNames.join(", ")}`,
        node,
      );
    return at;
  }

  function call(node: Syntax & { kind: "call" }, i: number | undefined): Node {
    const { name, args } = node;
    const [first, second] = args;
    if (name === "sum") return sum(x.domains, (d) => expression(first, d));
    if (name === "dot")
      return sum(x.domains, (d) => mul(expression(first, d), expression(second, d)));
    if (name === "max" || name === "min") {
      const all = overDomains(node)
        ? Array.from({ length: x.domains }, (_, d) => expression(first, d))
        : args.map((a) => expression(a, i));
      return all.reduce((a, b) => (name === "max" ? max(a, b) : min(a, b)));
    }
    const operand = expression(first, i);
    if (name === "log") return log(guarded(operand, "positive", node, first));
    if (name === "sqrt") return sqrt(guarded(operand, "nonnegative", node, first));
    return UNARY[name](operand);
  }

  function guarded(
    operand: Node,
    needs: "positive" | "nonnegative" | "nonzero",
    operation: Syntax,
    part: Syntax,
  ): Node {
    const [what, on] = [
      text.slice(operation.start, operation.end),
      text.slice(part.start, part.end),
    ];
    if (operand.kind !== "const")
      return x.guard({ node: operand, needs, operation: what, operand: on });
    const { value } = operand;
    const fine =
      needs === "positive" ? value > 0 : needs === "nonnegative" ? value >= 0 : value !== 0;
    if (fine) return operand;
    const says = {
      positive: "is not above 0",
      nonnegative: "is negative",
      nonzero: "is 0: this divides by zero",
    }[needs];
    throw fail(
      `${on} ${says}${needs === "nonzero" ? "" : `, and ${what} needs a number that is`}`,
      part,
    );
  }

  /**
   * A product: what is positive and known by its logarithm (scales, powers of data) is added up
   * under one exponential, apart for shares and for other inputs, so that each is computed as
   * rarely as it can be; the rest is multiplied and divided as written.
   */
  function product(node: Syntax, i: number | undefined): Node {
    const { factors, negative } = factorsOf(node);
    const scaled = factors.some(
      ({ node: one, inverse }) => !inverse && one.kind === "name" && isLog(one.name),
    );
    const logs: Logs = { steps: [], share: [], other: [] };
    const scales: Node[] = [];
    let top: Node | undefined;
    let bottom: Node | undefined;
    const times = (f: Node, inverse: boolean): void => {
      if (inverse) bottom = bottom === undefined ? f : mul(bottom, f);
      else top = top === undefined ? f : mul(top, f);
    };
    for (const factor of factors) {
      const { node: one, inverse } = factor;
      if (one.kind === "name" && isLog(one.name)) {
        const own =
          reading.centered.get(one.name)?.term === node ? coordinate(one, i) : logOf(one, i);
        scales.push(inverse ? neg(own) : own);
      } else if (one.kind === "binary" && one.op === "^")
        raise(factor, node, i, scaled, logs, times);
      else if (scaled && one.kind === "call" && one.name === "exp") {
        const inside = expression(one.args[0], i);
        (has(one, "weights") && !has(one, "input") ? logs.share : logs.other).push(
          inverse ? neg(inside) : inside,
        );
      } else
        times(
          inverse ? guarded(expression(one, i), "nonzero", node, one) : expression(one, i),
          inverse,
        );
    }
    (logs.share.length > 0 ? logs.share : logs.other).unshift(...scales);
    const exponential = (factor: Node, [part, ...more]: readonly Node[]): void => {
      if (part !== undefined) times(timesExp(factor, more.reduce(add, part)), false);
    };
    exponential(constant(1), logs.other);
    exponential(logs.steps.reduce(mul, constant(1)), logs.share);
    const above = top ?? constant(1);
    const whole = bottom === undefined ? above : div(above, bottom);
    return negative ? neg(whole) : whole;
  }

  /** A factor base^exponent. */
  function raise(
    { node, inverse }: Factor,
    term: Syntax,
    i: number | undefined,
    scaled: boolean,
    logs: Logs,
    times: (f: Node, inverse: boolean) => void,
  ): void {
    if (node.kind !== "binary") return;
    const { left, right } = node;
    const exponent = expression(right, i);
    const base = expression(left, i);
    const input = left.kind === "name" ? inputOf(left.name) : undefined;
    if (exponent.kind === "const" && !(scaled && input !== undefined)) {
      const { value } = exponent;
      if (Number.isInteger(value) && Math.abs(value) <= MULTIPLIED) {
        const divides = inverse !== value < 0;
        const whole = power(divides ? guarded(base, "nonzero", node, left) : base, Math.abs(value));
        times(whole, divides);
        return;
      }
      if (value === 0.5) {
        times(sqrt(guarded(base, inverse ? "positive" : "nonnegative", node, left)), inverse);
        return;
      }
    }
    const signed = inverse ? neg(exponent) : exponent;
    if (left.kind === "name" && meaning(left.name).kind === "weights") {
      // h^γ is 0, with derivative 0, at h = 0. In a denominator h must be there.
      const down =
        inverse || right.kind === "negate" || (exponent.kind === "const" && exponent.value < 0);
      if (down) guarded(base, "positive", term, left);
      else logs.steps.push(step(base));
      logs.share.push(mul(signed, logz(base)));
      return;
    }
    if (input !== undefined) {
      if (input !== "params" && input !== "tokens") guarded(base, "positive", node, left);
      logs.other.push(mul(signed, isCentered(term, node) ? x.ln(input) : log(base)));
      return;
    }
    const ln = log(guarded(base, "positive", node, left));
    (has(left, "weights") && !has(left, "input") ? logs.share : logs.other).push(mul(signed, ln));
  }

  function inputOf(name: string): string | undefined {
    const what = meaning(name);
    return what.kind === "input" ? what.name : undefined;
  }

  /** Whether this power is one of those its product's scale is centered by. */
  function isCentered(term: Syntax, node: Syntax & { kind: "binary" }): boolean {
    return [...reading.centered.values()].some(
      (c) => c.term === term && c.powers.some((p) => p.exponent === node.right),
    );
  }
}
