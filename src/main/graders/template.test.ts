import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { MOST_RENDERED, renderTemplate, templateNeeds, templateProblems } from './template.ts';

const vectors = JSON.parse(readFileSync('test/fixtures/vectors/template.json', 'utf8')) as {
  readonly item: Json;
  readonly sample: Json;
  readonly render: readonly { readonly template: string; readonly expected: string }[];
  readonly errors: readonly { readonly template: string; readonly error: string }[];
};

function flags(template: string, values = { item: vectors.item, sample: vectors.sample }): string[] {
  const rendered = renderTemplate(template, values);
  return rendered.ok ? [] : rendered.error.map(({ flag }) => flag);
}

test.each(vectors.render)('renders $template', ({ template, expected }) => {
  expect(renderTemplate(template, vectors)).toEqual({ ok: true, value: expected });
});

test.each(vectors.errors)('refuses $template', ({ template, error }) => {
  expect(flags(template)).toEqual([error]);
});

describe('beyond the vectors', () => {
  const render = (template: string, item: Json): unknown => {
    const rendered = renderTemplate(template, { item, sample: {} });
    return rendered.ok ? rendered.value : rendered.error.map(({ message }) => message).join(' ');
  };

  test('quoted keys with dots, quotes and braces; names of other scripts', () => {
    expect(render(`{{ item["a.b"]['it\\'s'] }}`, { 'a.b': { "it's": 'x' } })).toBe('x');
    expect(render(`{{ item['}}'] }}!`, { '}}': 'y' })).toBe('y!');
    expect(render('{{ item.größe }}{{ item.名 }}', { größe: 1, 名: 2 })).toBe('12');
    expect(render('{{ item.x-y_z$ }}', { 'x-y_z$': true })).toBe('true');
  });

  test('braces that are no template stay as they are', () => {
    for (const text of ['{{', '}}', '{{ item.a', 'a }} b', '{"a":{"b":1}}', '{ {item.a} }'])
      expect(render(text, { a: 1 })).toBe(text);
  });

  test('what stands in a value is not looked at again', () => {
    expect(render('{{ item.a }}{{ item.a }}', { a: '{{ item.b }}', b: 'no' })).toBe('{{ item.b }}{{ item.b }}');
    expect(render('{{ item.a }}', { a: '$& $1' })).toBe('$& $1');
  });

  test('only own members: nothing of the language shows through', () => {
    for (const path of ['item.toString', 'item.list.length', 'item.text[0]', "item['__proto__']", 'item.list.map'])
      expect(flags(`{{ ${path} }}`, { item: { list: ['a'], text: 'abc' }, sample: {} })).toEqual([
        'invalid_variable_error',
      ]);
    const own = JSON.parse('{"__proto__":"mine"}') as Json;
    expect(render('{{ item.__proto__ }}', own)).toBe('mine');
  });

  test('messages say what is there instead', () => {
    expect(render('{{ item.anwser }}', { answer: 1 })).toContain('item has answer');
    expect(render('{{ item.list[3] }}', { list: [1, 2] })).toContain('item.list has 2 elements');
    expect(render('{{ trace.output_text }}', {})).toContain('nothing named "trace" was given');
    expect(render('{{ item.a + 1 }}', { a: 1 })).toContain('is no path');
  });

  test('an answer that is no JSON: the variable is invalid, and the sample could not be parsed', () => {
    expect(flags('{{ sample.output_json.city }}', { item: {}, sample: { output_text: 'Paris' } })).toEqual([
      'invalid_variable_error',
      'sample_parse_error',
    ]);
  });

  test('a text without bound is not made', () => {
    const long = 'x'.repeat(MOST_RENDERED / 4);
    expect(flags('{{ item }}', { item: [long, long, long, long, long], sample: {} })).toEqual([
      'truncated_observation_error',
    ]);
    expect(flags('{{ item.a }}'.repeat(5), { item: { a: long }, sample: {} })).toEqual(['truncated_observation_error']);
  });

  test('any text renders or is refused, in linear time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{{', '}}', '[', ']', "'", '"', '.', 'item', 'a', ' ', '0'), maxLength: 60 }),
        (template) => {
          const rendered = renderTemplate(template, { item: { a: '1' }, sample: {} });
          if (rendered.ok && !template.includes('{{')) expect(rendered.value).toBe(template);
        },
      ),
    );
    const started = performance.now();
    for (const text of [
      '{{'.repeat(50_000),
      `{{${"['".repeat(50_000)}`,
      `{{ item${'[ '.repeat(50_000)} }}`,
      '{{ '.repeat(30_000),
    ])
      renderTemplate(text, { item: {}, sample: {} });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test('needs: only what is named', () => {
  expect(templateNeeds(['{{ trace.transcript }}'])).toEqual({ findings: false, transcript: true });
  expect(templateNeeds(['{{ trace.findings[0].reason }}'])).toEqual({ findings: true, transcript: false });
  expect(templateNeeds(['{{ trace }}'])).toEqual({ findings: true, transcript: true });
  expect(templateNeeds(['{{ item.transcript }} {{ trace.name }}'])).toEqual({ findings: false, transcript: false });
});

test('problems are warnings, with the place', () => {
  expect(templateProblems('{{ item.a }} {{ input }}', '/input')).toMatchObject([
    { severity: 'warning', path: '/input' },
  ]);
});
