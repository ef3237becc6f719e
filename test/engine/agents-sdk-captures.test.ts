/**
 * Recorded runs of the Agents SDKs: handoffs and agents as tools are exactly those of the programs that were recorded,
 * and exactly those that the recorded spans state, read here without any of our decoders.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { AgentGraph, GraphEdge } from '#shared/graph.ts';
import { startEngine } from '../support/workspace.ts';

const ROOT = join(import.meta.dirname, '../fixtures/formats');
const recordings = ['agents-sdk', 'recorded'].flatMap((format) =>
  readdirSync(join(ROOT, format))
    .filter((name) => /^(?:js|py)\d/.test(name))
    .map((name) => `${format}/${name}`),
);

/** What the recorded programs do, by name of the trace; those that are not here hand nothing over and call no agent. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'Weather desk': ['Triage handoff Weather specialist x1'],
  'Article factory': [
    'Planner agent_call Fact checker x1',
    'Planner agent_call Researcher x1',
    'Planner handoff Writer x1',
    'Triage handoff Planner x1',
    'Writer handoff Reviewer x1',
  ],
  'All helpers': ['A handoff B x1'],
  'All span types (py)': ['Triage handoff B x1'],
};

type Span = { readonly id: string; readonly parent: string | null; readonly trace: string; readonly data: Data };
type Data = Readonly<{ type: string; name?: string; from_agent?: string | null; to_agent?: string | null }>;

test.each(recordings)('%s', async (recording) => {
  const folder = join(ROOT, recording);
  const input = join(folder, readdirSync(folder).find((file) => file.startsWith('input.')) ?? '');
  const stated = statedIn(input);
  const engine = await startEngine({ httpPort: null });
  const { traceIds } = await engine.call('import.run', { jobId: 'x', paths: [input] });
  await engine.settle();
  for (const traceId of traceIds) {
    const graph = await engine.call('trace.graph', { traceId });
    const { name } = await engine.call('trace.get', { traceId });
    const found = passes(graph);
    expect(found, `${name}: the spans`).toEqual(stated.get(traceId) ?? []);
    // The second trace of that name only follows up.
    const script = found.length === 0 && name === 'Article factory' ? [] : (SCRIPTS[name] ?? []);
    expect(found, `${name}: the program`).toEqual(script);
  }
  expect(traceIds.length).toBeGreaterThan(0);
});

test('every handoff and every agent as a tool of the programs was met', () => {
  const met = recordings.flatMap((recording) => {
    const folder = join(ROOT, recording);
    const input = readdirSync(folder).find((file) => file.startsWith('input.')) ?? '';
    return [...statedIn(join(folder, input)).values()].flat();
  });
  expect([...new Set(met)].sort()).toEqual([...new Set(Object.values(SCRIPTS).flat())].sort());
});

test('js08-big: thirty workers, sixty calls each, those of every seventeenth unit fail', async () => {
  const engine = await startEngine({ httpPort: null });
  const paths = [join(ROOT, 'agents-sdk/js08-big/input.jsonl.gz')];
  const { traceIds } = await engine.call('import.run', { jobId: 'x', paths });
  const { edges } = await engine.call('trace.graph', { traceId: traceIds[0] ?? '' });
  const calls = edges.filter(({ kind }) => kind === 'tool_call').map(line);
  const expected = Array.from({ length: 30 }, (_, worker) => {
    const units = Array.from({ length: 60 }, (_unit, unit) => worker * 100 + unit);
    return `Worker ${worker} tool_call work x60 !${units.filter((unit) => unit % 17 === 0).length}`;
  });
  expect(calls.sort()).toEqual(expected.sort());
  expect(edges.filter(({ kind }) => kind !== 'tool_call').map(line)).toHaveLength(60);
});

function passes({ edges }: AgentGraph): string[] {
  return edges
    .filter(({ kind }) => kind === 'handoff' || kind === 'agent_call')
    .map(line)
    .sort();
}

function line({ from, to, kind, count, errors, inferred }: GraphEdge): string {
  const bare = (id: string): string => id.replace(/^(?:agent|tool):/, '');
  return `${bare(from)} ${kind} ${bare(to)} x${count}${errors > 0 ? ` !${errors}` : ''}${inferred ? ' ?' : ''}`;
}

/** By trace: handoff spans with both names, and agents inside of a tool call that is inside of another agent. */
function statedIn(path: string): Map<string, string[]> {
  const spans = spansIn(path);
  const byId = new Map(spans.map((span) => [span.id, span]));
  const counts = new Map<string, Map<string, number>>();
  for (const span of byId.values()) {
    const { type, from_agent: from, to_agent: to, name } = span.data;
    const caller = type === 'agent' ? callerOf(span, byId) : null;
    const text =
      type === 'handoff' && from && to
        ? `${from} handoff ${to}`
        : caller === null
          ? null
          : `${caller} agent_call ${name ?? ''}`;
    if (text === null) continue;
    const ofTrace = counts.get(span.trace) ?? new Map<string, number>();
    counts.set(span.trace, ofTrace.set(text, (ofTrace.get(text) ?? 0) + 1));
  }
  return new Map(
    [...counts].map(([trace, found]) => [trace, [...found].map(([text, count]) => `${text} x${count}`).sort()]),
  );
}

function callerOf(agent: Span, byId: ReadonlyMap<string, Span>): string | null {
  let inTool = false;
  for (let up = byId.get(agent.parent ?? ''); up; up = byId.get(up.parent ?? '')) {
    if (up.data.type === 'function') inTool = true;
    if (up.data.type === 'agent') return inTool ? (up.data.name ?? '') : null;
  }
  return null;
}

function spansIn(path: string): Span[] {
  const stored = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(stored) : stored).toString('utf8');
  const values = text.split('\n').filter((each) => each.trim() !== '');
  const documents = isJson(text) ? [text] : values;
  const found: Span[] = [];
  const open: unknown[] = documents.map((each) => JSON.parse(each) as unknown);
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string' && value.startsWith('{') && isJson(value)) open.push(JSON.parse(value));
    if (typeof value !== 'object' || value === null) continue;
    const { object, id, parent_id: parent, trace_id: trace, span_data: data } = value as Record<string, unknown>;
    if (object === 'trace.span') {
      found.push({ id: String(id), parent: parent as string | null, trace: String(trace), data: data as Data });
    } else {
      open.push(...(Object.values(value) as unknown[]).filter((each) => each !== undefined));
    }
  }
  return found;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
