import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentFact, anyFacts, fact } from '../../../test/support/span-facts.ts';
import { effectiveAgents } from './agents.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';

function agentsOf(spans: readonly SpanFact[]) {
  const agents = effectiveAgents(spans, buildTree(spans));
  const names = Object.fromEntries(spans.map((span, i) => [span.spanId, agents.names[i]]));
  const roots = agents.instances.map(({ name, root, more }) =>
    [name, ...[root, ...more].map((i) => spans[i]!.spanId)].join(' '),
  );
  return { names, roots, agents };
}

test('a span belongs to the agent it names, else to its nearest ancestor', () => {
  const { names, roots } = agentsOf([
    fact('task', { subtype: 'task' }),
    agentFact('outer', 'Planner', { parentId: 'task' }),
    fact('tool', { parentId: 'outer', kind: 'tool' }),
    agentFact('inner', 'Researcher', { parentId: 'tool' }),
    fact('call', { parentId: 'inner', kind: 'generation' }),
    fact('turn', { parentId: 'outer', agent: 'Planner', start: 5 }),
  ]);
  expect(names).toEqual({
    task: null,
    outer: 'Planner',
    tool: 'Planner',
    inner: 'Researcher',
    call: 'Researcher',
    turn: 'Planner',
  });
  expect(roots).toEqual(['Planner outer', 'Researcher inner']);
});

test('an agent span inside one of the same name is the same stay, but a new one when a tool lies between', () => {
  expect(agentsOf([agentFact('a', 'X'), agentFact('b', 'X', { parentId: 'a' })]).roots).toEqual(['X a']);
  const recursion = [
    agentFact('a', 'X'),
    fact('t', { parentId: 'a', kind: 'tool' }),
    agentFact('b', 'X', { parentId: 't' }),
  ];
  expect(agentsOf(recursion).roots).toEqual(['X a', 'X b']);
});

test('without agent spans, siblings that name the same agent one after the other are one stay', () => {
  const under = (spanId: string, agent: string, start: number, parentId: string | null): SpanFact =>
    fact(spanId, { agent, start, parentId, kind: 'generation' });
  const chat = ['X', 'X', 'Y', 'X'].map((agent, k) => under(`g${k}`, agent, k, 'chain'));
  expect(agentsOf([fact('chain'), ...chat]).roots).toEqual(['X g0 g1', 'Y g2', 'X g3']);
  // Turns whose agent span is still on its way: the parent is missing, but it is the same one.
  expect(
    agentsOf([under('t1', 'X', 1, 'later'), under('t2', 'X', 2, 'later'), under('u', 'X', 3, 'other')]).roots,
  ).toEqual(['X t1 t2', 'X u']);
});

test('an agent span without an agent is known by its name', () => {
  expect(agentsOf([fact('a', { kind: 'agent', name: 'Nameless' })]).names).toEqual({ a: 'Nameless' });
  expect(agentsOf([fact('a', { kind: 'agent', name: '' })]).names).toEqual({ a: null });
});

test('every span with an agent is in exactly one stay of that name', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const { agents } = agentsOf(facts);
      facts.forEach((_, i) => {
        const name = agents.names[i]!;
        const stay = agents.instance[i]!;
        expect(stay < 0 ? null : agents.instances[stay]!.name).toBe(name);
      });
      agents.instances.forEach(({ root, more }, k) => {
        for (const i of [root, ...more]) expect(agents.instance[i]).toBe(k);
      });
    }),
  );
});
