import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineInfo } from '#shared/rpc/contract.ts';
import type { TraceRow } from '#shared/trace.ts';
import { followChanges, queryClient } from '../../data/engine.ts';
import { connectFakeEngine } from '../../data/testing/fake-engine.ts';
import { currentPlace, replacePlace } from '../../state/place.ts';
import { ConnectView } from './index.tsx';

const info = { httpUrl: 'http://127.0.0.1:4999/', traces: 3 } as EngineInfo;

function row(change: Partial<TraceRow>): TraceRow {
  return {
    id: 't1',
    name: 'Say hello',
    dialect: 'codex',
    source: 'codex_exec',
    status: 'ok',
    agents: [],
    spans: 2,
    durationNs: null,
    lastReceivedAt: Date.now() + 60_000,
    ...change,
  } as TraceRow;
}

function show(rows: readonly TraceRow[] = []) {
  queryClient.clear();
  connectFakeEngine({
    'engine.info': () => info,
    'connect.helpers': () => ({ folder: '/opt/tracewright/helpers' }),
    'trace.list': () => ({ rows, nextCursor: null, total: rows.length }),
  });
  followChanges();
  render(
    <QueryClientProvider client={queryClient}>
      <ConnectView />
    </QueryClientProvider>,
  );
}

afterEach(cleanup);
beforeEach(() => replacePlace({ view: 'connect', q: '', tab: null }));

test('a client is found by a word, and its address leads back to it', async () => {
  show();
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'phoenix' } });
  const clients = within(screen.getByRole('radiogroup', { name: 'Client' }));
  await waitFor(() => expect(clients.getAllByRole('radio')).toHaveLength(1));
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: '' } });
  fireEvent.click(await clients.findByRole('radio', { name: /Codex CLI/ }));
  expect(currentPlace().tab).toBe('codex');
  expect(await screen.findByText(/trace_exporter/)).not.toBeNull();
  expect(screen.getByText(/Codex never sends what the model answered/)).not.toBeNull();
});

test('snippets hold the real address and the real folder; another way is one click away', async () => {
  replacePlace({ tab: 'openai-agents-python' });
  show();
  const code = await screen.findByRole('figure', { name: 'Shell' });
  await waitFor(() => expect(code.textContent).toContain('TRACEWRIGHT_URL=http://127.0.0.1:4999'));
  await waitFor(() => expect(code.textContent).toContain('PYTHONPATH="/opt/tracewright/helpers'));
  fireEvent.click(screen.getByRole('radio', { name: 'SDK alone' }));
  expect((await screen.findByRole('figure', { name: 'Python' })).textContent).toContain('BackendSpanExporter');
});

test('what arrives lights up at its client, in the list and in its own pane', async () => {
  replacePlace({ tab: 'codex' });
  show([row({}), row({ id: 'old', dialect: 'claude_code', lastReceivedAt: 1 })]);
  expect(await screen.findByText(/Codex CLI arrives:/)).not.toBeNull();
  const lit = screen.getAllByRole('img', { name: 'arrives' });
  expect(lit.map((dot) => dot.closest('label')?.textContent)).toEqual(['Codex CLICommand line']);
  fireEvent.click(screen.getByRole('radio', { name: /Claude Code/ }));
  expect(await screen.findByText(/Nothing from Claude Code/)).not.toBeNull();
});
