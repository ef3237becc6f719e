import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EvalRow } from '#shared/eval.ts';
import type { Grade, GraderDefinition, GraderKindInfo, GraderRow, GraderVersion, Subject } from '#shared/grader.ts';
import type { GradeTrial } from '#shared/grading.ts';
import type { JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { EngineInfo } from '#shared/rpc/contract.ts';
import type { TraceRow } from '#shared/trace.ts';
import { handleKey } from '../../commands/key-handler.ts';
import { queryClient } from '../../data/engine.ts';
import { connectFakeEngine, type FakeHandlers } from '../../data/testing/fake-engine.ts';
import { openNewGrader, useGraderDrafts } from '../../state/grader-drafts.ts';
import { currentPlace, go } from '../../state/place.ts';
import { GradersView } from './index.tsx';

const example: GraderDefinition = {
  ...{ type: 'string_check', name: 'Names the city', input: '{{ sample.output_text }}' },
  ...{ reference: 'Paris', operation: 'ilike' },
};
const kind: GraderKindInfo = {
  ...{
    type: 'string_check',
    label: 'String check',
    about: 'Compares two texts.',
    group: 'text',
    runs: 'pure',
    example,
  },
  schema: {
    ...{ type: 'object', required: ['type', 'name', 'input', 'reference', 'operation'] },
    properties: {
      type: { const: 'string_check' },
      name: { type: 'string', title: 'Name' },
      input: { type: 'string', title: 'Input', format: 'template' },
      reference: { type: 'string', title: 'Reference' },
      operation: { enum: ['eq', 'ilike'], title: 'Operation' },
    },
  },
};
const judge: GraderKindInfo = {
  ...{ type: 'score_model', label: 'Score by a model', about: 'Asks.', group: 'judge', runs: 'endpoint' },
  schema: { properties: { name: { type: 'string' } } },
  example: { type: 'score_model', name: 'Judge' },
};
const version: GraderVersion = {
  ...{ graderId: 'g1', number: 1, hash: 'a'.repeat(64), definition: example, author: 'Ann', note: null, createdAt: 1 },
};
const row: GraderRow = {
  ...{ id: 'g1', name: 'Names the city', type: 'string_check', archived: false, current: version, versions: 1 },
  ...{ grades: 3, passed: 2, failed: 1, errored: 0 },
};
const subject = { item: {}, sample: { output_text: 'In Paris' }, trace: { name: 'Trip' } } as unknown as Subject;

function grade(passed: boolean): Grade {
  return {
    ...{
      status: 'graded',
      score: passed ? 1 : 0,
      label: null,
      passed,
      errors: [],
      subRewards: {},
      usage: [],
      notes: {},
    },
    ...{ durationMs: 2, explanation: passed ? 'It contains Paris.' : 'It does not contain Paris.' },
    evidence: [{ spanId: 's9', quote: 'In Paris', note: 'the answer' }],
  };
}

/** As much of a row as the bench draws. */
function trace(id: string, name: string): TraceRow {
  return { id, name } as TraceRow;
}

function tried({ definition, traceIds }: { definition: unknown; traceIds: readonly string[] }): GradeTrial[] {
  const wanted = isJsonObject(definition) ? definition.reference : null;
  return traceIds.map((traceId) => {
    const own = grade(wanted === 'Paris');
    return { traceId, grade: own, grades: [{ spanId: null, grade: own }] };
  });
}

function connect(handlers: FakeHandlers = {}) {
  return connectFakeEngine({
    'engine.info': () => ({ readOnly: false, traces: 2 }) as EngineInfo,
    'grader.kinds': () => [kind, judge],
    'grader.list': () => [row],
    'grader.get': () => ({ row, versions: [version] }),
    'grading.list': () => [],
    'eval.list': () => [{ id: 'e1', name: 'Trips', criteria: [{ graderId: 'g1' }] } as unknown as EvalRow],
    'grader.check': ({ definition }) => ({
      definition: isJsonObject(definition) && definition.reference !== '' ? (definition as GraderDefinition) : null,
      problems:
        isJsonObject(definition) && definition.reference === ''
          ? [{ severity: 'error', path: '/reference', message: 'It says nothing.' }]
          : [],
    }),
    'trace.list': () => ({
      rows: [trace('t1', 'One'), trace('t2', 'Two')],
      nextCursor: null,
      total: 2,
    }),
    'grade.subject': () => subject,
    'grade.try': tried,
    'grading.cost': () => ({ traces: 2, calls: 2, promptTokens: 5_000, cost: 0.02 }),
    ...handlers,
  });
}

beforeEach(() => {
  useGraderDrafts.setState({ drafts: {} });
  act(() => go({ view: 'graders', tab: null, span: null, q: '' }));
  window.addEventListener('keydown', handleKey);
});
afterEach(() => {
  window.removeEventListener('keydown', handleKey);
  cleanup();
  queryClient.clear();
  vi.restoreAllMocks();
});

function json(): HTMLTextAreaElement {
  return screen.getByLabelText<HTMLTextAreaElement>('Definition as JSON');
}

async function openGrader(): Promise<void> {
  render(<GradersView />);
  fireEvent.click(await screen.findByRole('button', { name: 'Names the city' }));
  await screen.findByLabelText('Definition as JSON');
}

test('the list says kind, version and verdicts; a count leads to its verdicts', async () => {
  connect();
  render(<GradersView />);
  const table = await screen.findByRole('table');
  expect(within(table).getByText('String check')).toBeTruthy();
  fireEvent.click(within(table).getByRole('button', { name: /^1 fail/ }));
  expect(currentPlace()).toMatchObject({ tab: 'g1', span: 'verdicts:failed' });
});

test('the list says which evals use a grader, and leads there', async () => {
  connect();
  render(<GradersView />);
  fireEvent.click(await screen.findByRole('button', { name: '1 eval' }));
  expect(currentPlace()).toMatchObject({ view: 'evals', tab: 'evals', span: 'e1' });
});

test('form and JSON follow each other, and undo takes back edits of both', async () => {
  connect();
  await openGrader();
  fireEvent.change(screen.getByLabelText('Reference'), { target: { value: 'Oslo' } });
  expect((JSON.parse(json().value) as JsonObject).reference).toBe('Oslo');
  fireEvent.change(json(), { target: { value: json().value.replace('ilike', 'eq') } });
  expect(screen.getByLabelText<HTMLSelectElement>('Operation').selectedOptions[0]?.text).toBe('eq');
  json().focus();
  fireEvent.keyDown(json(), { key: 'z', ctrlKey: true });
  expect(json().value).toContain('ilike');
  fireEvent.keyDown(json(), { key: 'z', ctrlKey: true });
  expect(screen.getByLabelText<HTMLTextAreaElement>('Reference').value).toBe('Paris');
  fireEvent.keyDown(json(), { key: 'z', ctrlKey: true, shiftKey: true });
  expect(screen.getByLabelText<HTMLTextAreaElement>('Reference').value).toBe('Oslo');
});

test('broken JSON is kept with its line, and the form waits', async () => {
  connect();
  await openGrader();
  const broken = json().value.replace('"Paris",', '"Paris"');
  fireEvent.change(json(), { target: { value: broken } });
  expect(json().value).toBe(broken);
  expect(screen.getByText(/^Line 6: A comma or/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLTextAreaElement>('Reference').readOnly).toBe(true);
  fireEvent.change(screen.getByLabelText('Reference'), { target: { value: 'x' } });
  expect(json().value).toBe(broken);
});

test('what is wrong is said at the field and at the line, and nothing is graded with it', async () => {
  const fake = connect();
  await openGrader();
  await screen.findByText(/2 pass/);
  const before = fake.calls.filter((each) => each === 'grade.try').length;
  fireEvent.change(json(), { target: { value: json().value.replace('"Paris"', '""') } });
  const field = await screen.findByLabelText('Reference');
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(document.querySelector('[data-mark="error"]')?.textContent).toContain('"reference"');
  expect(screen.getByText(/of the text before/)).toBeTruthy();
  expect(fake.calls.filter((each) => each === 'grade.try')).toHaveLength(before);
});

test('verdicts follow what is typed, and lead to their evidence', async () => {
  connect();
  await openGrader();
  expect(await screen.findByText('2 pass · 0 fail · mean 1')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Reference'), { target: { value: 'Rome' } });
  expect(await screen.findByText('0 pass · 2 fail · mean 0')).toBeTruthy();
  const list = screen.getByRole('listbox', { name: 'Verdicts on the bench' });
  fireEvent.keyDown(list, { key: 'ArrowDown' });
  expect(within(list).getAllByRole('option')[1]?.getAttribute('aria-selected')).toBe('true');
  fireEvent.keyDown(list, { key: 'Enter' });
  expect(currentPlace()).toMatchObject({ view: 'trace', traceId: 't2', span: 's9' });
});

test('a newer text cancels the run before it', async () => {
  const asked: unknown[] = [];
  // The first run is never answered.
  const fake = connect();
  await openGrader();
  await screen.findByText(/2 pass/);
  connect({
    'grade.try': (args) => {
      asked.push(isJsonObject(args.definition) ? args.definition.reference : null);
      return tried(args);
    },
  });
  for (const value of ['R', 'Ro', 'Rom', 'Rome'])
    fireEvent.change(screen.getByLabelText('Reference'), { target: { value } });
  expect(await screen.findByText('0 pass · 2 fail · mean 0')).toBeTruthy();
  expect(asked).toEqual(['Rome']);
  expect(fake.calls.filter((each) => each === 'grade.try')).toHaveLength(1);
});

test('what asks a model is graded when a person says so, with the cost said first', async () => {
  const fake = connect();
  openNewGrader(judge.example);
  render(<GradersView />);
  expect(await screen.findByText(/about 2 calls, 5k tokens, \$0.02/)).toBeTruthy();
  expect(fake.calls).not.toContain('grade.try');
  const ask = screen.getByRole('button', { name: /Ask 2 times/ });
  await waitFor(() => expect((ask as HTMLButtonElement).disabled).toBe(false));
  fireEvent.click(ask);
  await waitFor(() => expect(fake.calls).toContain('grade.try'));
});

test('a path is completed from a real trace, with its value', async () => {
  connect();
  await openGrader();
  const input = screen.getByLabelText<HTMLTextAreaElement>('Input');
  await waitFor(() => expect(screen.getByText(/2 pass/)).toBeTruthy());
  input.focus();
  fireEvent.change(input, { target: { value: 'It says {{ trace.n' } });
  input.setSelectionRange(18, 18);
  fireEvent.select(input);
  const option = await screen.findByRole('option', { name: /name.*Trip/ });
  expect(option.getAttribute('aria-selected')).toBe('true');
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(input.value).toBe('It says {{ trace.name }}');
});

test('saving makes a version with a note, and a new grader gets its place', async () => {
  const saved: unknown[] = [];
  connect({
    'grader.save': (args) => {
      saved.push(args);
      return { ...row, current: { ...version, number: 1, definition: args.definition as GraderDefinition } };
    },
  });
  openNewGrader(example);
  render(<GradersView />);
  await screen.findByText(/2 pass/);
  fireEvent.keyDown(document.body, { key: 's', ctrlKey: true });
  const note = await screen.findByLabelText(/What changed/);
  fireEvent.change(note, { target: { value: 'first' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(currentPlace().tab).toBe('g1'));
  expect(saved).toEqual([{ definition: example, note: 'first' }]);
  expect(useGraderDrafts.getState().drafts.new).toBeUndefined();
});
