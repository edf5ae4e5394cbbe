/**
 * Expression graphs: the one written form of a law. Plain functions build immutable nodes;
 * everything else (simplification, derivatives, WGSL, float64, text) is derived from them.
 */

/** The operators; what each means is one row of the table in operators.ts. */
export type OpName =
  | "add" | "sub" | "mul" | "div" | "neg" | "exp" | "log" | "sqrt" | "tanh" | "atan" | "sin" | "cos" | "abs" | "min" | "max" | "step" | "logz" | "recipz" | "phi2" | "phi3" | "phi4" | "log1pc" | "dlog1pc" | "d2log1pc"; // prettier-ignore

/** A leaf that stands for something known only later. */
export type Leaf =
  | { readonly kind: "const"; readonly value: number }
  /** The chart coordinate of a parameter: what the optimizer moves. */
  | { readonly kind: "param"; readonly index: number; readonly name: string }
  /** The share hᵢ of training domain `index`. */
  | { readonly kind: "weight"; readonly index: number; readonly name: string }
  /** A scalar input of a run: params, tokens, … */
  | { readonly kind: "input"; readonly name: string };

export type Call = { readonly kind: "op"; readonly op: OpName; readonly args: readonly Node[] };

/**
 * An expression whose derivatives in parameters are known in a simpler form than differentiating
 * `value` gives. It counts as a function of the nodes in `through`, which need not be parts of
 * `value`; `partials` are its derivatives in them, asked for when they are needed, and may have
 * known derivatives themselves. Where anything else varies (the shares), `value` is differentiated.
 */
export type Known = {
  readonly kind: "known";
  readonly value: Node;
  readonly through: readonly Node[];
  readonly partials: (self: Node) => readonly Expr[];
  /**
   * Another form of `value`, equal to it at all mixtures (shares of at least 0 that sum to 1), from
   * which its curvature can be seen. Nothing is computed from it: it may be badly conditioned, or
   * fail at single values of parameters.
   */
  readonly equal?: Node;
};

export type Node = Leaf | Call | Known;

/** What the builders accept where an expression is meant. */
export type Expr = Node | number;

export const constant = (value: number): Node => ({ kind: "const", value });
export const param = (index: number, name: string): Node => ({ kind: "param", index, name });
export const weight = (index: number, name: string): Node => ({ kind: "weight", index, name });
export const input = (name: string): Node => ({ kind: "input", name });

/** A number as a constant. */
export const nodeOf = (x: Expr): Node => (typeof x === "number" ? constant(x) : x);
export const call = (op: OpName, ...args: Expr[]): Node => ({
  kind: "op",
  op,
  args: args.map(nodeOf),
});

export const add = (a: Expr, b: Expr): Node => call("add", a, b);
export const sub = (a: Expr, b: Expr): Node => call("sub", a, b);
export const mul = (a: Expr, b: Expr): Node => call("mul", a, b);
export const div = (a: Expr, b: Expr): Node => call("div", a, b);
export const neg = (a: Expr): Node => call("neg", a);
export const exp = (a: Expr): Node => call("exp", a);
export const log = (a: Expr): Node => call("log", a);
export const sqrt = (a: Expr): Node => call("sqrt", a);
/** 1 where a > 0, else 0; its derivative is 0. */
export const step = (a: Expr): Node => call("step", a);
/** ln a where a > 0, else 0: the logarithm of a share, harmless at 0. */
export const logz = (a: Expr): Node => call("logz", a);
/** φ₂(z) = (eᶻ − 1 − z)/z², smooth through z = 0. */
export const phi2 = (a: Expr): Node => call("phi2", a);
/** φ₁(z) = (eᶻ − 1)/z, smooth through z = 0. */
export const phi1 = (z: Expr): Node => add(1, mul(z, phi2(z)));
/** ln(1 + x)/x, smooth through x = 0. */
export const log1pc = (a: Expr): Node => call("log1pc", a);

export const tanh = (a: Expr): Node => call("tanh", a);
export const atan = (a: Expr): Node => call("atan", a);
export const sin = (a: Expr): Node => call("sin", a);
export const cos = (a: Expr): Node => call("cos", a);
export const abs = (a: Expr): Node => call("abs", a);
/** The smaller of two; where they are equal, its derivative is that of b. */
export const min = (a: Expr, b: Expr): Node => call("min", a, b);
/** The larger of two; where they are equal, its derivative is that of b. */
export const max = (a: Expr, b: Expr): Node => call("max", a, b);

/** `value` with its derivatives, and another form of it: see `Known`. */
export const known = (
  value: Node,
  through: readonly Node[],
  partials: Known["partials"],
  equal?: Node,
): Node => ({
  kind: "known",
  value,
  through,
  partials,
  ...(equal === undefined ? {} : { equal }),
});

/** `value` as it is, with another form of it that shows its curvature: see `Known`. */
export const withForm = (value: Node, equal: Node): Node => known(value, [value], () => [1], equal);

/** xⁿ by repeated squaring, exact where the products are; n a whole number. */
export function power(x: Expr, n: number): Node {
  if (n < 0) return div(1, power(x, -n));
  if (n < 2) return n === 0 ? constant(1) : nodeOf(x);
  const half = power(x, Math.floor(n / 2));
  return n % 2 === 0 ? mul(half, half) : mul(mul(half, half), x);
}

/** f(0) + … + f(n − 1); 0 for n = 0. */
export function sum(n: number, f: (i: number) => Expr): Node {
  let total: Node | undefined;
  for (let i = 0; i < n; i++) total = total === undefined ? nodeOf(f(i)) : add(total, f(i));
  return total ?? constant(0);
}

/**
 * hᵢ^γ for a share hᵢ ≥ 0, times e^scale: exactly 0 with derivative 0 (in γ and scale) at hᵢ = 0.
 * Written as step(h)·exp(scale + γ·ln h) so that the logarithm depends on data only and is computed
 * once, in float64.
 */
export const sharePower = (h: Expr, gamma: Expr, scale: Expr = 0): Node =>
  timesExp(step(h), add(scale, mul(gamma, logz(h))));

/**
 * factor·e^exponent, with a factor that has no parameters: it is its own derivative in the
 * exponent.
 */
export const timesExp = (factor: Expr, exponent: Node): Node =>
  known(mul(factor, exp(exponent)), [exponent], (self) => [self]);

/** The nodes below a node: all that its value or its derivatives are made from. */
export const argumentsOf = (node: Node): readonly Node[] =>
  node.kind === "op" ? node.args : node.kind === "known" ? [node.value, ...node.through] : [];

/**
 * Everything that the roots reach, each node once and after its arguments. Nodes that are `listed`
 * already are neither returned nor entered.
 */
export function topological(
  roots: Iterable<Node>,
  listed: (node: Node) => boolean = () => false,
): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (seen.has(root) || listed(root)) continue;
    seen.add(root);
    stack.push({ node: root, next: 0 });
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const arg = argumentsOf(top.node)[top.next++];
      if (arg === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(arg) && !listed(arg)) {
        seen.add(arg);
        stack.push({ node: arg, next: 0 });
      }
    }
  }
  return order;
}
