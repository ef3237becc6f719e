import { beforeEach, expect, test } from 'vitest';
import type { EvalDefinition } from '#shared/eval.ts';
import {
  beginEvalDraft,
  definitionOf,
  EMPTY_EVAL,
  editedEval,
  isEvalChanged,
  NEW_EVAL,
  openNewEval,
  sameEval,
  steppedEval,
  useEvalDrafts,
} from './eval-drafts.ts';
import { currentPlace } from './place.ts';

const named = (name: string): EvalDefinition => ({ ...EMPTY_EVAL, name });

beforeEach(() => useEvalDrafts.setState({ drafts: {} }));

test('typing in one field is one step of undo, another field is the next', () => {
  let draft = beginEvalDraft(named('a'), named('a'));
  draft = editedEval(draft, named('ab'), 'name', 10_000);
  draft = editedEval(draft, named('abc'), 'name', 10_500);
  draft = editedEval(draft, { ...named('abc'), source: { kind: 'filter', query: 'x' } }, 'query', 10_600);
  expect(draft.steps).toHaveLength(3);
  draft = steppedEval(draft, -1);
  expect(definitionOf(draft)).toEqual(named('abc'));
  draft = steppedEval(draft, -1);
  expect(definitionOf(draft)).toEqual(named('a'));
  expect(isEvalChanged(draft)).toBe(false);
  expect(steppedEval(draft, -1)).toBe(draft);
  expect(definitionOf(steppedEval(draft, 1))).toEqual(named('abc'));
});

test('an edit after undo forgets what was undone, and an equal one is none', () => {
  let draft = beginEvalDraft(named('a'), null);
  draft = editedEval(draft, named('b'), null, 1);
  draft = steppedEval(draft, -1);
  draft = editedEval(draft, named('c'), null, 2);
  expect(draft.steps.map(({ name }) => name)).toEqual(['a', 'c']);
  expect(editedEval(draft, named('c'), null, 3)).toBe(draft);
});

test('the order of fields and an absent sample say nothing', () => {
  const { sample, ...rest } = EMPTY_EVAL;
  expect(sample).toBeNull();
  expect(sameEval(rest, EMPTY_EVAL)).toBe(true);
  expect(
    sameEval({ ...EMPTY_EVAL, metadata: { a: '1', b: '2' } }, { ...EMPTY_EVAL, metadata: { b: '2', a: '1' } }),
  ).toBe(true);
  expect(sameEval({ ...EMPTY_EVAL, sample: { limit: 3, seed: 1 } }, EMPTY_EVAL)).toBe(false);
});

test('a new eval opens, and one that was begun before is an undo away', () => {
  openNewEval(named('first'));
  openNewEval(named('second'));
  expect(currentPlace()).toMatchObject({ view: 'evals', tab: 'evals', span: NEW_EVAL });
  const draft = useEvalDrafts.getState().drafts[NEW_EVAL]!;
  expect(definitionOf(draft).name).toBe('second');
  expect(definitionOf(steppedEval(draft, -1)).name).toBe('first');
});
