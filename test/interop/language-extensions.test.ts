// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
// Loops as an implementation not written here writes them out: cfn-lint's, over templates made at random from one seed.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processTemplate } from '../../src/lib/local/services/cloudformation/macros/process-template.js';
import { isMap, type Value, type ValueMap } from '../../src/lib/local/services/cloudformation/template/value.js';
import type { Calls } from '../../src/lib/local/wire/handlers.js';
import { describeWith } from './needs.js';
import { pythonTools } from './python.js';
import { fixture, run } from './tools.js';

const TEMPLATES = 100;

/** A small generator of numbers below 1, the same ones each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

class TemplateMaker {
  readonly #random = seeded(20_261_121);
  #loops = 0;

  make(): ValueMap {
    const loops = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () => this.#loop([]));
    return {
      Transform: 'AWS::LanguageExtensions',
      Parameters: {
        List: { Type: 'CommaDelimitedList', Default: 'l1,l2,l3' },
        Word: { Type: 'String', Default: 'word' },
      },
      Mappings: { M: { k: { list: ['m1', 'm2'] } } },
      Resources: { Fixed: { Type: 'AWS::Logs::LogGroup' }, ...Object.assign({}, ...loops) },
    };
  }

  #pick<T>(first: T, ...others: T[]): T {
    return [first, ...others][Math.floor(this.#random() * (others.length + 1))] ?? first;
  }

  #loop(around: readonly string[]): ValueMap {
    this.#loops += 1;
    const identifiers = [...around, `Id${around.length}`];
    const fragment: ValueMap = {};
    for (const letter of this.#pick(['A'], ['A', 'B'])) {
      const key = `R${this.#loops}${letter}${identifiers.map((name) => `&{${name}}`).join('')}`;
      fragment[key] = { Type: 'AWS::SSM::Parameter', Properties: this.#properties(identifiers, letter) };
    }
    const name = `Fn::ForEach::Loop${this.#loops}`;
    if (around.length < 3 && this.#random() < 0.5) Object.assign(fragment, this.#loop(identifiers));
    const collection = this.#pick<Value>(['a', 'b'], ['x-1', 'y.2'], { Ref: 'List' }, ['p', { Ref: 'Word' }], {
      'Fn::FindInMap': ['M', 'k', 'list'],
    });
    return { [name]: [`Id${around.length}`, collection, fragment] };
  }

  #properties(identifiers: readonly string[], letter: string): ValueMap {
    const id = identifiers[Math.floor(this.#random() * identifiers.length)] ?? '';
    const value = this.#pick<Value>(
      'plain ${Id0}',
      { Ref: id },
      { 'Fn::Sub': `v-\${${id}}-\${AWS::Region}` },
      { 'Fn::Sub': [`\${${id}}-\${Own}`, { Own: { Ref: id } }] },
      { 'Fn::Join': ['-', ['q', { Ref: id }, { 'Fn::Sub': `\${${id}}` }]] },
      [{ Key: 'k', Value: { Ref: id } }],
    );
    const inside = `Fn::ForEach::Inside${this.#loops}${letter}`;
    return {
      Value: value,
      ...(this.#random() < 0.3 && { [inside]: ['Name', ['Type', 'Tier'], { '${Name}': { Ref: 'Name' } }] }),
    };
  }
}

/** cfn-lint writes `Fn::Sub` with nothing left to fill in as plain text. */
function settled(value: Value): Value {
  if (Array.isArray(value)) return value.map(settled);
  if (!isMap(value)) return value;
  const text = value['Fn::Sub'];
  if (typeof text === 'string' && !text.includes('${')) return text;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, settled(member)]));
}

describeWith(['python3'], 'AWS::LanguageExtensions', () => {
  test(`${TEMPLATES} templates are written out as cfn-lint does`, async () => {
    const bin = await pythonTools('cfn-lint');
    const maker = new TemplateMaker();
    const templates = Array.from({ length: TEMPLATES }, () => maker.make());
    const out = await run(join(bin, 'python'), [fixture('language_extensions.py')], {
      input: JSON.stringify(templates),
    });
    const theirs = (JSON.parse(out) as Value[]).map(settled);
    const parameter = (value: Value) => ({ given: '', value, noEcho: false });
    const known = {
      region: 'us-east-1',
      accountId: '000000000000',
      parameters: new Map([
        ['List', parameter(['l1', 'l2', 'l3'])],
        ['Word', parameter('word')],
      ]),
      calls: {} as Calls,
    };
    const ours = await Promise.all(templates.map((template) => processTemplate(template, known)));
    expect(ours.map(({ source }) => settled(source.Resources ?? null))).toEqual(theirs);
    const sizes = theirs.map((resources) => (isMap(resources) ? Object.keys(resources).length : 0));
    expect(Math.max(...sizes)).toBeGreaterThan(20);
  }, 180_000);
});
