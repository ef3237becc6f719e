/** Span facts for tests of analysis: by hand, from decoded fixtures, and as fast-check arbitraries. */
import type { SpanFact } from '../../src/main/analysis/types.ts';
import type { NormalisedRecord, SpanRecord, Usage } from '#shared/record.ts';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { agentsSdk } from '../../src/main/formats/agents-sdk/index.ts';

export function fact(spanId: string, given: Partial<SpanFact> = {}): SpanFact {
  return {
    spanId,
    parentId: null,
    kind: 'custom',
    subtype: null,
    name: spanId,
    agent: null,
    model: null,
    tool: null,
    start: 0,
    end: 1,
    status: 'ok',
    usage: null,
    reportedUsage: null,
    cost: null,
    handoffFrom: null,
    handoffTo: null,
    links: [],
    dialect: 'test',
    seq: 0,
    ...given,
  };
}

export function agentFact(spanId: string, name: string, given: Partial<SpanFact> = {}): SpanFact {
  return fact(spanId, { kind: 'agent', name, agent: name, ...given });
}

export function usage(input: number | null, output: number | null, rest: Partial<Usage> = {}): Usage {
  return { input, output, cacheRead: null, cacheWrite: null, reasoning: null, ...rest };
}

/** The traces of a recorded Agents SDK body, each as its spans' facts in order of arrival. */
export function agentsSdkTraces(fixture: string): SpanFact[][] {
  const path = resolve(import.meta.dirname, '../fixtures/formats/agents-sdk', fixture);
  const decoded = agentsSdk.decode(readFileSync(path), {
    name: null,
    contentType: 'application/json',
    userAgent: null,
  });
  if (!decoded.ok) throw new Error(decoded.error.message);
  return factsOf(decoded.value.records);
}

export function factsOf(records: readonly NormalisedRecord[]): SpanFact[][] {
  const traces = new Map<string, SpanRecord[]>();
  for (const record of records) {
    if (record.type === 'span') traces.set(record.traceId, [...(traces.get(record.traceId) ?? []), record]);
  }
  return [...traces.values()].map((spans) => {
    const first = spans.reduce<bigint | null>(
      (least, { start }) => (least === null || (start !== null && start < least) ? start : least),
      null,
    );
    const offset = (time: bigint | null): number | null => (time === null ? null : Number(time - (first ?? 0n)));
    return spans.map((span, seq) => ({
      ...span,
      start: offset(span.start),
      end: offset(span.end),
      handoffFrom: span.handoff?.from ?? null,
      handoffTo: span.handoff?.to ?? null,
      links: span.links.filter((link) => link.traceId === span.traceId).map((link) => link.spanId),
      dialect: span.origin.dialect,
      seq,
    }));
  });
}

const NAMES = ['Planner', 'Writer', 'Billing agent', '__proto__'];

/**
 * Traces as nobody would send them: any parent (also missing ones, itself and cycles), few distinct times, unknown
 * times, every kind. `seq` is the place in the list.
 */
export function anyFacts(maxLength = 40): fc.Arbitrary<SpanFact[]> {
  const time = fc.option(fc.integer({ min: 0, max: 20 }), { freq: 6 });
  const tokens = fc.option(
    fc.record({
      input: fc.nat(100),
      output: fc.nat(100),
      cacheRead: fc.constant(null),
      cacheWrite: fc.constant(null),
      reasoning: fc.option(fc.nat(9)),
    }),
  );
  const shape = fc.record({
    parent: fc.option(fc.nat(maxLength + 3), { freq: 4 }),
    kind: fc.constantFrom<SpanFact['kind'][]>('agent', 'generation', 'tool', 'handoff', 'chain', 'custom'),
    subtype: fc.constantFrom(null, 'task', 'turn'),
    dialect: fc.constantFrom('agents_sdk', 'other'),
    agent: fc.option(fc.constantFrom(...NAMES), { freq: 2 }),
    start: time,
    end: time,
    status: fc.constantFrom<SpanFact['status'][]>('ok', 'error', 'unset', 'running'),
    usage: tokens,
    reportedUsage: tokens,
    cost: fc.option(fc.integer({ min: 0, max: 9 }).map((n) => n / 10)),
    handoffFrom: fc.option(fc.constantFrom(...NAMES)),
    handoffTo: fc.option(fc.constantFrom(...NAMES, 'billing_agent', 'Nobody')),
    link: fc.option(fc.nat(maxLength)),
  });
  return fc.array(shape, { maxLength }).map((shapes) =>
    shapes.map(({ parent, link, ...rest }, k) =>
      fact(`s${k}`, {
        ...rest,
        parentId: parent === null ? null : `s${parent}`,
        links: link === null ? [] : [`s${link}`],
        seq: k,
      }),
    ),
  );
}

/** The same spans as they would have arrived in another order. */
export function shuffled(facts: readonly SpanFact[]): fc.Arbitrary<SpanFact[]> {
  return fc.shuffledSubarray([...facts], { minLength: facts.length });
}

/** As if they had arrived in the order of the list. */
export function renumbered(facts: readonly SpanFact[]): SpanFact[] {
  return facts.map((one, seq) => ({ ...one, seq }));
}

/** A trace of many spans: runs of an agent that calls models and tools, and now and then another agent. */
export function manyFacts(count: number): SpanFact[] {
  const facts: SpanFact[] = [];
  const add = (given: Partial<SpanFact>): string => {
    const id = `span_${(facts.length * 7919).toString(16).padStart(24, '0')}`;
    const start = facts.length * 1000;
    facts.push(fact(id, { start, end: start + 900, seq: facts.length, ...given }));
    return id;
  };
  const root = add({
    kind: 'chain',
    subtype: 'task',
    dialect: 'agents_sdk',
    end: count * 1000,
    reportedUsage: usage(count, count),
  });
  for (let run = 0; facts.length < count; run++) {
    const name = `Agent ${run % 20}`;
    const agent = add({ kind: 'agent', parentId: root, name, agent: name });
    for (let turn = 0; turn < 10; turn++) {
      const inTurn = add({
        kind: 'chain',
        subtype: 'turn',
        dialect: 'agents_sdk',
        parentId: agent,
        reportedUsage: usage(100, 20),
      });
      add({ kind: 'generation', parentId: inTurn, model: `model-${run % 5}` });
      for (let k = 0; k < 6; k++) add({ kind: 'tool', parentId: inTurn, name: `tool ${k}`, tool: `tool ${k}` });
    }
    add({ kind: 'handoff', parentId: agent, handoffFrom: name, handoffTo: `Agent ${(run + 1) % 20}` });
  }
  return facts.slice(0, count);
}

/** Milliseconds of processor time, which other programs on a busy machine do not inflate as they do wall time. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
