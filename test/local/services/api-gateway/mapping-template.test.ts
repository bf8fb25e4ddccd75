import { describe, expect, test } from 'vitest';
import { renderTemplate } from '../../../../src/lib/local/services/api-gateway/mapping/mapping-template.js';
import { templateContext } from '../../../../src/lib/local/services/api-gateway/mapping/template-context.js';

const render = (template: string): string =>
  renderTemplate(
    template,
    templateContext({
      body: '{"items":[{"a":1},{"a":"x\\"y"}],"n":null}',
      parameters: { path: { id: '7' }, querystring: { id: 'query', q: 'x' }, header: { 'content-type': 'a/b' } },
      context: { requestId: 'r', identity: { sourceIp: '1.2.3.4' } },
      stageVariables: { table: 'orders' },
    }),
  );

test.each([
  ["$input.json('$.items[0]')", '{"a":1}'],
  ["$input.json('$.items[*].a')", '[1,"x\\"y"]'],
  ["$input.path('$.items').size()", '2'],
  ["$input.path('$.items')", '[{a=1}, {a=x"y}]'],
  ["$input.params('id') $input.params('Content-Type') $input.params().querystring.q", '7 a/b x'],
  ['$context.identity.sourceIp $stageVariables.table', '1.2.3.4 orders'],
  ['#foreach($k in $input.params().path.keySet())$k=$input.params().path.get($k)#end', 'id=7'],
  [
    "$util.base64Encode('a') $util.base64Decode('YQ==') $util.urlEncode('a b&') $util.urlDecode('a+b')",
    'YQ== a a+b%26 a b',
  ],
  ["$util.escapeJavaScript($input.path('$.items[1].a'))", 'x\\"y'],
  ['$util.parseJson(\'{"b":[2]}\').b[0]', '2'],
  ["#set($s='abc')$s.length() $s.substring(1) $s.replaceAll('[ab]','_') $s.contains('b')", '3 bc __c true'],
  ['{ statusCode: 200 }', '{ statusCode: 200 }'],
])('%s', (template, text) => expect(render(template)).toBe(text));

describe('a template that does not end is stopped', () => {
  test.each([
    '#foreach($i in [1..100000000])x#end',
    '#set($a="xxxxxxxxxxxxxxxx")#foreach($i in [1..100])#set($a="$a$a")#end',
    '#set($a="xxxxxxxxxxxxxxxx")#foreach($i in [1..100])#set($a=$a+$a)#end',
    '#macro(m)#m()#end#m()',
    '#foreach($a in [1..900])#foreach($b in [1..900])#foreach($c in [1..900])x#end#end#end',
  ])('%s', (template) => expect(() => render(template)).toThrow('a mapping template failed'));
});

test('a template reaches nothing of the process', () => {
  for (const template of [
    '$util.constructor',
    '$util.base64Encode.constructor',
    "$input.json.call('x')",
    '$input.__proto__',
    "$stageVariables.get('constructor')",
    "#set($x='a')$x.constructor",
  ]) {
    expect(render(template)).not.toMatch(/function|native|object/i);
  }
  render("#set($stageVariables.__proto__.polluted = 'yes')");
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
