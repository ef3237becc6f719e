import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineInfo } from '#shared/rpc/contract.ts';
import { queryClient } from '../data/engine.ts';
import { connectFakeEngine } from '../data/testing/fake-engine.ts';
import { useEngineState } from '../state/engine-state.ts';
import { useJobs } from '../state/jobs.ts';
import { currentPlace, go } from '../state/place.ts';
import { traceRow } from '../views/traces/testing/trace-row.ts';
import { views } from '../views/registry.ts';
import { App } from './app.tsx';
import { showOverlay } from './app-commands.ts';

const info: EngineInfo = {
  version: '0.1.0',
  workspace: '/home/ada/my-workspace.tracewright',
  grpcAddress: '127.0.0.1:4317',
  httpUrl: 'http://127.0.0.1:4318',
  notice: 'Port 4318 was taken.',
  readOnly: false,
  traces: 1_204,
  spans: 88_000,
  fileBytes: 212_000_000,
  revision: 1,
};
const NO_FACETS = {
  workflow: [],
  agent: [],
  tool: [],
  model: [],
  status: [],
  source: [],
  tag: [],
  finding: [],
  annotated: [],
  label: [],
  annotator: [],
  grade: [],
  findingsDue: 0,
};

function connect(traces = 1_204) {
  const rows = traces === 0 ? [] : [traceRow('one', { name: 'Trip planning' })];
  return connectFakeEngine({
    'engine.info': () => ({ ...info, traces }),
    'trace.list': () => ({ rows, nextCursor: null, total: traces }),
    'trace.facets': () => NO_FACETS,
    'settings.get': () => null,
  });
}

beforeEach(() => {
  useEngineState.setState({ state: 'ready', info: { workspace: '', httpUrl: null, notice: null } }, true);
  act(() => go({ view: '', q: '' }));
});
afterEach(() => {
  showOverlay(null);
  cleanup();
  queryClient.clear();
});

test.each(views.map(({ id }) => id))('the view %s opens', async (id) => {
  connect();
  act(() => go({ view: id }));
  render(<App />);
  await waitFor(() => expect(document.querySelector('main h1')).not.toBeNull());
  expect(screen.queryByText(/could not be drawn/)).toBeNull();
  expect(screen.getByRole('button', { current: 'page' }).textContent).toContain(
    views.find((view) => view.id === id)!.title,
  );
});

test('an empty workspace starts in Connect, any other in Traces', async () => {
  connect(0);
  const first = render(<App />);
  await waitFor(() => expect(currentPlace().view).toBe('connect'));
  expect(await screen.findByText('Load sample traces')).toBeTruthy();
  first.unmount();
  queryClient.clear();

  connect();
  act(() => go({ view: '' }));
  render(<App />);
  await waitFor(() => expect(currentPlace().view).toBe('traces'));
});

test('the bars say what is collected, where, and how much', async () => {
  const fake = connect();
  act(() => go({ view: 'settings' }));
  render(<App />);
  await screen.findByText('my-workspace');
  expect(screen.getByText('1,204 traces')).toBeTruthy();
  expect(screen.getByText('88k spans')).toBeTruthy();
  expect(screen.getByText('212 MB')).toBeTruthy();
  expect(screen.getByText('127.0.0.1:4318')).toBeTruthy();
  fake.emit('collector', { spansPerSecond: 12, spans: 88_012, traces: 1_205, fileBytes: 213_000_000 });
  expect(screen.getByText('12 spans/s')).toBeTruthy();
  expect(screen.getByText('213 MB')).toBeTruthy();
});

test('a job shows its progress until it is finished', async () => {
  const fake = connect();
  act(() => go({ view: 'settings' }));
  render(<App />);
  await screen.findByText('my-workspace');
  const job = { jobId: 'j', label: 'Importing big.jsonl', done: 42, total: 100, unit: 'bytes', finished: false };
  fake.emit('job', job);
  expect(screen.getByRole('progressbar', { name: 'Importing big.jsonl' }).getAttribute('aria-valuenow')).toBe('42');
  fake.emit('job', { ...job, done: 100, finished: true });
  expect(screen.queryByRole('progressbar')).toBeNull();
  expect(useJobs.getState().jobs).toEqual([]);
});

test('an engine that failed says why and what to do, whatever the view', () => {
  connect();
  useEngineState.setState(
    { state: 'failed', error: { code: 'workspace_newer', message: 'The workspace is newer.' } },
    true,
  );
  render(<App />);
  expect(screen.getByText('The workspace is newer.')).toBeTruthy();
  expect(screen.getByText(/A newer version of Tracewright wrote this workspace/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Open another workspace…' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
});

test('Ctrl+K finds commands and traces, ? shows the shortcuts', async () => {
  connect();
  act(() => go({ view: 'settings' }));
  render(<App />);
  await screen.findByText('my-workspace');
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  const box = await screen.findByRole('combobox');
  fireEvent.change(box, { target: { value: 'conn' } });
  expect((await screen.findAllByRole('option'))[0]?.textContent).toContain('Go to Connect');
  fireEvent.change(box, { target: { value: 'trip' } });
  expect(await screen.findByText('Trip planning')).toBeTruthy();
  fireEvent.change(box, { target: { value: 'go to connect' } });
  fireEvent.keyDown(box, { key: 'Enter' });
  await waitFor(() => expect(currentPlace().view).toBe('connect'));
  await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());

  fireEvent.keyDown(document.body, { key: '?', shiftKey: true });
  expect(await screen.findByRole('heading', { name: 'Keyboard shortcuts' })).toBeTruthy();
});

test('a place that does not exist leads back', async () => {
  connect();
  act(() => go({ view: 'nowhere' }));
  render(<App />);
  fireEvent.click(screen.getByRole('button', { name: 'Go to Traces' }));
  await waitFor(() => expect(currentPlace().view).toBe('traces'));
});
