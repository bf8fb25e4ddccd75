/** A part of a document that somebody wrote: anything may be in it. */
export type MapOf = Readonly<Record<string, unknown>>;
export type Document = MapOf;

export const isMap = (value: unknown): value is MapOf =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const mapOf = (value: unknown): MapOf => (isMap(value) ? value : {});
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
