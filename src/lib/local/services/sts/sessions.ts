import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import { uniqueId } from '../../kit/unique-id.js';

/** Who a set of temporary credentials stands for. */
export interface Session {
  userId: string;
  arn: string;
}

export interface TemporaryCredentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: Date;
}

/** Sessions that are remembered; expired ones go first, then the oldest. */
const MOST_SESSIONS = 10_000;

/** The temporary credentials of an endpoint, by their access keys. */
export class Sessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session & { expiresAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(session: Session, durationSeconds: number): TemporaryCredentials {
    const now = this.#clock.now();
    const credentials: TemporaryCredentials = {
      AccessKeyId: uniqueId('ASIA', 16),
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: randomBytes(180).toString('base64'),
      // Whole seconds, as on AWS.
      Expiration: new Date(Math.floor(now / 1000) * 1000 + durationSeconds * 1000),
    };
    if (this.#sessions.size >= MOST_SESSIONS) this.#makeRoom(now);
    this.#sessions.set(credentials.AccessKeyId, { ...session, expiresAt: credentials.Expiration.getTime() });
    return credentials;
  }

  /** Whom an access key stands for; undefined for one that was not issued here, `expired` after its time. */
  find(accessKeyId: string): Session | 'expired' | undefined {
    const session = this.#sessions.get(accessKeyId);
    return session && session.expiresAt <= this.#clock.now() ? 'expired' : session;
  }

  #makeRoom(now: number): void {
    for (const [key, { expiresAt }] of this.#sessions) if (expiresAt <= now) this.#sessions.delete(key);
    for (const key of this.#sessions.keys()) {
      if (this.#sessions.size < MOST_SESSIONS) break;
      this.#sessions.delete(key);
    }
  }
}
