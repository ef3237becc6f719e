import { expect, test } from 'vitest';
import type { AnnotationRow } from '#shared/annotation.ts';
import { parseAnnotation } from '#shared/parse-annotation.ts';
import type { ScoreSchema } from '#shared/taxonomy.ts';
import { emptyValue, statesOf, valueOf, type FormKind, type FormValue } from './form-value.ts';

const place = { kind: 'span', spanId: 's' } as const;

function value(kind: FormKind, more: Partial<FormValue>): FormValue {
  return { ...emptyValue(kind, place), ...more };
}

function schema(scale: ScoreSchema['scale']): ScoreSchema {
  return { id: 'q', title: 'Quality', about: '', version: 1, scale, direction: 'maximise' };
}

test('several labels are several annotations, each with the severity, the note and the evidence', () => {
  const filled = value('category', {
    taxonomy: 'mast',
    categories: ['1.1', '2.3'],
    severity: 'high',
    note: ' Why. ',
    evidenceSpanId: 'e',
  });
  const states = statesOf(filled, null);
  expect(states.ok && states.value.map(({ category, severity, note }) => [category, severity, note])).toEqual([
    ['1.1', 'high', 'Why.'],
    ['2.3', 'high', 'Why.'],
  ]);
  for (const state of states.ok ? states.value : []) expect(parseAnnotation(state)).toEqual({ ok: true, value: state });
});

test.each([
  ['category', {}, 'label'],
  ['verdict', {}, 'pass or fail'],
  ['note', { note: '  ' }, 'note'],
  ['correction', { correction: 'same', original: 'same' }, 'should have been'],
  ['blame', { place: { kind: 'trace' } }, 'blame'],
  ['score', {}, 'what to score'],
] as const)('an unfinished %s says what is missing', (kind, more, words) => {
  const states = statesOf(value(kind, more), null);
  expect(states.ok ? '' : states.error).toContain(words);
});

test('what can be saved, the engine takes', () => {
  const filled: readonly FormValue[] = [
    value('verdict', { passed: false }),
    value('note', { note: '', tags: 'a, b ,a' }),
    value('correction', { correction: 'new', original: 'old' }),
    value('blame', { place: { kind: 'trace' }, agent: 'Planner', isRootCause: true }),
    value('blame', {}),
  ];
  for (const each of filled) {
    const states = statesOf(each, null);
    expect(states.ok && states.value.map((state) => parseAnnotation(state).ok)).toEqual([true]);
  }
  expect(statesOf(value('note', { tags: 'a, b ,a' }), null)).toMatchObject({ value: [{ tags: ['a', 'b'] }] });
});

test('scores keep to their scale', () => {
  const numeric = schema({ type: 'numeric', min: 1, max: 5, step: 1 });
  expect(statesOf(value('score', { score: 6 }), numeric)).toMatchObject({ ok: false });
  expect(statesOf(value('score', { score: 5 }), numeric)).toMatchObject({ value: [{ taxonomy: 'q', score: 5 }] });
  expect(statesOf(value('score', { score: 0 }), schema({ type: 'boolean' }))).toMatchObject({
    value: [{ score: 0, passed: false }],
  });
  const items = ['a', 'b', 'c'].map((id) => ({ id, text: id }));
  expect(statesOf(value('score', { answers: { a: true, b: false } }), schema({ type: 'rubric', items }))).toMatchObject(
    {
      value: [{ score: 0.5, answers: { a: true, b: false, c: null } }],
    },
  );
});

test('what is edited comes back as it was, with what the form does not show', () => {
  const made = statesOf(value('category', { taxonomy: 'agentrx', categories: ['Raw spelling'] }), null);
  const state = made.ok ? made.value[0] : undefined;
  const row: AnnotationRow = {
    ...state!,
    agent: 'Orchestrator',
    extra: { step: 12 },
    id: 'a',
    traceId: 't',
    author: 'Ann',
    createdAt: null,
    editor: null,
    editedAt: null,
    imported: true,
    conflict: false,
  };
  const again = statesOf({ ...valueOf(row), note: 'Checked.' }, null, row);
  expect(again).toMatchObject({
    value: [{ category: 'Raw spelling', agent: 'Orchestrator', extra: { step: 12 }, note: 'Checked.' }],
  });
});
