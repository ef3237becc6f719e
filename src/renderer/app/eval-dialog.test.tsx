import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EvalDefinition, EvalRow, EvalRunRow } from '#shared/eval.ts';
import type { GraderKindInfo, GraderRow } from '#shared/grader.ts';
import type { Args } from '#shared/rpc/contract.ts';
import { queryClient } from '../data/engine.ts';
import { connectFakeEngine, type FakeHandlers } from '../data/testing/fake-engine.ts';
import { definitionOf, NEW_EVAL, useEvalDrafts } from '../state/eval-drafts.ts';
import { askEval, useEvalDialog } from '../state/evals.ts';
import { currentPlace, go } from '../state/place.ts';
import { EvalDialog } from './eval-dialog.tsx';

const kinds = [
  { type: 'string_check', label: 'String check', runs: 'pure' },
  { type: 'score_model', label: 'Score by a model', runs: 'endpoint' },
] as unknown as readonly GraderKindInfo[];
const graders = [
  { id: 'plain', name: 'Plain', type: 'string_check', current: { number: 2 } },
  { id: 'judge', name: 'Judge', type: 'score_model', current: { number: 1 } },
] as unknown as readonly GraderRow[];
const NONE: readonly EvalRow[] = [];

function connect(evals: readonly EvalRow[], more: FakeHandlers = {}) {
  const saved: EvalDefinition[] = [];
  const started: Args<'run.start'>[] = [];
  const run = {
    id: 'r1',
    name: 'Run',
    status: 'done',
    counts: { total: 3, done: 3, passed: 3, failed: 0, errored: 0 },
  };
  connectFakeEngine({
    'grader.list': () => graders,
    'grader.kinds': () => kinds,
    'eval.list': () => evals,
    'eval.estimate': () => ({
      ...{ traces: 3, tasks: 3, missing: 0 },
      cost: { traces: 3, calls: 0, promptTokens: 0, cost: 0 },
    }),
    'eval.save': ({ definition }) => {
      saved.push(definition);
      return { ...definition, id: 'e1' } as EvalRow;
    },
    'run.start': (args) => {
      started.push(args);
      return run as unknown as EvalRunRow;
    },
    ...more,
  });
  return { saved, started };
}

beforeEach(() => {
  go({ view: 'traces', q: '' });
  useEvalDrafts.setState({ drafts: {} });
});
afterEach(() => {
  cleanup();
  useEvalDialog.setState({ choice: null });
  queryClient.clear();
});

test('one click makes the eval, starts its run and opens it; at first no model is asked', async () => {
  const { saved, started } = connect(NONE);
  render(<EvalDialog />);
  askEval([], 'agent:Desk', 3);
  const run = await screen.findByRole('button', { name: 'Run' });
  await waitFor(() => expect(run.hasAttribute('disabled')).toBe(false));
  fireEvent.click(run);
  await waitFor(() => expect(currentPlace()).toMatchObject({ view: 'evals', tab: 'runs', span: 'r1' }));
  expect(saved).toEqual([
    {
      ...{
        name: '3 traces for agent:Desk',
        source: { kind: 'filter', query: 'agent:Desk' },
        sample: null,
        metadata: {},
      },
      criteria: [{ graderId: 'plain', versionHash: null, threshold: null, weight: 1 }],
    },
  ]);
  expect(started).toEqual([{ evalId: 'e1' }]);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('graders of the eval that was edited last are ticked, and selected traces are the source', async () => {
  const used = (graderId: string, updatedAt: number) =>
    ({ criteria: [{ graderId, versionHash: null, threshold: null, weight: 1 }], updatedAt }) as unknown as EvalRow;
  connect([used('plain', 1), used('judge', 3), used('gone', 4)]);
  render(<EvalDialog />);
  askEval(['a', 'b'], 'agent:Desk', 3);
  const judge = await screen.findByRole<HTMLInputElement>('checkbox', { name: /Judge/ });
  expect(judge.checked).toBe(true);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Plain/ }).checked).toBe(false);
  fireEvent.click(screen.getByRole('button', { name: 'Set up first…' }));
  const draft = useEvalDrafts.getState().drafts[NEW_EVAL]!;
  expect(definitionOf(draft)).toMatchObject({
    name: '2 selected traces',
    source: { kind: 'traces', traceIds: ['a', 'b'] },
    criteria: [{ graderId: 'judge' }],
  });
});

test('an eval that could not be made says why, and the dialog stays', async () => {
  const { started } = connect(NONE, { 'eval.save': () => new Error('The disk is full.') });
  render(<EvalDialog />);
  askEval(['a'], '');
  const run = await screen.findByRole('button', { name: 'Run' });
  await waitFor(() => expect(run.hasAttribute('disabled')).toBe(false));
  fireEvent.click(run);
  await waitFor(() => expect(run.textContent).toBe('Run'));
  expect(started).toEqual([]);
  expect(screen.getByRole('dialog')).toBeTruthy();
});
