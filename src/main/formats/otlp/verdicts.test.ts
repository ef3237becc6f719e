import { expect, test } from 'vitest';
import { verdictsIn } from './verdicts.ts';

const AT = { traceId: 't', spanId: 's' };

test('what a person said is an annotation, what a model said a score, and the rest is nothing', () => {
  const found = verdictsIn({
    ...AT,
    attributes: {
      'llm.model_name': 'm',
      'annotations.0.annotation.name': 'helpful',
      'annotations.0.annotation.label': 'no',
      'annotations.0.annotation.score': 0,
      'annotations.0.annotation.explanation': 'It asked back.',
      'annotations.0.annotation.annotator_kind': 'HUMAN',
      'annotations.1.annotation.name': 'toxic',
      'annotations.1.annotation.score': 0.25,
      'annotations.1.annotation.annotator_kind': 'LLM',
      'trace.evaluations.0.annotation.name': 'goal',
      'trace.evaluations.0.annotation.label': 'reached',
      'annotations.x.name': 'odd',
    },
  });
  expect(found).toMatchObject([
    {
      type: 'annotation',
      target: { kind: 'span', id: 's' },
      annotator: 'HUMAN',
      taxonomy: 'helpful',
      category: 'no',
      score: 0,
      note: 'It asked back.',
    },
    { type: 'score', spanId: 's', name: 'toxic', value: 0.25, source: 'OpenInference LLM' },
    { type: 'score', spanId: null, name: 'goal', label: 'reached', source: 'OpenInference' },
  ]);
  expect(verdictsIn({ ...AT, attributes: { 'session.id': '1' } })).toEqual([]);
});
