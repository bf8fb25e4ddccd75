/** Something that the endpoint still has to do without another request. */
export interface Pending {
  /** The same for as long as it is the same piece of work: one that makes progress gets another. */
  id: string;
  /** `invocation of loader` */
  what: string;
}

/**
 * What the services have under way or waiting: invocations, batches, deliveries, retries, buffers. A service that does something behind a request's
 * back says so here, so that "nothing more comes" is known and not guessed.
 */
export interface Activity {
  /** A piece of work begins, and has ended when the answer is called; further calls of it do nothing. */
  begin(what: string): () => void;
  /** Has a service asked for what is waiting at that moment, for standing things such as mappings. The answer ends that. */
  watch(look: () => Iterable<Pending>): () => void;
  /** Everything under way or waiting; empty if the endpoint does nothing more by itself. */
  pending(): Pending[];
}

export function createActivity(): Activity {
  const works = new Map<number, string>();
  const looks = new Set<() => Iterable<Pending>>();
  let begun = 0;
  return {
    begin(what) {
      begun += 1;
      const id = begun;
      works.set(id, what);
      return () => works.delete(id);
    },
    watch(look) {
      // Its own function, so that the same one given twice is asked twice and removed once.
      const own = (): Iterable<Pending> => look();
      looks.add(own);
      return () => looks.delete(own);
    },
    pending() {
      const begunWorks = [...works].map(([id, what]) => ({ id: String(id), what }));
      return [...begunWorks, ...[...looks].flatMap((look) => [...look()])];
    },
  };
}
