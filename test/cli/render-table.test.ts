import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/lib/cli/output.js';
import { type Column, renderTable } from '../../src/lib/cli/render-table.js';

const output = (isTTY: boolean, width = 80, level: 0 | 1 = 0): Output => ({
  json: false,
  isTTY,
  width,
  height: 24,
  style: new Chalk({ level }),
  result: async () => {},
  write: async () => {},
  flush: async () => {},
});

interface City {
  name: string;
  people: number | undefined;
}
const CITIES: City[] = [
  { name: 'Zürich', people: 402762 },
  { name: '東京', people: 13960000 },
  { name: 'Nowhere\tat\nall', people: undefined },
];
const COLUMNS: Column<City>[] = [
  { header: 'CITY', value: ({ name }) => name, flexible: true },
  { header: 'PEOPLE', value: ({ people }) => people, align: 'right' },
];

describe('a table', () => {
  it('stands in columns, also where a character is two columns wide', () => {
    expect(renderTable(CITIES, COLUMNS, output(true))).toBe(
      [
        'CITY              PEOPLE',
        'Zürich            402762',
        '東京            13960000',
        'Nowhere at all         -',
        '',
      ].join('\n'),
    );
  });

  it('keeps a cell on its line in a pipe, so that fields can be counted on', () => {
    expect(renderTable(CITIES, COLUMNS, output(false))).toBe('Zürich\t402762\n東京\t13960000\nNowhere at all\t-\n');
  });

  it('cuts what is flexible, never what is not, and marks the cut', () => {
    const narrow = renderTable(CITIES, COLUMNS, output(true, 20));
    expect(narrow).toContain('Nowhere a…         -\n');
    expect(narrow).toContain('13960000\n');
  });

  it('measures before it colours', () => {
    const paint = (text: string): string => `\u001B[32m${text}\u001B[39m`;
    const columns: Column<City>[] = [
      { header: 'A', value: () => 'x', paint },
      { header: 'B', value: () => 'y' },
    ];
    const [, line] = renderTable([CITIES[0] as City], columns, output(true, 80, 1)).split('\n');
    expect(line).toBe('\u001B[32mx\u001B[39m  y');
  });
});
