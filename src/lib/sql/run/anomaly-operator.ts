import type { AnomalyNode } from '../plan/plan-node.js';
import type { Row } from '../types/sql-type.js';
import { type Guard, listOf, type Operator, type RowSink, type SavedState } from './operator.js';
import { type Leaf, RandomCutTree } from './random-cut-tree.js';
import type { StateBudget } from './state-budget.js';

interface Sampled {
  readonly leaf: Leaf;
  /** What the draw gave it; the largest leaves first. */
  readonly rank: number;
}

interface SampledTree {
  readonly tree: RandomCutTree;
  sample: Sampled[];
}

/**
 * RANDOM_CUT_FOREST: how unusual each row is beside a sample of those before it, newer ones more likely in the sample. The score is log2 of one and
 * the mean displacement over the trees: it ranks rows, and it is not the number that AWS's forest gives.
 */
export class AnomalyOperator implements Operator {
  readonly #node: AnomalyNode;
  readonly #out: RowSink;
  readonly #guard: Guard;
  readonly #trees: readonly SampledTree[];
  #random: number;
  #count = 0;
  /** The last rows' features, for shingles. */
  #recent: number[][] = [];

  constructor(node: AnomalyNode, out: RowSink, budget: StateBudget, guard: Guard) {
    this.#node = node;
    this.#out = out;
    this.#guard = guard;
    this.#random = node.seed >>> 0;
    const { trees, sampleSize, shingleSize } = node.options;
    // The forest's size is known before its first row.
    budget.take(trees * sampleSize * (200 + 32 * shingleSize * node.features.length), 'a random cut forest', node.at);
    this.#trees = Array.from({ length: trees }, () => ({ tree: new RandomCutTree(() => this.#draw()), sample: [] }));
  }

  /** Mulberry32: small, and its state is one number. */
  #draw(): number {
    this.#random = (this.#random + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), this.#random | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  push(row: Row): void {
    const features = this.#node.features.map((feature) => feature.evaluate(row));
    const score = features.includes(null) ? null : this.#score(features.map(Number));
    const extended = row.slice(0, this.#node.width);
    while (extended.length < this.#node.width) extended.push(null);
    extended.push(score);
    this.#guard(() => this.#out(extended), row);
  }

  #score(features: number[]): number {
    const { shingleSize } = this.#node.options;
    this.#recent.push(features);
    if (this.#recent.length > shingleSize) this.#recent.shift();
    if (this.#recent.length < shingleSize) return 0;
    const point = this.#recent.flat();
    this.#count += 1;
    const total = this.#trees.reduce((sum, sampled) => sum + this.#scoreIn(sampled, point), 0);
    return Math.log2(1 + total / this.#trees.length);
  }

  /** Puts the point into the tree, measures it, and takes it or the one with the largest rank out again. */
  #scoreIn(sampled: SampledTree, point: readonly number[]): number {
    const { tree, sample } = sampled;
    const { sampleSize, timeDecay } = this.#node.options;
    const rank = Math.log(-Math.log(this.#draw() || Number.MIN_VALUE)) - this.#count / timeDecay;
    const leaf = tree.insert(point);
    const displacement = tree.displacement(leaf);
    if (sample.length < sampleSize) {
      sample.push({ leaf, rank });
      return displacement;
    }
    const oldest = sample.reduce((most, one, index) => (one.rank > (sample[most]?.rank ?? 0) ? index : most), 0);
    const gone = sample[oldest];
    if (gone && gone.rank > rank) {
      tree.remove(gone.leaf);
      sample[oldest] = { leaf, rank };
    } else tree.remove(leaf);
    return displacement;
  }

  due(): number {
    return Number.POSITIVE_INFINITY;
  }

  advance(): void {}

  save(): SavedState {
    const trees = this.#trees.map(
      ({ tree, sample }): SavedState => [tree.save(), sample.map(({ leaf, rank }): SavedState => [rank, leaf.point])],
    );
    return [this.#random, this.#count, this.#recent, trees];
  }

  restore(saved: SavedState): void {
    const [random, count, recent, trees] = listOf(saved);
    this.#random = Number(random);
    this.#count = Number(count);
    this.#recent = listOf(recent).map((features) => listOf(features).map(Number));
    for (const [index, one] of listOf(trees).entries()) {
      const sampled = this.#trees[index];
      const [tree, sample] = listOf(one);
      if (!sampled) continue;
      sampled.tree.restore(tree ?? null);
      sampled.sample = listOf(sample).map((entry) => ({
        rank: Number(listOf(entry)[0]),
        leaf: sampled.tree.leafOf(listOf(listOf(entry)[1]).map(Number)),
      }));
    }
  }
}
