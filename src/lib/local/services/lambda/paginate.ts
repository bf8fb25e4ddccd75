import { invalidParameter } from './lambda-error.js';

/** Lambda's paging: `Marker` in, `NextMarker` out, at most `maxItems` (50 unless asked, and never more). The marker is opaque to callers. */
export function paginate<Item>(
  items: readonly Item[],
  marker: string | undefined,
  maxItems: number | undefined,
  most = 50,
): { page: Item[]; NextMarker?: string } {
  const from = marker === undefined || marker === '' ? 0 : Number(Buffer.from(marker, 'base64').toString('latin1'));
  if (!Number.isInteger(from) || from < 0) throw invalidParameter('Invalid marker.');
  const size = Math.min(maxItems ?? most, most);
  const page = items.slice(from, from + size);
  return from + size < items.length
    ? { page, NextMarker: Buffer.from(String(from + size)).toString('base64') }
    : { page };
}
