import type { Unmarked } from './diagnosis/case.js';
import { fillTemplate } from './fill-template.js';
import { Ledger } from './ledger.js';
import { type FoundMarker, findMarkers, runOf, writeMarker } from './marker.js';
import type { Session } from './open-session.js';
import type { Pace } from './pace-of.js';
import type { Probe, Sight } from './probes/probe.js';
import { probeOf } from './probes/probes.js';
import { RecentIds } from './recent-ids.js';

/** What the probes of one run tell, hop by hop. */
export class HopWatch {
  readonly ledger: Ledger;
  /** Hops whose probe cannot read, and why. */
  readonly unread = new Map<string, string>();
  /** How often the probe of a hop was throttled. */
  readonly throttled = new Map<string, number>();
  /** What came to a hop without any marker. */
  readonly unmarked = new Map<string, Unmarked>();
  /** What each hop's probe watches, for people; empty until they are open. */
  watched: readonly string[] = [];
  /** Markers of other runs. */
  foreignMarkers = 0;
  /** When a marker of this run was last seen; undefined when none was. */
  lastSeenAtMs: number | undefined;

  readonly #session: Session;
  readonly #runId: string;
  /** What an event looks like as it is sent: more of it in one place are copies. */
  readonly #eventKeys: readonly string[];
  readonly #timesInEvent: number;
  #probes: Probe[] = [];
  readonly #recent: readonly RecentIds[];
  #news = false;

  constructor(session: Session, runId: string) {
    this.#session = session;
    this.#runId = runId;
    const { hops, send } = session.options.check;
    this.#recent = hops.map(() => new RecentIds(session.options.clock));
    this.ledger = new Ledger(hops);
    const values = { marker: writeMarker(runId, { kind: 'event', n: 0 }), n: 0, key: '', now: new Date(0) };
    const event = fillTemplate(send.payload, values);
    this.#eventKeys = typeof event === 'object' && event !== null && !Array.isArray(event) ? Object.keys(event) : [];
    const [marker] = findMarkers(JSON.stringify(event), runId, this.#eventKeys).own;
    this.#timesInEvent = marker?.times ?? 1;
  }

  /** Opens a probe for each hop, or, where one cannot be opened, none. @param signal aborts when nobody listens any more */
  async open(pace: Pace, signal: AbortSignal): Promise<void> {
    const { clients, clock, check, file } = this.#session.options;
    const openedAtMs = clock.now() + this.#session.skewMs;
    const opened = await Promise.allSettled(
      check.hops.map(({ name, probe }, index) =>
        probeOf(probe).open(probe, {
          clients,
          clock,
          pace,
          openedAtMs,
          signal,
          runId: this.#runId,
          recorders: this.#session.recorders,
          folder: file.folder,
          resolve: (text) => this.#session.resolver.resolve(text),
          see: (sight) => this.#see(index, name, sight),
          throttled: () => this.throttled.set(name, (this.throttled.get(name) ?? 0) + 1),
          unreadable: (why) => {
            if (why === undefined) this.unread.delete(name);
            else this.unread.set(name, why);
          },
        }),
      ),
    );
    this.#probes = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = opened.find((each) => each.status === 'rejected');
    if (failed) {
      await this.close();
      throw failed.reason;
    }
    this.watched = this.#probes.map((probe) => probe.watched);
  }

  /** Each probe reads once more, and stops. */
  async close(): Promise<void> {
    await Promise.all(this.#probes.map((probe) => probe.close()));
  }

  /** What a later pass has seen of this one, unless this one has seen it itself. */
  seeLater(hop: number, sight: Sight): void {
    const recent = this.#recent[hop];
    if (!recent?.add(sight.id)) return;
    this.#news = this.#note(hop, sight, findMarkers(sight.text, this.#runId, this.#eventKeys).own) || this.#news;
  }

  /** Whether a later pass has seen something since this was asked last. */
  takeNews(): boolean {
    const news = this.#news;
    this.#news = false;
    return news;
  }

  #see(hop: number, name: string, sight: Sight): void {
    const { own, foreign } = findMarkers(sight.text, this.#runId, this.#eventKeys);
    const runs = new Set(foreign.map(runOf));
    const former = this.#session.formerPasses.filter(({ runId }) => runs.has(runId));
    for (const each of former) each.see(hop, sight);
    this.foreignMarkers += foreign.filter((marker) => !former.some(({ runId }) => runId === runOf(marker))).length;
    if (own.length + foreign.length === 0) {
      const known = this.unmarked.get(name);
      if (known) known.count += 1;
      else this.unmarked.set(name, { count: 1, first: sight.text });
    }
    if (own.length > 0) this.#recent[hop]?.add(sight.id);
    if (this.#note(hop, sight, own)) this.lastSeenAtMs = this.#session.options.clock.now();
  }

  #note(hop: number, { text: _text, id: _id, ...sight }: Sight, own: readonly FoundMarker[]): boolean {
    const seenAtMs = this.#session.options.clock.now();
    for (const { times, ...marker } of own) {
      const copies = Math.max(1, Math.ceil(times / this.#timesInEvent));
      this.ledger.seen(hop, { ...sight, marker, copies, seenAtMs });
    }
    return own.length > 0;
  }
}
