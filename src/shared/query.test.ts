import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldTerm, gradeTerm, metaTerm, parseQuery } from './query.ts';

test('words, phrases, fields, numbers and negation', () => {
  const { terms, problems } = parseQuery(
    'weather "exact words" agent:Planner -tool:"web search" error:true cost:>0.1 duration:>30s',
  );
  expect(problems).toEqual([]);
  expect(terms).toEqual([
    { type: 'text', text: 'weather', negated: false },
    { type: 'text', text: 'exact words', negated: false },
    { type: 'field', field: 'agent', value: 'Planner', negated: false },
    { type: 'field', field: 'tool', value: 'web search', negated: true },
    { type: 'error', value: true },
    { type: 'number', field: 'cost', comparison: '>', value: 0.1, negated: false },
    { type: 'number', field: 'duration', comparison: '>', value: 30e9, negated: false },
  ]);
});

test('text that only looks like a field is text', () => {
  expect(parseQuery('https://example.org Error: no').terms).toEqual([
    { type: 'text', text: 'https://example.org', negated: false },
    { type: 'text', text: 'Error:', negated: false },
    { type: 'text', text: 'no', negated: false },
  ]);
});

test('a number field without a number is a problem, said with an example', () => {
  const { terms, problems } = parseQuery('cost:cheap');
  expect(terms).toEqual([]);
  expect(problems[0]).toContain('cost:>');
});

test('units scale: milliseconds, minutes, thousands', () => {
  const values = parseQuery('duration:<=250ms duration:2min tokens:>12k').terms.map((term) =>
    term.type === 'number' ? term.value : null,
  );
  expect(values).toEqual([250e6, 120e9, 12_000]);
});

test('any value that is written as a term is read back as itself', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (value) => {
      const { terms } = parseQuery(fieldTerm('agent', value));
      expect(terms).toEqual([{ type: 'field', field: 'agent', value, negated: false }]);
    }),
  );
});

test('any text is parsed without a throw or a hang', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => {
      expect(parseQuery(text).terms.length).toBeLessThanOrEqual(text.length);
    }),
  );
});

test('what was said of a trace: annotated, verdict and score', () => {
  expect(
    parseQuery('annotated:yes -verdict:FAILED score:quality>0.5 score:"tool use<=-2" score:>.5 score:q').terms,
  ).toEqual([
    { type: 'field', field: 'annotated', value: 'true', negated: false },
    { type: 'field', field: 'verdict', value: 'fail', negated: true },
    { type: 'score', name: 'quality', comparison: '>', value: 0.5, negated: false },
    { type: 'score', name: 'tool use', comparison: '<=', value: -2, negated: false },
    { type: 'score', name: null, comparison: '>', value: 0.5, negated: false },
    { type: 'score', name: 'q', comparison: null, value: 0, negated: false },
  ]);
  for (const [text, wanted] of [
    ['annotated:maybe', 'annotated:true or annotated:false'],
    ['verdict:so-so', 'verdict:pass or verdict:fail'],
    ['score:quality>high', 'score:quality>0.5'],
  ] as const) {
    const { terms, problems } = parseQuery(text);
    expect(terms).toEqual([]);
    expect(problems[0]).toContain(wanted);
  }
  expect(parseQuery('annotated: verdict: score:').problems).toEqual([]);
});

test('days and times: what is named belongs to the range', () => {
  const at = (text: string): unknown[] =>
    parseQuery(text).terms.map((term) => (term.type === 'time' ? [term.field, new Date(term.ms).toISOString()] : term));
  expect(at('since:2026-01-01 until:2026-01-31')).toEqual([
    ['since', '2026-01-01T00:00:00.000Z'],
    ['until', '2026-02-01T00:00:00.000Z'],
  ]);
  expect(at('since:2026-01-01T10:30 until:"2026-01-01 10:30" until:2026-01-01T10:30:05')).toEqual([
    ['since', '2026-01-01T10:30:00.000Z'],
    ['until', '2026-01-01T10:31:00.000Z'],
    ['until', '2026-01-01T10:30:06.000Z'],
  ]);
  expect(at('since:2026-01-01T10:30:05.25+02:00 since:2026-01-01T10:00:00z')).toEqual([
    ['since', '2026-01-01T08:30:05.250Z'],
    ['since', '2026-01-01T10:00:00.000Z'],
  ]);
  expect(parseQuery('-since:2026-01-01').terms).toMatchObject([{ type: 'time', negated: true }]);
  for (const wrong of [
    'since:yesterday',
    'until:2026-02-30',
    'since:2026-13-01',
    'since:2026',
    'until:2026-01-01T25:00',
  ])
    expect(parseQuery(wrong)).toMatchObject({ terms: [], problems: [expect.stringContaining('such as')] });
  expect(parseQuery('since: until:').problems).toEqual([]);
});

test('fields of the metadata, with and without a value', () => {
  expect(parseQuery('meta:team meta:team=search -meta:"run.case=no = 7" meta:x=').terms).toEqual([
    { type: 'meta', key: 'team', value: null, negated: false },
    { type: 'meta', key: 'team', value: 'search', negated: false },
    { type: 'meta', key: 'run.case', value: 'no = 7', negated: true },
    { type: 'meta', key: 'x', value: '', negated: false },
  ]);
  expect(parseQuery('meta:=x')).toMatchObject({ terms: [], problems: [expect.stringContaining('meta:team=search')] });
  fc.assert(
    fc.property(fc.stringMatching(/^[^=\s][^=]*[^=\s]$/), fc.option(fc.string()), (key, value) => {
      expect(parseQuery(metaTerm(key, value)).terms).toEqual([
        { type: 'meta', key: key.trim(), value, negated: false },
      ]);
    }),
  );
});

test('what graders said: any of them, one by its name, with an outcome or a score', () => {
  const base = { type: 'grade', name: null, outcome: null, comparison: null, value: 0, negated: false };
  expect(parseQuery('grade:FAIL -grade:error grade:"on time" grade:"on time=pass" grader:"a: b>0.5"').terms).toEqual([
    { ...base, outcome: 'fail' },
    { ...base, outcome: 'error', negated: true },
    { ...base, name: 'on time' },
    { ...base, name: 'on time', outcome: 'pass' },
    { ...base, name: 'a: b', comparison: '>', value: 0.5 },
  ]);
  expect(parseQuery('grade:x>high')).toMatchObject({ terms: [], problems: [expect.stringContaining('grade:fail')] });
  expect(parseQuery('grade:').problems).toEqual([]);
  for (const [name, outcome] of [
    ['plain', 'fail'],
    ['with "quotes" and \\', 'none'],
    ['a=b', null],
  ] as const)
    expect(parseQuery(gradeTerm(name, outcome)).terms).toEqual([{ ...base, name, outcome }]);
});
