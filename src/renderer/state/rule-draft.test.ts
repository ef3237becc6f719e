import { expect, test } from 'vitest';
import { compileRules, matchingRules } from '#shared/rules.ts';
import { problemOf } from '#shared/parse-rules.ts';
import { ruleFrom } from './rule-draft.ts';

test.each([
  ['with a scope', { name: 'call *', scope: { name: 'my.lib', version: null } }],
  ['without a scope', { name: 'call *', scope: { name: null, version: null } }],
  ['without a name', { name: '', scope: { name: 'my.lib', version: null } }],
])('a rule from a span %s is complete and matches that span and no other', (_what, span) => {
  const rule = ruleFrom({ ...span, kind: 'custom', dialect: 'generic' });
  expect(problemOf(rule)).toBeNull();
  const subject = {
    name: span.name,
    scope: span.scope.name,
    dialect: 'generic',
    attributes: () => ({}),
    resource: () => null,
  };
  expect(matchingRules(compileRules([rule]), subject)).toHaveLength(1);
  const other = { ...subject, name: `${span.name} more`, scope: 'other', dialect: 'other' };
  expect(matchingRules(compileRules([rule]), other)).toHaveLength(0);
});
