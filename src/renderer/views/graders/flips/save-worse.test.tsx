import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FlipPreview, FlipSide, HalfFigures } from '#shared/flips.ts';
import type { GraderKindInfo, GraderVersion } from '#shared/grader.ts';
import { queryClient } from '../../../data/engine.ts';
import { connectFakeEngine } from '../../../data/testing/fake-engine.ts';
import { SaveDialog } from '../save-dialog.tsx';

const half: HalfFigures = {
  ...{ items: 4, undecided: 0, tp: 2, fn: 0, fp: 0, tn: 2, tpr: null, tnr: null },
  ...{ balancedAccuracy: 1, agreement: null, kappa: null, ac1: null },
};
const side: FlipSide = {
  rate: { passed: 1, of: 2, share: null, corrected: null, predictionPowered: null },
  ...{ errored: 0, notApplicable: 0, development: half, heldOut: half },
};
const preview: FlipPreview = {
  ...{ oldVersion: 1, runs: 'pure', graded: true, from: 'stored', traces: 4, total: 4, stale: 0 },
  counts: {
    ...{ compared: 4, same: 2, passToFail: 2, failToPass: 0, toErrored: 0, toNotApplicable: 0 },
    ...{ toVerdict: 0, scoreOnly: 0 },
  },
  ...{ flips: [], flipCount: 0, old: side, next: side, comparison: null, worse: false, remarks: [] },
  labels: { source: { kind: 'verdict' }, pass: 4, fail: 4, disputed: 0, seed: 1 },
};
const worse: FlipPreview = {
  ...preview,
  worse: true,
  comparison: {
    ...{ measure: 'balanced accuracy', items: 4, old: 1, next: 0.5, newlyErrored: 0 },
    difference: { value: -0.5, interval: { low: -1, high: 0 } },
  },
};

function kind(type: string, runs: GraderKindInfo['runs']): GraderKindInfo {
  const example = { type, name: 'x' };
  return { type, label: type, about: '', group: 'text', runs, schema: {}, example };
}
const kinds = [kind('string_check', 'pure'), kind('score_model', 'endpoint')];

function version(type: string): GraderVersion {
  const definition = { type, name: 'x' };
  return { graderId: 'g1', number: 1, hash: 'a', definition, author: null, note: null, createdAt: 1 };
}

function open(answer: FlipPreview, type = 'string_check') {
  const saved: unknown[] = [];
  const asked: unknown[] = [];
  connectFakeEngine({
    'flip.preview': (args) => {
      asked.push(args);
      return answer;
    },
    'grading.cost': () => ({ traces: 4, calls: 4, promptTokens: 100, cost: null }),
    'taxonomy.list': () => [],
    'grader.save': ({ definition }) => {
      saved.push(definition);
      return new Error('enough');
    },
  });
  const current = version(type);
  render(
    <SaveDialog
      draftKey="g1"
      definition={{ ...current.definition, reference: 'b' }}
      current={current}
      kinds={kinds}
      onClose={() => undefined}
    />,
  );
  return { saved, asked };
}

const button = (name: string): HTMLElement => screen.getByRole('button', { name });

beforeEach(() => queryClient.clear());
afterEach(cleanup);

test('a version that is no worse is saved at once, with what flips in a sentence', async () => {
  const { saved } = open(preview);
  await waitFor(() => expect(screen.getByRole('status').textContent).toContain('2 pass → fail of 4 stored verdicts'));
  fireEvent.click(button('Save'));
  await waitFor(() => expect(saved).toHaveLength(1));
});

test('a worse one asks first, and is saved when that is answered', async () => {
  const { saved } = open(worse);
  await waitFor(() =>
    expect(screen.getByRole('alert').textContent).toContain('balanced accuracy 50.0 % instead of 100 %'),
  );
  fireEvent.click(button('Save'));
  expect(screen.getByText('Save it all the same?')).toBeTruthy();
  expect(saved).toEqual([]);
  fireEvent.click(button('Save although it is worse'));
  await waitFor(() => expect(saved).toHaveLength(1));
});

test('a judge is not asked by saving', async () => {
  const { saved, asked } = open(preview, 'score_model');
  expect(screen.getByText(/It asks a model/)).toBeTruthy();
  fireEvent.click(button('Save'));
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(asked).toEqual([]);
});
