import { expect, test } from 'vitest';
import { parseQuery } from '#shared/query.ts';
import { fieldSuggestions, markedWords, queryTokens, termState, toggleTerm } from './query-text.ts';

test.each([
  ['', 'agent', 'Planner', 'agent:Planner'],
  ['trip', 'agent', 'Flight desk', 'trip agent:"Flight desk"'],
  ['trip agent:planner cost:>1', 'agent', 'Planner', 'trip cost:>1'],
  ['-agent:Planner', 'agent', 'Planner', 'agent:Planner'],
  ['agent:A', 'agent', 'B', 'agent:A agent:B'],
  ['status:ok', 'status', 'error', 'status:error'],
  ['tool:"say \\"hi\\""', 'tool', 'say "hi"', ''],
] as const)('%j, toggling %s %s, becomes %j', (text, field, value, after) => {
  expect(toggleTerm(text, field, value)).toBe(after);
});

test('excluding and including again', () => {
  expect(toggleTerm('agent:A', 'agent', 'A', true)).toBe('-agent:A');
  expect(toggleTerm('-agent:A', 'agent', 'A', true)).toBe('');
  expect(termState('x -agent:A', 'agent', 'a')).toBe('not');
  expect(termState('agent:A', 'agent', 'A')).toBe('on');
  expect(termState('agent:AB', 'agent', 'A')).toBe('off');
});

test('a verdict of a grader is a term that is toggled as a whole', () => {
  const text = toggleTerm('trip', 'grade', 'on time=fail');
  expect(text).toBe('trip grade:"on time=fail"');
  expect(termState(text, 'grade', 'On time=fail')).toBe('on');
  expect(termState(text, 'grade', 'on time=pass')).toBe('off');
  expect(toggleTerm(text, 'grade', 'on time=fail')).toBe('trip');
  expect(termState(toggleTerm(text, 'grade', 'on time=fail', true), 'grade', 'on time=fail')).toBe('not');
});

test('tokens cover what the parser reads, at their places', () => {
  const text = '  trip agent:"Flight desk" -tool:x cost:oops "open';
  const tokens = queryTokens(text);
  expect(tokens.map(({ raw }) => raw)).toEqual(['trip', 'agent:"Flight desk"', '-tool:x', 'cost:oops', '"open']);
  for (const token of tokens) expect(text.slice(token.from, token.to)).toBe(token.raw);
  expect(tokens.flatMap(({ term }) => term ?? [])).toEqual(parseQuery(text).terms);
  expect(tokens[3]?.term).toBeUndefined();
});

test('marks words in their own column', () => {
  expect(markedWords('trip -late agent:Planner source:otlp', 'agent')).toEqual(['trip', 'Planner']);
  expect(markedWords('trip -late agent:Planner', 'name')).toEqual(['trip']);
});

test('suggests fields for a word', () => {
  expect(fieldSuggestions('to')).toEqual(['tool', 'tokens']);
  expect(fieldSuggestions('-ag')).toEqual(['agent']);
  expect(fieldSuggestions('cost:')).toEqual([]);
});
