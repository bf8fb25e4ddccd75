import { fakerFrom, jsonPool } from './faker-pool.js';
import { IsoTime } from './iso-time.js';
import type { Schema } from './schema.js';

const POOL = 1024;
const BANKS = 10;
const CENTS: readonly string[] = Array.from({ length: 100 }, (_, cents) => String(cents).padStart(2, '0'));

export const transaction: Schema = {
  name: 'transaction',
  summary: 'a bank transaction of a person: id, name, age, address, city, state, amount, bank, time',
  prepare(random) {
    random.startRecord(0);
    const faker = fakerFrom(random, () => new Date(0));
    const firstNames = jsonPool(POOL, () => faker.person.firstName());
    const lastNames = jsonPool(POOL, () => faker.person.lastName());
    const streets = jsonPool(POOL, () => faker.location.street());
    const cities = jsonPool(POOL, () => faker.location.city());
    const states = jsonPool(64, () => faker.location.state());
    const banks = jsonPool(BANKS, () => faker.finance.routingNumber());
    const time = new IsoTime();
    return (chance, { epochMs }) =>
      `{"transactionId":"${chance.uuid()}","name":"${chance.pick(firstNames)} ${chance.pick(lastNames)}","age":${18 + chance.below(73)},"address":"${1 + chance.below(9999)} ${chance.pick(streets)}","city":"${chance.pick(cities)}","state":"${chance.pick(states)}","transaction":${amount(chance.below(900_001))},"bankId":"${chance.pick(banks)}","createdAt":"${time.write(epochMs)}"}`;
  },
};

/** From 1000.00 to 10000.00, two decimals, by whole numbers alone. */
const amount = (cents: number): string => `${1000 + Math.floor(cents / 100)}.${CENTS[cents % 100]}`;
