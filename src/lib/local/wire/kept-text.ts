// Values whose JSON text is known. Writing an item again and again is what reading a DynamoDB stream costs.
const texts = new WeakMap<object, string>();

/** Remembers the JSON text of a value that never changes; the writer of answers takes it from here. */
export function keepText(value: object, text: string): void {
  texts.set(value, text);
}

export const keptText = (value: object): string | undefined => texts.get(value);
