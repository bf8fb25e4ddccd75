import { listOf, type SavedState } from './operator.js';

/** One point of a sample, with its place in the tree. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly point: readonly number[];
  /** Equal points share a leaf. */
  count: number;
  parent: Cut | undefined;
}

interface Cut {
  readonly kind: 'cut';
  readonly dimension: number;
  readonly value: number;
  left: Node;
  right: Node;
  count: number;
  low: number[];
  high: number[];
  parent: Cut | undefined;
}

type Node = Leaf | Cut;

/** A robust random cut tree: points can go in and out, and the tree stays one that could have been drawn (Guha et al., ICML 2016). */
export class RandomCutTree {
  readonly #random: () => number;
  #root: Node | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  insert(point: readonly number[]): Leaf {
    if (this.#root === undefined) {
      const leaf: Leaf = { kind: 'leaf', point, count: 1, parent: undefined };
      this.#root = leaf;
      return leaf;
    }
    const equal = this.#find(point);
    if (equal) {
      for (let node: Node | undefined = equal; node; node = node.parent) node.count += 1;
      return equal;
    }
    return this.#insertBelow(this.#root, point);
  }

  #find(point: readonly number[]): Leaf | undefined {
    let node = this.#root;
    while (node?.kind === 'cut') node = (point[node.dimension] ?? 0) <= node.value ? node.left : node.right;
    return node?.point.every((value, index) => value === point[index]) ? node : undefined;
  }

  /** Goes down until a random cut of the box with the point parts the point from the rest. */
  #insertBelow(start: Node, point: readonly number[]): Leaf {
    let node = start;
    for (;;) {
      const [low, high] = boxOf(node);
      const [wideLow, wideHigh] = [
        low.map((value, index) => Math.min(value, point[index] ?? 0)),
        high.map((value, index) => Math.max(value, point[index] ?? 0)),
      ];
      const { dimension, value } = this.#drawCut(wideLow, wideHigh);
      const pointIsLeft = (point[dimension] ?? 0) <= value;
      if (pointIsLeft ? value < (low[dimension] ?? 0) : value >= (high[dimension] ?? 0)) {
        return this.#parted(node, point, { dimension, value, low: wideLow, high: wideHigh }, pointIsLeft);
      }
      if (node.kind === 'leaf') continue;
      node = (point[node.dimension] ?? 0) <= node.value ? node.left : node.right;
    }
  }

  #drawCut(low: readonly number[], high: readonly number[]): { dimension: number; value: number } {
    const spans = high.map((value, index) => value - (low[index] ?? 0));
    let left = this.#random() * spans.reduce((sum, span) => sum + span, 0);
    for (const [dimension, span] of spans.entries()) {
      if (left < span) return { dimension, value: (low[dimension] ?? 0) + left };
      left -= span;
    }
    const dimension = spans.indexOf(Math.max(...spans));
    return { dimension, value: low[dimension] ?? 0 };
  }

  #parted(
    node: Node,
    point: readonly number[],
    box: Pick<Cut, 'dimension' | 'value' | 'low' | 'high'>,
    pointIsLeft: boolean,
  ): Leaf {
    const { parent } = node;
    const leaf: Leaf = { kind: 'leaf', point, count: 1, parent: undefined };
    const cut: Cut = {
      kind: 'cut',
      ...box,
      left: pointIsLeft ? leaf : node,
      right: pointIsLeft ? node : leaf,
      count: node.count + 1,
      parent,
    };
    leaf.parent = cut;
    node.parent = cut;
    this.#replace(parent, node, cut);
    for (let above = parent; above; above = above.parent) {
      above.count += 1;
      for (const [index, value] of point.entries()) {
        above.low[index] = Math.min(above.low[index] ?? value, value);
        above.high[index] = Math.max(above.high[index] ?? value, value);
      }
    }
    return leaf;
  }

  #replace(parent: Cut | undefined, node: Node, by: Node): void {
    if (!parent) this.#root = by;
    else if (parent.left === node) parent.left = by;
    else parent.right = by;
  }

  remove(leaf: Leaf): void {
    if (leaf.count > 1) {
      for (let node: Node | undefined = leaf; node; node = node.parent) node.count -= 1;
      return;
    }
    const { parent } = leaf;
    if (!parent) {
      this.#root = undefined;
      return;
    }
    const sibling = parent.left === leaf ? parent.right : parent.left;
    sibling.parent = parent.parent;
    this.#replace(parent.parent, parent, sibling);
    for (let above = parent.parent; above; above = above.parent) {
      above.count -= 1;
      [above.low, above.high] = around(above.left, above.right);
    }
  }

  /** How far the point stands out: the largest ratio of what would move up, if it and what hides it were not there. */
  displacement(leaf: Leaf): number {
    let most = 0;
    let node: Node = leaf;
    for (let parent = node.parent; parent; parent = parent.parent) {
      const sibling = parent.left === node ? parent.right : parent.left;
      most = Math.max(most, sibling.count / node.count);
      node = parent;
    }
    return most;
  }

  save(): SavedState {
    return this.#root === undefined ? null : savedNode(this.#root);
  }

  restore(saved: SavedState): void {
    this.#root = saved === null ? undefined : restoredNode(saved);
  }

  /** The leaf of a point that is in the tree. */
  leafOf(point: readonly number[]): Leaf {
    const leaf = this.#find(point);
    if (!leaf) throw new Error('the point is not in the tree');
    return leaf;
  }
}

function savedNode(node: Node): SavedState {
  return node.kind === 'leaf'
    ? [node.count, node.point]
    : [node.dimension, node.value, savedNode(node.left), savedNode(node.right)];
}

function restoredNode(saved: SavedState): Node {
  const [first, second, left, right] = listOf(saved);
  if (left === undefined || right === undefined) {
    return { kind: 'leaf', count: Number(first), point: listOf(second).map(Number), parent: undefined };
  }
  const [one, other] = [restoredNode(left), restoredNode(right)];
  const [low, high] = around(one, other);
  const cut: Cut = {
    kind: 'cut',
    dimension: Number(first),
    value: Number(second),
    left: one,
    right: other,
    count: one.count + other.count,
    low,
    high,
    parent: undefined,
  };
  one.parent = cut;
  other.parent = cut;
  return cut;
}

/** The box that holds two nodes. */
function around(one: Node, other: Node): [low: number[], high: number[]] {
  const [[low, high], [otherLow, otherHigh]] = [boxOf(one), boxOf(other)];
  return [
    low.map((value, index) => Math.min(value, otherLow[index] ?? value)),
    high.map((value, index) => Math.max(value, otherHigh[index] ?? value)),
  ];
}

function boxOf(node: Node): [low: readonly number[], high: readonly number[]] {
  return node.kind === 'leaf' ? [node.point, node.point] : [node.low, node.high];
}
