// The inspector against an engine of canned answers: what hostile content may not do, and what is fetched when.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { createRef } from 'react';
import type { CallCheck, SpanContext } from '#shared/context.ts';
import type { ContentItem } from '#shared/message.ts';
import type { ClientMessage, ServerMessage } from '#shared/rpc/wire.ts';
import type { ContentView, SpanDetail, TraceRow } from '#shared/trace.ts';
import { engine } from '../../../data/connection.ts';
import { queryClient } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { makeTable } from '../model/testing/make-table.ts';
import { useSpanTree } from '../model/use-span-tree.ts';
import { Inspector } from './inspector.tsx';
import { useSpanTab } from './span-tab.ts';

const trace = {
  id: 't',
  name: 'Trip',
  status: 'ok',
  startNs: '1000000000',
  agents: ['Planner'],
  tools: [],
  models: [],
  tokens: { input: null, output: null, cacheRead: null, cacheWrite: null, reasoning: null },
  cost: null,
  workflow: null,
  user: null,
  metadata: null,
} as unknown as TraceRow;

const blank: SpanDetail = {
  traceId: 't',
  id: 'gen',
  parentId: null,
  kind: 'generation',
  subtype: null,
  name: 'gpt-4.1',
  agent: null,
  model: 'gpt-4.1',
  tool: null,
  toolCallId: null,
  startNs: '1200000000',
  endNs: '1500000000',
  status: 'ok',
  error: null,
  usage: null,
  reportedUsage: null,
  cost: null,
  handoff: null,
  input: [],
  output: [],
  attributes: {},
  events: [],
  links: [],
  dialect: 'agents_sdk',
  scope: { name: null, version: null },
  resource: null,
};

const table = makeTable(`
planner 0 9 agent @Planner
  before 0 1 generation @Planner
  gen 1 2 generation @Planner
  other 2 3 tool @Planner
writer 3 9 agent @Writer
`);

let calls: { method: string; args: unknown }[] = [];
let answers: Record<string, (args: never) => unknown> = {};

beforeEach(() => {
  calls = [];
  answers = {};
  let receive: (message: ServerMessage) => void = () => undefined;
  engine.reconnect({
    send(message: ClientMessage) {
      if (message.verb !== 'call') return;
      calls.push({ method: message.method, args: message.args });
      const answer = answers[message.method];
      const missing = { code: 'not_found', message: `No ${message.method}.` } as const;
      queueMicrotask(() => {
        let result: unknown;
        try {
          result = answer?.(message.args as never);
        } catch {
          result = undefined;
        }
        receive(
          result === undefined
            ? { verb: 'error', id: message.id, error: missing }
            : { verb: 'answer', id: message.id, result },
        );
      });
    },
    onMessage: (listener) => {
      receive = listener;
    },
    onClose: () => undefined,
    close: () => undefined,
  });
  useSelection.setState({ traceId: 't', spanId: 'gen', edge: null });
  useSpanTab.getState().show('summary');
});

afterEach(() => {
  cleanup();
  queryClient.clear();
});

function Subject({ spans = table }) {
  const tree = useSpanTree(spans);
  return <Inspector trace={trace} tree={tree} inspectorRef={createRef()} onLeave={() => undefined} />;
}

function view(item: ContentItem, key = 1): ContentView {
  return { key, size: 10, item, preview: null };
}

function answerSpan(change: Partial<SpanDetail>): void {
  answers['span.get'] = ({ spanId }: { spanId: string }) => ({
    ...blank,
    ...(spanId === 'gen' ? change : {}),
    id: spanId,
  });
}

test('hostile messages are text: no elements, no requests, no crash', async () => {
  answerSpan({
    name: '<img src=x onerror=alert(1)>',
    output: [
      view({
        kind: 'message',
        role: 'constructor',
        parts: [{ type: 'text', content: '<script>alert(1)</script>\n![p](https://evil.example/p.png)' }],
      }),
      view(
        {
          kind: 'message',
          role: '__proto__',
          parts: [{ type: 'uri', modality: 'image', uri: 'https://evil.example/q.png' }],
        },
        2,
      ),
      view(
        {
          kind: 'message',
          role: 'tool',
          parts: [
            { type: 'blob', modality: 'image', mimeType: 'image/svg+xml', content: btoa('<svg onload="alert(1)"/>') },
          ],
        },
        3,
      ),
    ],
  });
  const { container } = render(<Subject />);
  await screen.findByText('constructor');
  expect(container.querySelector('script, iframe, object, a[href]')).toBeNull();
  expect([...container.querySelectorAll('img')].map((image) => image.src)).toEqual([]);
  expect(container.textContent).toContain('<script>alert(1)</script>');
  expect(container.textContent).toContain('not a PNG, JPEG, GIF or WebP image');
});

test('the error comes first', async () => {
  answerSpan({
    status: 'error',
    error: { type: 'Timeout', message: 'took too long' },
    output: [view({ kind: 'text', text: 'partial' })],
  });
  render(<Subject />);
  const error = await screen.findByRole('group', { name: 'Error' });
  const output = screen.getByText('partial');
  expect(error.compareDocumentPosition(output) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

test('a large value crosses the port only when asked for', async () => {
  answerSpan({ output: [{ key: 7, size: 10_000_000, item: null, preview: 'the beginning' }] });
  answers['content.get'] = () => ({ kind: 'text', text: 'the beginning and the end' });
  render(<Subject />);
  const button = await screen.findByRole('button', { name: 'Load 10 MB' });
  expect(calls.filter((call) => call.method === 'content.get')).toEqual([]);
  fireEvent.click(button);
  await screen.findByText('the beginning and the end');
  expect(calls.filter((call) => call.method === 'content.get')).toEqual([{ method: 'content.get', args: { key: 7 } }]);
});

test('history that the generation before had is folded and opens', async () => {
  const message = (text: string, key: number): ContentView =>
    view({ kind: 'message', role: 'user', parts: [{ type: 'text', content: text }] }, key);
  const input = [message('one', 1), message('two', 2), message('three', 3)];
  answers['span.get'] = ({ spanId }: { spanId: string }) => ({
    ...blank,
    id: spanId,
    input: spanId === 'gen' ? input : input.slice(0, 2),
  });
  render(<Subject />);
  fireEvent.click(await screen.findByRole('tab', { name: /Input/ }));
  const fold = await screen.findByRole('button', { name: /2 earlier messages/ });
  expect(screen.queryByText('one')).toBeNull();
  expect(screen.getByText('three')).toBeTruthy();
  fireEvent.click(fold);
  expect(screen.getByText('one')).toBeTruthy();
});

test('a tool call leads to the span with its id', async () => {
  answers['span.get'] = ({ spanId }: { spanId: string }) => ({
    ...blank,
    id: spanId,
    ...(spanId === 'gen'
      ? {
          output: [
            view({
              kind: 'message',
              role: 'assistant',
              parts: [{ type: 'tool_call', id: 'call_9', name: 'other', arguments: {} }],
            }),
          ],
        }
      : { kind: 'tool', tool: 'other', toolCallId: 'call_9' }),
  });
  render(<Subject />);
  fireEvent.click(await screen.findByRole('button', { name: 'Go to the tool call' }));
  await waitFor(() => expect(useSelection.getState().spanId).toBe('other'));
});

test('an edge shows what crossed, leads to the span, and can be returned to', async () => {
  answerSpan({});
  answers['trace.graph'] = () => ({
    nodes: [],
    edges: [
      {
        from: 'agent:Planner #2',
        to: 'agent:Writer',
        kind: 'handoff',
        count: 1,
        errors: 0,
        inferred: true,
        evidence: ['gen'],
      },
    ],
  });
  answers['trace.edge'] = () => ({
    total: 1,
    crossings: [
      {
        spanId: 'gen',
        startNs: null,
        label: 'to Writer',
        status: 'ok',
        passed: [view({ kind: 'text', text: 'the brief' })],
        returned: [],
      },
    ],
  });
  useSelection.setState({ spanId: null, edge: { from: 'agent:Planner #2', to: 'agent:Writer', kind: 'handoff' } });
  render(<Subject />);
  await screen.findByText('the brief');
  expect(screen.getByText('inferred')).toBeTruthy();
  // The name holds a '#', as ids of the expanded graph do: it must not be taken for one.
  expect(screen.getByText('Planner #2')).toBeTruthy();
  expect(calls.filter((call) => call.method === 'trace.edge').at(-1)?.args).toMatchObject({ expanded: false });
  fireEvent.click(screen.getByRole('button', { name: /to Writer/ }));
  expect(useSelection.getState()).toMatchObject({ spanId: 'gen', edge: null });
  fireEvent.click(await screen.findByRole('button', { name: /What crossed/ }));
  expect(useSelection.getState().edge).toMatchObject({ kind: 'handoff' });
});

test('an engine error says what to do and tries again', async () => {
  render(<Subject />);
  await screen.findByText('No span.get.');
  answerSpan({ name: 'back again' });
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('back again');
});

test('a span id that the trace does not hold is said to be so', async () => {
  useSelection.setState({ spanId: 'nowhere' });
  render(<Subject />);
  await screen.findByText('This span is not in the trace');
  expect(calls.filter((call) => call.method === 'span.get')).toEqual([]);
});

test('nothing selected: the trace itself', async () => {
  useSelection.setState({ spanId: null });
  render(<Subject />);
  await screen.findByText('Trip');
  fireEvent.click(screen.getByRole('button', { name: 'Planner' }));
  expect(useSelection.getState().spanId).toBe('planner');
});

test('the summary says why spans failed, and how many more did', async () => {
  useSelection.setState({ spanId: null });
  answers['span.get'] = ({ spanId }: { spanId: string }) => ({
    ...blank,
    id: spanId,
    error: { type: 'TimeoutError', message: 'no answer in 5 s' },
  });
  const failing = Array.from({ length: 7 }, (_, at) => `  try${at} ${at} ${at + 1} tool error @Planner`);
  render(<Subject spans={makeTable(`\nplanner 0 9 agent @Planner\n${failing.join('\n')}\n`)} />);
  await screen.findByText('7 spans failed');
  await waitFor(() => expect(screen.getAllByText('TimeoutError: no answer in 5 s')).toHaveLength(5));
  screen.getByText(/and 2 more/);
});

const context: SpanContext = {
  parts: [
    { kind: 'system', items: 1, bytes: 400, tokens: 100, estimated: true, repeated: 100, inputs: [0] },
    { kind: 'tools', items: 1, bytes: 400, tokens: 100, estimated: true, repeated: 0, inputs: [] },
    { kind: 'tool_output', items: 2, bytes: 3_200, tokens: 800, estimated: true, repeated: 0, inputs: [1, 2] },
  ],
  total: 1_000,
  stated: true,
  cached: 256,
  tools: [{ name: 'search', description: 'Finds rooms.', schema: { type: 'object' }, bytes: 400 }],
  previous: 'before',
  next: null,
  changes: {
    inputs: [
      { type: 'same', at: 0, before: 0, count: 1 },
      { type: 'changed', at: 1, before: 1 },
      { type: 'removed', before: 2 },
      { type: 'added', at: 2, answer: true },
    ],
    kept: 1,
    added: 1,
    removed: 1,
    changed: 1,
    compacted: { removed: 4, removedBytes: 5_000, added: 1, addedBytes: 120 },
    fresh: false,
    parameters: [{ name: 'temperature', before: 0.2 }],
    tools: { added: ['pay'], removed: [], changed: [] },
  },
};

function words(role: string, content: string, key: number): ContentView {
  return view({ kind: 'message', role, parts: [{ type: 'text', content }] }, key);
}

test('the context is divided into parts; one leads to its messages, the tools open in place', async () => {
  const input = [words('system', 'rules', 1), words('tool', 'first result', 2), words('tool', 'second result', 3)];
  answerSpan({ input });
  answers['span.context'] = () => context;
  render(<Subject />);
  const part = await screen.findByRole('row', { name: /Tool output/ });
  expect(part.textContent).toContain('2 messages80080 %');
  expect(screen.getByRole('row', { name: /from cache/ }).textContent).toContain('256');
  fireEvent.click(screen.getByRole('button', { name: 'Tool definitions' }));
  fireEvent.click(screen.getByRole('button', { name: /search/ }));
  screen.getByText('Finds rooms.');
  fireEvent.click(screen.getByRole('button', { name: 'Tool output' }));
  await waitFor(() => expect(screen.getByRole('tab', { name: /Input/ }).getAttribute('aria-selected')).toBe('true'));
  await screen.findByText('first result');
  expect([...document.querySelectorAll('[data-meant]')].map((each) => each.getAttribute('data-index'))).toEqual([
    '1',
    '2',
  ]);
});

test('changes: what stayed is folded, what changed is compared, settings and compaction are told', async () => {
  const before = [words('system', 'rules', 1), words('user', 'go to Lindau today', 2), words('user', 'old', 3)];
  const now = [words('system', 'rules', 1), words('user', 'go to Bregenz today', 4), words('assistant', 'done', 5)];
  answers['span.get'] = ({ spanId }: { spanId: string }) => ({
    ...blank,
    id: spanId,
    input: spanId === 'gen' ? now : before,
  });
  answers['span.context'] = () => context;
  render(<Subject />);
  fireEvent.click(await screen.findByRole('tab', { name: 'Changes' }));
  await screen.findByText('1 added, 1 removed, 1 changed, 1 unchanged');
  screen.getByText('The history was shortened.');
  expect(screen.getByRole('row', { name: /temperature/ }).textContent).toBe('temperature0.2not set');
  expect(document.querySelector('del:not(table *)')?.textContent).toBe('Lindau');
  expect(document.querySelector('ins:not(table *)')?.textContent).toBe('Bregenz');
  screen.getByText('New: its own answer');
  expect(screen.queryByText('rules')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '1 unchanged message' }));
  screen.getByText('rules');
  fireEvent.click(screen.getByRole('button', { name: /Generation before/ }));
  expect(useSelection.getState().spanId).toBe('before');
});

test('a call that breaks its schema says which argument and why, and what was not checked', async () => {
  answerSpan({
    output: [
      view({
        kind: 'message',
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'c', name: 'book', arguments: { rooms: [{ beds: 'two' }] } }],
      }),
    ],
  });
  const check: CallCheck = {
    tool: 'book',
    callId: 'c',
    place: { item: 0, part: 0 },
    verdict: 'invalid',
    problems: [
      { path: ['rooms', 0, 'beds'], keyword: 'type', message: 'should be an integer, and is the string "two"' },
    ],
    unchecked: ['format "date"'],
    schema: { type: 'object' },
    definedBy: 'before',
  };
  answers['span.calls'] = () => [check];
  render(<Subject />);
  const verdict = await screen.findByRole('group', { name: 'Arguments against their schema' });
  expect(verdict.textContent).toContain('rooms[0].beds should be an integer, and is the string "two"');
  expect(verdict.textContent).toContain('Not checked: format "date"');
  fireEvent.click(screen.getByRole('button', { name: 'Where it was offered' }));
  expect(useSelection.getState().spanId).toBe('before');
});

test('a link leads out of the trace only where the other trace is in the workspace', async () => {
  const link = (traceId: string) => ({ traceId, spanId: 'x', attributes: {} });
  answerSpan({ kind: 'tool', links: [link('there'), link('nowhere'), link('t')] });
  answers['trace.get'] = ({ traceId }: { traceId: string }) => {
    if (traceId === 'nowhere') throw new Error('gone');
    return { ...trace, id: traceId, name: 'The other run' };
  };
  render(<Subject />);
  fireEvent.click(await screen.findByRole('tab', { name: /Events/ }));
  await screen.findByRole('button', { name: 'Open in The other run' });
  await screen.findByText('a trace that is not in this workspace');
  screen.getByText('not received');
});
