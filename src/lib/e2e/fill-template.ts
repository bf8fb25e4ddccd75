/** What the placeholders of a payload stand for. */
export interface TemplateValues {
  marker: string;
  n: number;
  key: string;
  now: Date;
}

/**
 * A payload with `{marker}`, `{n}`, `{key}` and `{now}` filled in wherever they stand in its texts; keys of objects are left alone, and so is
 * everything else in braces.
 */
export function fillTemplate(template: unknown, values: TemplateValues): unknown {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) return template.map((each) => fillTemplate(each, values));
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillTemplate(value, values)]));
  }
  return template;
}

export function fillText(text: string, values: TemplateValues): string {
  return text.replace(/\{(marker|n|key|now)\}/g, (_, name: keyof TemplateValues) =>
    name === 'now' ? values.now.toISOString() : String(values[name]),
  );
}
