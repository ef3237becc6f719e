import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AnnotationRecord } from '#shared/record.ts';
import { decodeText, fixture, type Sorted } from '../../../../test/formats/decoding.ts';
import { whoAndWhen } from './index.ts';

type Published = { readonly file: string; readonly document: { readonly history: readonly unknown[] } };

/** All 87 logs of the benchmark; their messages are cut, nothing else is. */
const published = new TextDecoder()
  .decode(fixture('who-and-when/cut.jsonl.gz'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Published);

function read(folder: string): readonly (Published & { readonly decoded: Sorted })[] {
  return published
    .filter(({ file }) => file.startsWith(folder))
    .map((each) => ({ ...each, decoded: decodeText(whoAndWhen, JSON.stringify(each.document), each.file) }));
}

/** The rule that the ground truth was counted by. */
function digest(lines: readonly string[]): string {
  const sorted = lines.map((line) => Buffer.from(line)).sort((a, b) => Buffer.compare(a, b));
  return createHash('sha256')
    .update(Buffer.concat(sorted.flatMap((line, at) => (at ? [Buffer.from('\n'), line] : [line]))))
    .digest('hex')
    .slice(0, 16);
}

function blame({ agent, target }: AnnotationRecord): string {
  return `${agent}|${target.id?.slice(1)}`;
}

test.each([
  ['Algorithm-Generated/', { traces: 55, messages: 489, agents: 42, steps: 180, digest: 'f19e489556657f64' }],
  ['Hand-Crafted/', { traces: 32, messages: 1633, agents: 4, steps: 483, digest: '0c013a1e89004b0d' }],
])('%s says what its authors published', (folder, expected) => {
  const logs = read(folder);
  const blames = logs.map(({ decoded }) => decoded.annotations[0]!);
  expect({
    traces: logs.length,
    messages: logs.reduce((sum, { decoded }) => sum + decoded.spans.length, 0),
    agents: new Set(blames.map(({ agent }) => agent)).size,
    steps: blames.reduce((sum, { target }) => sum + Number(target.id?.slice(1)), 0),
    digest: digest(logs.map(({ file, decoded }) => `${file}|${blame(decoded.annotations[0]!)}`)),
  }).toEqual(expected);
  for (const { file, document, decoded } of logs) {
    expect(decoded.spans.map(({ spanId }) => spanId)).toEqual(document.history.map((_, index) => `m${index}`));
    expect(decoded.spans.every(({ start, end }) => start === null && end === null)).toBe(true);
    expect(decoded.annotations).toHaveLength(1);
    expect(decoded.issues).toEqual([]);
    expect(decoded.traces[0]).toMatchObject({ traceId: `who-and-when:${file}`, metadata: { file } });
  }
});

test('a speaker is an agent, the terminal a tool that may fail, and the prompt the agent’s own', () => {
  const { spans } = decodeText(whoAndWhen, fixture('who-and-when/algorithm-generated-17/input.json.gz'));
  const tools = spans.filter(({ kind }) => kind === 'tool');
  expect(tools.length).toBeGreaterThan(0);
  expect(new Set(tools.map(({ agent, tool }) => `${agent} ${tool}`))).toEqual(
    new Set(['Computer_terminal Computer_terminal']),
  );
  for (const { output, status } of tools) {
    const text = output[0]?.kind === 'text' ? output[0].text : '';
    expect(status).toBe(text.startsWith('exitcode: 0') ? 'ok' : text.startsWith('exitcode: 1') ? 'error' : 'unset');
  }
  expect(spans[0]).toMatchObject({ kind: 'generation', agent: 'MarineBiology_Expert', parentId: null });
  expect(spans[0]?.input[0]).toMatchObject({ role: 'system' });
});

test('Hand-Crafted: roles are handoffs, thoughts and replies below the handoff that they answer', () => {
  const { spans, annotations } = decodeText(whoAndWhen, fixture('who-and-when/hand-crafted-58/input.json.gz'));
  const handoffs = spans.filter(({ kind }) => kind === 'handoff');
  expect(handoffs.every(({ handoff }) => handoff?.from === 'Orchestrator' && handoff.to !== null)).toBe(true);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const replies = spans.filter(({ parentId }) => parentId !== null);
  expect(replies.length).toBeGreaterThan(0);
  for (const reply of replies) expect(byId.get(reply.parentId!)?.handoff?.to).toBe(reply.agent);
  expect(spans.filter(({ kind }) => kind === 'tool').every(({ tool }) => tool === 'ComputerTerminal')).toBe(true);
  expect(spans.filter(({ subtype }) => subtype === 'thought')[0]?.output[0]).toMatchObject({
    parts: [{ type: 'reasoning' }],
  });
  expect(annotations).toHaveLength(1);
});

test('the blamed agent stays the annotators’ word where somebody else acted at that step', () => {
  const { spans, annotations } = decodeText(whoAndWhen, fixture('who-and-when/hand-crafted-22/input.json.gz'));
  const [blamed] = annotations;
  expect(blamed?.agent).toBe('FileSurfer');
  expect(spans.find(({ spanId }) => spanId === blamed?.target.id)?.agent).toBe('WebSurfer');
  expect(blamed).toMatchObject({
    isRootCause: true,
    taxonomy: 'who_and_when',
    extra: { mistake_step: expect.any(String) as string },
  });
});

test('a step that is no message blames the trace, and the step is kept', () => {
  const log = {
    question: 'Q',
    mistake_agent: 'A',
    mistake_step: '7',
    mistake_reason: 'R',
    history: [{ name: 'A', role: 'user', content: 'x' }],
  };
  const { annotations, issues } = decodeText(whoAndWhen, JSON.stringify(log));
  expect(annotations[0]).toMatchObject({ target: { kind: 'trace' }, extra: { mistake_step: '7' } });
  expect(issues.map(({ code }) => code)).toEqual(['invalid_item']);
});

test.each([
  ['a list', (logs: readonly unknown[]) => JSON.stringify(logs, null, 2)],
  ['JSON lines', (logs: readonly unknown[]) => logs.map((log) => JSON.stringify(log)).join('\r\n')],
])('%s of logs: a trace each, with its verdict', (_, write) => {
  const logs = published.slice(0, 3).map(({ document }) => document);
  const text = write([...logs, { no: 'log' }]);
  expect(whoAndWhen.detect(Buffer.from(text), null)).toBeGreaterThan(0.9);
  const { traces, annotations, spans, issues } = decodeText(whoAndWhen, text, 'data/all.json');
  expect(traces.map(({ traceId }) => traceId)).toEqual([1, 2, 3].map((at) => `who-and-when:data/all.json:${at}`));
  expect(annotations.map(({ traceId }) => traceId)).toEqual(traces.map(({ traceId }) => traceId));
  expect(spans).toHaveLength(logs.reduce((sum, { history }) => sum + history.length, 0));
  expect(issues.map(({ message }) => message)).toEqual(['Entry 4 is no log of Who&When.']);
});
