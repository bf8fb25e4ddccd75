import { fakerFrom, jsonPool } from './faker-pool.js';
import { IsoTime } from './iso-time.js';
import type { Schema } from './schema.js';

const SESSIONS = 4096;
const ACTIONS = ['view', 'view', 'view', 'view', 'click', 'click', 'scroll', 'search', 'add_to_cart', 'purchase'];
const DEVICES = ['desktop', 'mobile', 'mobile', 'tablet'];

export const clickstream: Schema = {
  name: 'clickstream',
  summary: 'what visitors do on a site: event, session, user, page, referrer, device, time',
  prepare(random) {
    random.startRecord(0);
    const faker = fakerFrom(random, () => new Date(0));
    const users = Array.from({ length: SESSIONS }, () => ({
      session: faker.string.alphanumeric(16),
      user: faker.internet.username(),
      ip: faker.internet.ipv4(),
      country: faker.location.countryCode(),
    }));
    const pages = jsonPool(256, () => `/${faker.commerce.department().toLowerCase()}/${faker.lorem.slug(2)}`);
    const referrers = jsonPool(64, () => faker.internet.url());
    const time = new IsoTime();
    return (chance, { epochMs }) => {
      const { session, user, ip, country } = chance.pick(users);
      return `{"eventId":"${chance.uuid()}","event":"${chance.pick(ACTIONS)}","sessionId":"${session}","userId":${JSON.stringify(user)},"page":"${chance.pick(pages)}","referrer":"${chance.pick(referrers)}","device":"${chance.pick(DEVICES)}","ip":"${ip}","country":"${country}","durationMs":${chance.below(60_000)},"timestamp":"${time.write(epochMs)}"}`;
    };
  },
};
