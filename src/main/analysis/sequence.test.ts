import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sequence } from '#shared/sequence.ts';
import { messageAt } from '#shared/sequence-words.ts';
import {
  agentFact,
  agentsSdkTraces,
  anyFacts,
  cpuMs,
  fact,
  manyFacts,
  shuffled,
} from '../../../test/support/span-facts.ts';
import { buildGraph } from './graph.ts';
import { buildSequence, pageOf } from './sequence.ts';
import type { SpanFact } from './types.ts';

const whole = (spans: readonly SpanFact[]): Sequence => pageOf(buildSequence(spans), 0, Infinity);

/** Messages as lines; `~` = inferred, `!` = failed. */
function lines(sequence: Sequence): string[] {
  return Array.from({ length: sequence.count }, (_, k) => {
    const { from, to, kind, status, inferred } = messageAt(sequence, k);
    return `${kind} ${from} > ${to}${inferred ? ' ~' : ''}${status === 'error' ? ' !' : ''}`;
  });
}

const generation = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'generation', ...given });
const tool = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'tool', tool: spanId, ...given });

test('an agent that is one tool call is reached before it calls', () => {
  const untimed = { start: null, end: null } as const;
  const spans = [
    generation('m0', null, { agent: 'Expert', seq: 0, ...untimed }),
    tool('m1', null, { agent: 'Terminal', seq: 1, ...untimed }),
  ];
  expect(lines(whole(spans))).toEqual([
    'message User > Expert',
    'handoff Expert > Terminal ~',
    'tool_call Terminal > m1',
    'tool_result m1 > Terminal',
  ]);
});

test('seven agents with handoffs, agents as tools and two runs (recorded)', () => {
  const [article = []] = agentsSdkTraces('js03-multi-agent/input.json');
  const sequence = whole(article);
  expect(lines(sequence)).toEqual([
    'message User > Triage',
    'handoff Triage > Planner',
    'agent_call Planner > Fact checker',
    'agent_call Planner > Researcher',
    'tool_call Fact checker > web_search',
    'tool_call Researcher > fetch_page !',
    'tool_call Researcher > web_search',
    'tool_call Researcher > web_search',
    'tool_result fetch_page > Researcher !',
    'tool_result web_search > Fact checker',
    'tool_result web_search > Researcher',
    'tool_result web_search > Researcher',
    'return Fact checker > Planner',
    'tool_call Researcher > fetch_page',
    'tool_result fetch_page > Researcher',
    'return Researcher > Planner',
    'handoff Planner > Writer',
    'tool_call Writer > save_draft',
    'tool_result save_draft > Writer',
    'tool_call Writer > save_draft',
    'tool_result save_draft > Writer',
    'handoff Writer > Reviewer',
    'message Reviewer > User',
    'message User > Summarizer',
    'message Summarizer > User',
  ]);
  expect(sequence.participants.map(({ id }) => id)).toEqual([
    'user',
    'agent:Triage',
    'agent:Planner',
    'agent:Fact checker',
    'agent:Researcher',
    'tool:web_search',
    'tool:fetch_page',
    'agent:Writer',
    'tool:save_draft',
    'agent:Reviewer',
    'agent:Summarizer',
  ]);
});

test('a result that passed through a handoff comes back when the last agent is done', () => {
  const sequence = whole([
    agentFact('boss', 'Boss', { start: 0, end: 100 }),
    agentFact('a', 'A', { parentId: 'boss', start: 10, end: 20 }),
    fact('h', { parentId: 'a', kind: 'handoff', start: 20, end: 20, handoffFrom: 'A', handoffTo: 'B' }),
    agentFact('b', 'B', { parentId: 'boss', start: 21, end: 60 }),
    tool('t', 'b', { start: 30, end: 40 }),
  ]);
  expect(lines(sequence)).toEqual([
    'message User > Boss',
    'agent_call Boss > A',
    'handoff A > B',
    'tool_call B > t',
    'tool_result t > B',
    'return B > Boss',
  ]);
});

test('without any time the tree gives the order, and the doubts say so', () => {
  const none = { start: null, end: null };
  const sequence = whole([
    agentFact('a', 'A', none),
    generation('g', 'a', { ...none, seq: 1 }),
    tool('t', 'a', { ...none, seq: 2 }),
    tool('u', 'a', { ...none, seq: 3, status: 'running' }),
  ]);
  expect(lines(sequence)).toEqual(['message User > A', 'tool_call A > t', 'tool_result t > A', 'tool_call A > u']);
  expect(sequence.doubts).toEqual({ untimed: 4, skewed: 0, missingParents: 0, cyclicParents: 0, running: 1 });
  expect(sequence.time.every(Number.isNaN)).toBe(true);
  const { activations } = sequence;
  expect([...activations.from].map((from, k) => [activations.participant[k], from, activations.to[k]])).toEqual([
    [1, 0, 3],
    [2, 1, 2],
    [3, 3, 3],
  ]);
  expect([...activations.open]).toEqual([0, 0, 1]);
});

test('starts cut to milliseconds stand behind the ends that they follow', () => {
  const sequence = whole([
    agentFact('a', 'A', { start: 0, end: 9e6 }),
    tool('t', 'a', { start: 1e6, end: 2_700_000 }),
    tool('u', 'a', { start: 2e6, end: 3_100_000 }),
  ]);
  expect(lines(sequence).slice(1)).toEqual([
    'tool_call A > t',
    'tool_result t > A',
    'tool_call A > u',
    'tool_result u > A',
  ]);
});

test('counts and proofs are those of the graph, whatever is sent', () => {
  fc.assert(
    fc.property(anyFacts(), (spans) => {
      const graph = buildGraph(spans, { expanded: false });
      const sequence = whole(spans);
      const counted = new Map<string, string[]>();
      for (let k = 0; k < sequence.count; k++) {
        const { kind, spanId } = messageAt(sequence, k);
        const ends = [sequence.from[k], sequence.to[k]].map((index) => sequence.participants[index ?? -1]?.id);
        if (kind === 'tool_result') {
          const call = counted.get(`tool_call ${ends[1]} ${ends[0]}`) ?? [];
          expect(call).toContain(spanId);
          continue;
        }
        const key = `${kind} ${ends.join(' ')}`;
        counted.set(key, [...(counted.get(key) ?? []), spanId]);
      }
      const edges = new Map(graph.edges.map(({ kind, from, to, evidence }) => [`${kind} ${from} ${to}`, evidence]));
      const sorted = (all: ReadonlyMap<string, readonly string[]>): string[] =>
        [...all].map(([key, ids]) => `${key}: ${[...ids].sort().join(' ')}`).sort();
      expect(sorted(counted)).toEqual(sorted(edges));
      expect(sequence.participants.map(({ id }) => id).sort()).toEqual(graph.nodes.map(({ id }) => id).sort());
    }),
  );
});

test('the order of arrival changes nothing', () => {
  fc.assert(
    fc.property(
      anyFacts().chain((spans) => fc.tuple(fc.constant(spans), shuffled(spans))),
      ([spans, other]) => {
        expect(whole(other)).toEqual(whole(spans));
      },
    ),
  );
});

test('a repeat counts its failed rounds, not the call and the result of each', () => {
  const calls = Array.from({ length: 4 }, (_, k) =>
    tool(`t${k}`, 'a', { tool: 'f', status: k < 3 ? 'error' : 'ok', start: 10 * k, end: 10 * k + 5 }),
  );
  const { folds } = whole([agentFact('a', 'A', { start: 0, end: 100 }), ...calls]);
  expect([...folds.period]).toEqual([2]);
  expect([...folds.count]).toEqual([4]);
  expect([...folds.errors]).toEqual([3]);
});

test('pages are cut from the whole', () => {
  const all = whole(manyFacts(400));
  const built = buildSequence(manyFacts(400));
  const seen: string[] = [];
  let cursor: number | null = 0;
  while (cursor !== null) {
    const page: Sequence = pageOf(built, cursor, 70);
    expect(page.first).toBe(cursor);
    seen.push(...lines(page));
    const { start, period, count } = page.folds;
    start.forEach((from, k) => {
      expect(from).toBeLessThan(page.first + page.count);
      expect(from + (period[k] ?? 0) * (count[k] ?? 0)).toBeGreaterThan(page.first);
    });
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(lines(all));
});

test('100,000 spans are in order and folded in far less than two seconds', () => {
  const spans = manyFacts(100_000);
  expect(cpuMs(() => buildSequence(spans))).toBeLessThan(2_000);
  const nested = Array.from({ length: 50_000 }, (_, k) =>
    agentFact(`a${k}`, `A${k % 3}`, { parentId: k === 0 ? null : `a${k - 1}`, start: k, end: 200_000 - k }),
  );
  expect(cpuMs(() => buildSequence(nested))).toBeLessThan(2_000);
}, 60_000);
