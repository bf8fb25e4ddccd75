import { fakerFrom, jsonPool } from './faker-pool.js';
import { IsoTime } from './iso-time.js';
import type { Schema } from './schema.js';

const CLASSES: readonly (readonly [string, readonly string[]])[] = [
  ['user', ['signed_up', 'signed_in', 'signed_out', 'updated']],
  ['order', ['created', 'paid', 'shipped', 'cancelled']],
  ['payment', ['authorized', 'captured', 'refused', 'refunded']],
  ['system', ['started', 'stopped', 'scaled', 'failed']],
];
const LEVELS = ['INFO', 'INFO', 'INFO', 'INFO', 'WARN', 'ERROR'];

export const logEvent: Schema = {
  name: 'log-event',
  summary: 'a structured log line: event_class, event_type, level, message, request, time',
  prepare(random) {
    random.startRecord(0);
    const faker = fakerFrom(random, () => new Date(0));
    const messages = jsonPool(512, () => faker.hacker.phrase());
    const time = new IsoTime();
    return (chance, { epochMs }) => {
      const [eventClass, types] = chance.pick(CLASSES);
      return `{"event_class":"${eventClass}","event_type":"${chance.pick(types)}","level":"${chance.pick(LEVELS)}","message":"${chance.pick(messages)}","requestId":"${chance.uuid()}","timestamp":"${time.write(epochMs)}"}`;
    };
  },
};
