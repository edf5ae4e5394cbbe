/**
 * Hash-consing with algebraic simplification: equal expressions become the same node, so common
 * subexpressions are computed once.
 */
import {
  argumentsOf,
  type Call,
  constant,
  type Expr,
  type Node,
  type OpName,
  topological,
} from "./graph.ts";
import { OPS } from "./operators.ts";

const isConst = (n: Node, value: number): boolean => n.kind === "const" && n.value === value;

/** A pool of canonical nodes. Two expressions with the same canonical node are equal. */
export class Interner {
  readonly #byKey = new Map<string, Node>();
  readonly #ids = new Map<Node, number>();
  readonly #canonical = new Map<Node, Node>();
  readonly #plain = new Map<Node, Node>();

  /** The canonical, simplified form of an expression. */
  canonical(expression: Expr): Node {
    const root = typeof expression === "number" ? constant(expression) : expression;
    for (const node of topological([root], (n) => this.#canonical.has(n))) {
      this.#canonical.set(
        node,
        this.#rebuilt(node, (a) => this.#get(a)),
      );
    }
    return this.#get(root);
  }

  /** A canonical node without its known derivatives, which it has been asked for. */
  plain(root: Node): Node {
    for (const node of topological([root], (n) => this.#plain.has(n))) {
      const get = (a: Node): Node => this.#plain.get(a) ?? missing();
      this.#plain.set(node, node.kind === "known" ? get(node.value) : this.#rebuilt(node, get));
    }
    return this.#plain.get(root) ?? missing();
  }

  #rebuilt(node: Node, get: (argument: Node) => Node): Node {
    if (node.kind === "op") return this.make(node.op, node.args.map(get));
    if (node.kind === "known")
      return this.#intern({ ...node, value: get(node.value), through: node.through.map(get) });
    return this.#intern(node);
  }

  /** The canonical node for an operator over canonical arguments. */
  make(op: OpName, args: readonly Node[]): Node {
    const simpler = this.#rewrite(op, args);
    if (simpler !== undefined) return simpler;
    const commutes = op === "add" || op === "mul";
    const ordered = commutes ? [...args].sort((a, b) => this.#id(a) - this.#id(b)) : args;
    return this.#intern({ kind: "op", op, args: ordered });
  }

  #rewrite(op: OpName, args: readonly Node[]): Node | undefined {
    const [a, b] = args;
    if (args.every((x) => x.kind === "const")) {
      const [x, y = 0] = args.map((v) => v.value);
      return this.#intern(constant(OPS[op].f64(x, y)));
    }
    const zero = () => this.#intern(constant(0));
    const negated = (n: Node): Node | undefined =>
      n.kind === "op" && n.op === "neg" ? n.args[0] : undefined;
    switch (op) {
      case "add": {
        if (isConst(a, 0)) return b;
        if (isConst(b, 0)) return a;
        const [na, nb] = [negated(a), negated(b)];
        if (nb !== undefined) return this.make("sub", [a, nb]);
        return na === undefined ? undefined : this.make("sub", [b, na]);
      }
      case "sub": {
        if (a === b) return zero();
        if (isConst(b, 0)) return a;
        if (isConst(a, 0)) return this.make("neg", [b]);
        const nb = negated(b);
        return nb === undefined ? undefined : this.make("add", [a, nb]);
      }
      case "mul": {
        if (isConst(a, 0) || isConst(b, 0)) return zero();
        if (isConst(a, 1)) return b;
        if (isConst(b, 1)) return a;
        if (isConst(a, -1)) return this.make("neg", [b]);
        if (isConst(b, -1)) return this.make("neg", [a]);
        const [na, nb] = [negated(a), negated(b)];
        if (na !== undefined) return this.make("neg", [this.make("mul", [na, b])]);
        return nb === undefined ? undefined : this.make("neg", [this.make("mul", [a, nb])]);
      }
      case "div": {
        if (isConst(a, 0)) return zero();
        if (isConst(b, 1)) return a;
        const [na, nb] = [negated(a), negated(b)];
        if (na !== undefined) return this.make("neg", [this.make("div", [na, b])]);
        return nb === undefined ? undefined : this.make("neg", [this.make("div", [a, nb])]);
      }
      case "neg":
        return negated(a);
      default:
        return undefined;
    }
  }

  #intern(node: Node): Node {
    const key = this.#key(node);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, node);
    this.#ids.set(node, this.#ids.size);
    this.#canonical.set(node, node);
    return node;
  }

  #key(node: Node): string {
    switch (node.kind) {
      case "const":
        return `c${Object.is(node.value, -0) ? "-0" : node.value}`;
      case "param":
        return `p${node.index}`;
      case "weight":
        return `w${node.index}`;
      case "input":
        return `i${node.name}`;
      case "op":
        return this.#callKey(node);
      case "known":
        return `known(${argumentsOf(node)
          .map((a) => this.#id(a))
          .join()})`;
    }
  }

  #callKey(node: Call): string {
    return `${node.op}(${node.args.map((a) => this.#id(a)).join()})`;
  }

  #id(node: Node): number {
    return this.#ids.get(node) ?? missing();
  }

  #get(node: Node): Node {
    return this.#canonical.get(node) ?? missing();
  }
}

function missing(): never {
  throw new Error("a node was used before it was interned");
}
