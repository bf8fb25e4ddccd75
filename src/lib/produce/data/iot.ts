import { fakerFrom, jsonPool } from './faker-pool.js';
import { IsoTime } from './iso-time.js';
import type { Schema } from './schema.js';

const DEVICES = 1000;

export const iot: Schema = {
  name: 'iot',
  summary: 'readings of a thousand sensors: device, site, temperature, humidity, battery, status, time',
  prepare(random) {
    random.startRecord(0);
    const faker = fakerFrom(random, () => new Date(0));
    const sites = jsonPool(32, () => faker.location.city());
    const devices = Array.from({ length: DEVICES }, (_, index) => ({
      id: `sensor-${String(index).padStart(4, '0')}`,
      site: random.pick(sites),
      celsius: 10 + random.unit() * 20,
    }));
    const time = new IsoTime();
    return (chance, { epochMs }) => {
      const { id, site, celsius } = chance.pick(devices);
      const temperature = (celsius + (chance.unit() - 0.5) * 4).toFixed(2);
      const status = chance.below(200) === 0 ? 'alarm' : 'ok';
      return `{"deviceId":"${id}","site":"${site}","temperature":${temperature},"humidity":${20 + chance.below(61)},"battery":${chance.below(101)},"status":"${status}","recordedAt":"${time.write(epochMs)}"}`;
    };
  },
};
