import { keepText, keptText } from '../../wire/kept-text.js';
import { type Item, isKind, type Value } from './value.js';

/** The JSON text of an item that never changes, as answers and events have it; written once and kept beside the item. */
export function itemText(item: Item): string {
  let text = keptText(item);
  if (text === undefined) {
    text = mapText(item);
    keepText(item, text);
  }
  return text;
}

function mapText(item: Item): string {
  let text = '{';
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) text += `${text.length > 1 ? ',' : ''}${JSON.stringify(name)}:${valueText(value)}`;
  }
  return `${text}}`;
}

function valueText(value: Value): string {
  if (isKind(value, 'S')) return `{"S":${JSON.stringify(value.S)}}`;
  if (isKind(value, 'N')) return `{"N":"${value.N}"}`;
  if (isKind(value, 'B')) return `{"B":${blobText(value.B)}}`;
  if (isKind(value, 'BS')) return `{"BS":[${value.BS.map(blobText).join(',')}]}`;
  if (isKind(value, 'L')) return `{"L":[${value.L.map(valueText).join(',')}]}`;
  if (isKind(value, 'M')) return `{"M":${mapText(value.M)}}`;
  return JSON.stringify(value);
}

const blobText = (bytes: Uint8Array): string =>
  `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`;
