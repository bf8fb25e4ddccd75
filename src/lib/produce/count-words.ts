/** `12,345` */
export const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** `1 record`, `12,345 records` */
export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
