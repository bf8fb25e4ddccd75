/** A hop in its place: what hands events on to it stands above it, or is the sender. */
export interface HopPlace {
  name: string;
  after: string | undefined;
}

/** Hops by their positions, as events go through them. */
export interface HopTree {
  /** The hop before; undefined where events come from the sender. */
  before(hop: number): number | undefined;
  /** Every hop on the way to this one, the nearest first. */
  ancestors(hop: number): readonly number[];
  /** The hops that this one hands events on to. */
  next(hop: number): readonly number[];
  /** Every hop that events reach through this one. */
  behind(hop: number): readonly number[];
}

/** The tree that `after` makes of hops. Each hop comes after one above it, so the order of the list is an order from the sender outwards. */
export function hopTree(hops: readonly HopPlace[]): HopTree {
  const parents = hops.map(({ after }, index) =>
    after === undefined ? undefined : hops.slice(0, index).findLastIndex(({ name }) => name === after),
  );
  const ancestors = parents.map((_, hop) => {
    const way: number[] = [];
    for (let at = parents[hop]; at !== undefined && at >= 0; at = parents[at]) way.push(at);
    return way;
  });
  const all = [...hops.keys()];
  const next = all.map((hop) => all.filter((other) => parents[other] === hop));
  const behind = all.map((hop) => all.filter((other) => ancestors[other]?.includes(hop)));
  return {
    before: (hop) => ancestors[hop]?.[0],
    ancestors: (hop) => ancestors[hop] ?? [],
    next: (hop) => next[hop] ?? [],
    behind: (hop) => behind[hop] ?? [],
  };
}
