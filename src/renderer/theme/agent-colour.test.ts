import { expect, test } from 'vitest';
import { agentColour, agentColourIndex, tellAgentsApart } from './agent-colour.ts';

test('a name keeps its colour', () => {
  // Recorded: a change here repaints every trace that people know.
  expect(['Planner', 'Writer', 'Researcher', '🤖 Übersetzer'].map(agentColourIndex)).toMatchInlineSnapshot(`
    [
      9,
      8,
      7,
      0,
    ]
  `);
  expect(agentColour('Planner')).toBe(agentColour('Planner'));
});

test('names spread over all colours', () => {
  const counts = new Array<number>(10).fill(0);
  for (let index = 0; index < 10_000; index++) counts[agentColourIndex(`agent ${index}`)]!++;
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
});

test('no agent is neutral, and a huge name costs nothing', () => {
  expect(agentColour('').solid).toBe('var(--agent-none)');
  expect(agentColour('x'.repeat(10_000_000)).solid).toMatch(/^var\(--agent-\d\)$/);
});

test('ten agents of one trace have ten colours, and a late one recolours nobody', () => {
  const names = Array.from({ length: 10 }, (_, index) => `Agent ${index}`);
  tellAgentsApart(names.slice(0, 9));
  const before = names.slice(0, 9).map((name) => agentColour(name).solid);
  tellAgentsApart(names);
  expect(names.slice(0, 9).map((name) => agentColour(name).solid)).toEqual(before);
  expect(new Set(names.map((name) => agentColour(name).solid)).size).toBe(10);
  tellAgentsApart([]);
});
