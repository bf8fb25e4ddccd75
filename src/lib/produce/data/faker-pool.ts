// A call to faker takes microseconds, and 20,000 records a second leave none of them. So faker fills pools once, from the seed, and records
// combine what is in them: first and last name, number and street, and so on. Every record is still its own.
import { base, en, Faker, type Randomizer } from '@faker-js/faker';
import type { Random } from './random.js';

/** faker with our own random numbers, so that the seed and the record decide everything. */
export function fakerFrom(random: Random, now: () => Date): Faker {
  const randomizer: Randomizer = { next: () => random.unit(), seed: () => {} };
  const faker = new Faker({ locale: [en, base], randomizer });
  faker.setDefaultRefDate(now);
  return faker;
}

/** `size` values out of faker, each as JSON text without its quotes, ready to be put between two. */
export function jsonPool(size: number, make: () => string): string[] {
  return Array.from({ length: size }, () => JSON.stringify(make()).slice(1, -1));
}
