/**
 * All that is drawn of traces as nobody would send them, from one set of facts: nothing throws, the views agree with
 * each other and with the totals, and the work grows with the trace and not with its square.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contradictions, digestOf, foundIn, type Picture } from '../../../test/support/picture.ts';
import { contentsOf } from '../../../test/support/detector-case.ts';
import { agentFact, anyFacts, fact, manyFacts, renumbered, shuffled } from '../../../test/support/span-facts.ts';
import { effectiveAgents } from './agents.ts';
import { toColumns } from './columns.ts';
import { readWords } from './content-words.ts';
import { conversationTurns } from './conversation.ts';
import { detectFaults } from './detectors/detect.ts';
import { buildGraph, crossingsOf } from './graph.ts';
import { laneFacts, toAgentTable, toTraceLanes } from './lane-views.ts';
import { buildSequence, pageOf } from './sequence.ts';
import { summarise, traceStatus } from './totals.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { findWaste } from './waste.ts';

function pictureOf(spans: readonly SpanFact[]): Picture {
  const tree = buildTree(spans);
  const agents = effectiveAgents(spans, tree);
  const lanes = laneFacts(spans, tree, agents);
  const { tokens, cost, duration } = summarise(spans);
  const status = traceStatus(spans, tree);
  const turns = conversationTurns(spans, tree, agents);
  expect(new Set(turns.map(({ index }) => index)).size).toBe(turns.length);
  return {
    detail: {
      trace: { name: '', status, tokens, cost, durationNs: duration },
      columns: toColumns(spans, tree, agents),
    },
    graph: buildGraph(spans, { expanded: false }),
    sequence: pageOf(buildSequence(spans), 0, Infinity),
    lanes: toTraceLanes(lanes),
    agents: toAgentTable(lanes),
    waste: findWaste(
      lanes,
      spans.map(() => null),
      readWords([]),
    ),
    detection: { ...detectFaults(spans, contentsOf([]), {}, tree, agents), complete: true },
  };
}

test('any spans: the views agree with each other, name spans as proof, and add up to the trace', () => {
  fc.assert(
    fc.property(anyFacts(), (spans) => {
      const picture = pictureOf(spans);
      expect(contradictions(picture)).toEqual([]);
      for (const edge of picture.graph.edges)
        expect(crossingsOf(spans, { expanded: false }, edge).map(({ spanId }) => spanId)).toEqual(edge.evidence);
    }),
    { numRuns: 300 },
  );
});

test('any spans, in any order of arrival: the same picture', () => {
  const timed = anyFacts().map((facts) => facts.map((one) => ({ ...one, start: one.start ?? 0 })));
  fc.assert(
    fc.property(
      timed.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))),
      ([facts, other]) => {
        const [one, two] = [pictureOf(renumbered(facts)), pictureOf(renumbered(other))];
        expect(digestOf(two)).toBe(digestOf(one));
        expect(foundIn(two)).toBe(foundIn(one));
      },
    ),
    { numRuns: 150 },
  );
});

test('a picture that lies is found out', () => {
  const { graph, ...picture } = pictureOf(manyFacts(300));
  expect(contradictions({ ...picture, graph })).toEqual([]);
  const [edge, ...edges] = graph.edges;
  if (!edge) throw new Error('no edges');
  const lies = [
    edges,
    [{ ...edge, evidence: ['nowhere', ...edge.evidence.slice(1)] }, ...edges],
    [{ ...edge, to: 'agent:Nobody' }, ...edges],
    [{ ...edge, count: edge.count + 1 }, ...edges],
    [{ ...edge, inferred: !edge.inferred }, ...edges],
  ];
  for (const lie of lies) expect(contradictions({ ...picture, graph: { ...graph, edges: lie } })).not.toEqual([]);
  const [row, ...rows] = picture.agents.rows;
  if (!row) throw new Error('no rows');
  const more = { ...row, tokens: { ...row.tokens, input: (row.tokens.input ?? 0) + 1 } };
  expect(contradictions({ ...picture, graph, agents: { ...picture.agents, rows: [more, ...rows] } })).toHaveLength(1);
});

type Shape = (k: number, count: number) => Partial<SpanFact>;

const SHAPES: Readonly<Record<string, Shape>> = {
  'one below the other': (k) => ({ parentId: k === 0 ? null : `s${k - 1}` }),
  'all below one': (k) => ({ parentId: k === 0 ? null : 's0', start: k, end: k + (k % 7) }),
  'a root each': () => ({}),
  'parents that never came, one for all': () => ({ parentId: 'nowhere' }),
  'parents that never came, one each': (k) => ({ parentId: `nowhere ${k}` }),
  'one ring of parents': (k, count) => ({ parentId: `s${(k + 1) % count}` }),
  'rings of two': (k) => ({ parentId: `s${k % 2 === 0 ? k + 1 : k - 1}` }),
  'without any time': () => ({ start: null, end: null }),
  'all at one moment, without length': () => ({ start: 5, end: 5 }),
  'ends before starts, children before parents': (k, count) => ({
    parentId: k === 0 ? null : `s${k >> 1}`,
    start: count - k,
    end: -k,
  }),
  'far apart': (k) => ({ start: k * 1e14, end: k * 1e14 + 1 }),
  'all still running': (k) => ({ status: 'running', start: k, end: null, parentId: k === 0 ? null : `s${k >> 3}` }),
  'a name each': (k) => ({ agent: `Agent ${k}`, tool: `tool ${k}`, start: k, end: k + 1 }),
  'handoffs to everybody': (k) => ({
    kind: k % 2 === 0 ? 'agent' : 'handoff',
    parentId: k % 2 === 0 ? null : `s${k - 1}`,
    agent: `A${k % 90}`,
    handoffTo: k % 2 === 0 ? null : `A${(k * 7) % 90}`,
    start: k,
    end: k + 1,
  }),
  'handoffs without a target': (k) => ({
    kind: k % 3 === 0 ? 'agent' : 'handoff',
    agent: `A${k % 5}`,
    start: k,
    end: k,
  }),
  'links from all to one': (k) => ({ kind: 'generation', agent: `A${k % 50}`, links: ['s0', `s${k >> 1}`] }),
  'the same call again and again': (k) => ({ kind: 'tool', tool: 'search', agent: 'A', status: 'error', start: k }),
  'agents inside tools inside agents': (k) => ({
    kind: k % 2 === 0 ? 'agent' : 'tool',
    agent: `A${k % 4}`,
    parentId: k === 0 ? null : `s${k - 1}`,
    start: k,
    end: 1e6 - k,
  }),
};

const KINDS = ['agent', 'generation', 'tool', 'chain', 'generation', 'tool'] as const;

function shaped(shape: Shape, count: number): SpanFact[] {
  return Array.from({ length: count }, (_, k) => {
    const kind = KINDS[k % KINDS.length] ?? 'chain';
    const name = `A${k % 9}`;
    return (kind === 'agent' ? agentFact : (id: string, _name: string, given: Partial<SpanFact>) => fact(id, given))(
      `s${k}`,
      name,
      { kind, tool: kind === 'tool' ? `t${k % 5}` : null, start: k, end: k + 3, seq: k, ...shape(k, count) },
    );
  });
}

test.each(Object.entries(SHAPES))('10,000 spans: %s', { timeout: 60_000 }, (_, shape) => {
  expect(contradictions(pictureOf(shaped(shape, 10_000)))).toEqual([]);
});

/** How often a fact of any span is looked at. What looks at all spans for each of them looks sixteen times as often. */
function looks(spans: readonly SpanFact[]): number {
  let count = 0;
  const watched = spans.map(
    (span) =>
      new Proxy(span, {
        get(target, key: keyof SpanFact) {
          count++;
          return target[key];
        },
      }),
  );
  pictureOf(watched);
  return count;
}

test.each([...Object.entries(SHAPES), ['as agents work', null] as const])(
  'four times the spans are not much more than four times the work: %s',
  { timeout: 60_000 },
  (_, shape) => {
    const facts = (count: number): SpanFact[] => (shape ? shaped(shape, count) : manyFacts(count));
    expect(looks(facts(2_000)) / looks(facts(500))).toBeLessThan(7);
  },
);
