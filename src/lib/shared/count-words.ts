/** `12,345`. By hand, because loading the words of a locale takes 12 ms. @param value rounded to a whole number */
export const number = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 record`, `12,345 records`, `2 batches` */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${number(count)} ${count === 1 ? noun : nouns}`;
