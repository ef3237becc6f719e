import { expect, test } from 'vitest';
import type { GraderKindInfo, GraderRuns } from '#shared/grader.ts';
import { runsOf } from './runs.ts';

function kind(type: string, runs: GraderRuns): GraderKindInfo {
  return { type, runs, label: type, about: '', group: 'text', schema: {}, example: { type, name: type } };
}
const kinds = [
  kind('string_check', 'pure'),
  kind('javascript', 'code'),
  kind('score_model', 'endpoint'),
  kind('multi', 'pure'),
];

test('what asks a model anywhere inside asks a model', () => {
  const check = { type: 'string_check' };
  const judge = { type: 'score_model' };
  expect(runsOf(check, kinds)).toBe('pure');
  expect(runsOf({ type: 'multi', graders: { a: check, b: { type: 'javascript' } } }, kinds)).toBe('code');
  expect(runsOf({ type: 'multi', graders: { a: check, b: judge } }, kinds)).toBe('endpoint');
  expect(runsOf({ type: 'multi', graders: [check, judge] }, kinds)).toBe('endpoint');
  expect(runsOf({ type: 'multi', graders: judge }, kinds)).toBe('endpoint');
  expect(runsOf({ type: 'text_similarity', evaluation_metric: 'cosine' }, kinds)).toBe('endpoint');
  expect(runsOf('nothing', kinds)).toBe('pure');
});
