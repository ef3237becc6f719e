import { expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { parseRules, problemOf } from './parse-rules.ts';
import type { Rule, RuleSubject } from './rules.ts';
import { compilePattern, compileRules, literalPattern, matchingRules, ruleOutcome } from './rules.ts';

function subject(
  fields: Partial<{ name: string; scope: string; attributes: JsonObject; resource: JsonObject }> = {},
): RuleSubject {
  return {
    dialect: 'generic',
    scope: fields.scope ?? 'my.lib',
    name: fields.name ?? 'step 1',
    attributes: () => fields.attributes ?? {},
    resource: () => fields.resource ?? null,
  };
}

function rule(fields: Partial<Rule>): Rule {
  return { id: 'r', enabled: true, label: '', match: { name: '*' }, set: { kind: 'tool' }, ...fields };
}

test.each([
  ['abc', 'abc', true],
  ['abc', 'abcd', false],
  ['', '', true],
  ['*', '', true],
  ['a*', 'a', true],
  ['a*a', 'a', false],
  ['*bc*', 'aabcab', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['*aab*', 'aaab', true],
  ['*abab*c', 'abaababxc', true],
  ['call_*', 'call_weather', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['.*', 'anything', false],
  ['a\\\\*', 'a\\x', true],
])('pattern %s on %s: %s', (pattern, text, expected) => {
  expect(compilePattern(pattern)(text)).toBe(expected);
});

test('a literal pattern matches its text and nothing else', () => {
  for (const text of ['a*b', 'a\\*', '\\', '**', 'plain']) {
    expect(compilePattern(literalPattern(text))(text)).toBe(true);
    expect(compilePattern(literalPattern(text))(`${text}x`)).toBe(false);
  }
});

test('a hostile pattern on a hostile text takes no time to speak of', () => {
  const matches = compilePattern(`${'*a'.repeat(400)}*b`);
  const piece = compilePattern(`*${'a'.repeat(900)}b*`);
  const text = 'a'.repeat(1_000_000);
  const started = performance.now();
  for (let time = 0; time < 200; time++) {
    expect(matches(text)).toBe(false);
    expect(piece(text)).toBe(false);
  }
  // 400 evaluations; a pattern that backtracks would take hours for the first.
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('all conditions must hold; attributes are found by key, by path and in the resource', () => {
  const match = {
    scope: 'my.*',
    attributes: [{ key: 'app.role', value: 'plan*' }, { key: 'deep.a.b' }, { key: 'service.name', value: 'svc' }],
  };
  const rules = compileRules([rule({ match })]);
  const attributes = { 'app.role': 'planner', deep: { 'a.b': 0 } };
  const resource = { 'service.name': 'svc' };
  expect(matchingRules(rules, subject({ attributes, resource }))).toHaveLength(1);
  expect(matchingRules(rules, subject({ attributes, resource, scope: 'your.lib' }))).toHaveLength(0);
  expect(matchingRules(rules, subject({ attributes }))).toHaveLength(0);
  expect(matchingRules(rules, subject({ attributes: { ...attributes, deep: {} }, resource }))).toHaveLength(0);
});

test('inherited members are no attributes', () => {
  for (const key of ['__proto__', 'constructor', 'toString', 'constructor.name']) {
    const rules = compileRules([rule({ match: { attributes: [{ key }] } })]);
    expect(matchingRules(rules, subject({ attributes: { a: 1 } }))).toHaveLength(0);
  }
});

test('per field the first rule that says something wins; switched-off rules say nothing', () => {
  const rules = compileRules([
    rule({ id: '0', enabled: false, set: { kind: 'agent' } }),
    rule({ id: '1', set: { agent: 'First' } }),
    rule({ id: '2', set: { agent: 'Second', handoff: { to: 'B' }, session: 's' } }),
    rule({ id: '3', set: { kind: 'tool', session: 't' } }),
  ]);
  expect(ruleOutcome(rules, subject())).toEqual({
    kind: 'handoff',
    agent: 'First',
    tool: null,
    from: null,
    to: 'B',
    session: { id: 's', rank: 2 },
  });
});

test('texts are filled from attributes; one that is missing sets nothing', () => {
  const rules = compileRules([
    rule({ id: '1', set: { agent: '{nobody}', tool: 'tool {n} of {name}' } }),
    rule({ id: '2', set: { agent: ' {who} ' } }),
  ]);
  const outcome = ruleOutcome(rules, subject({ attributes: { who: 'Ann', n: 3 } }));
  expect([outcome?.agent, outcome?.tool]).toEqual(['Ann', 'tool 3 of step 1']);
});

test.each([
  ['no list', {}, /must be a list/],
  ['no object', [5], /Rule 1 must be an object/],
  ['no id', [{ ...rule({}), id: '' }], /needs an id/],
  [
    'a kind that is none',
    [{ ...rule({ label: 'x' }), set: { kind: 'step' } }],
    /Rule 1 \("x"\): "kind" must be one of agent/,
  ],
  ['no condition', [rule({ match: {} })], /which spans it is for/],
  ['an empty condition', [rule({ match: { name: '' } })], /which spans it is for/],
  ['no change', [rule({ set: { handoff: {} } })], /changes nothing/],
  ['an attribute without a key', [rule({ match: { attributes: [{ key: '' }] } })], /needs a key/],
  ['a text that is none', [{ ...rule({}), match: { name: 5 } }], /"name" must be a text/],
  ['a long text', [rule({ match: { name: 'x'.repeat(2_000) } })], /over 1000 characters/],
  ['the same id twice', [rule({}), rule({})], /Two rules have the id/],
  ['too many', Array.from({ length: 300 }, (_, n) => rule({ id: String(n) })), /at most 200/],
])('refused: %s', (_what, value, message) => {
  const parsed = parseRules(value);
  expect(parsed).toMatchObject({ ok: false, error: { code: 'bad_request' } });
  expect(parsed.ok ? '' : parsed.error.message).toMatch(message);
});

test('what is read is only what rules have, and a hostile key stays a key', () => {
  const value: unknown = JSON.parse(
    '[{"id":"a","match":{"name":"x","__proto__":{"scope":"y"}},"set":{"agent":"A","junk":1},"more":2}]',
  );
  expect(parseRules(value)).toEqual({
    ok: true,
    value: [{ id: 'a', enabled: true, label: '', match: { name: 'x' }, set: { agent: 'A' } }],
  });
  expect(problemOf(rule({ set: {} }))).toMatch(/^it changes nothing/);
  expect(problemOf(rule({}))).toBeNull();
});
