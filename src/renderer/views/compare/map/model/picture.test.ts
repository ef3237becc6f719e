import { expect, test } from 'vitest';
import type { BehaviourMap, GroupShare } from '#shared/behaviour.ts';
import { cutToWidth, drawnMap, layoutInputOf, leastAtFirst, MOST_DRAWN } from './picture.ts';
import { drawSequence } from './sequence.ts';
import { namesOf, percent, rankEdges, separationWords } from './words.ts';
import { tableOf } from '../map-export.ts';

const share = (runs: number, of: number, times = runs): GroupShare => ({
  runs,
  share: of === 0 ? 0 : runs / of,
  range: { low: 0, high: 1 },
  times,
  passRate: null,
  cost: null,
});

function mapOf(tools: readonly (readonly [name: string, a: number, b: number])[], of = 10): BehaviourMap {
  const group = (label: string) => ({ label, runs: of, passed: 0, failed: 0 });
  const both = (a: number, b: number) => ({ groups: [share(a, of, 2 * a), share(b, of)], traces: [[], []] });
  return {
    groups: [group('A'), group('B')],
    traces: [],
    nodes: [
      { id: 'agent:same', kind: 'agent', name: 'same', ...both(of, of) },
      ...tools.map(([name, a, b]) => ({ id: `tool:${name}`, kind: 'tool' as const, name, ...both(a, b) })),
    ],
    edges: tools.map(([name, a, b]) => ({
      from: 'agent:same',
      to: `tool:${name}`,
      kind: 'tool_call',
      ...both(a, b),
      separates: { delta: (b - a) / of, p: 0.01, pAdjusted: a === b ? 1 : 0.02 },
    })),
    steps: tools.map(([name, a, b]) => ({
      from: 'agent:same',
      to: `tool:${name}`,
      kind: 'tool_call',
      label: name,
      othersBefore: 1,
      ...both(a, b),
    })),
    othersAfter: 2,
    moreNodes: 0,
    moreEdges: 0,
    left: 0,
    undecided: 0,
    tasks: 0,
    shared: 0,
  };
}

const everything = { least: 0, tools: true, returns: true, passes: true };

test('only what enough traces of either group have is drawn', () => {
  const map = mapOf([
    ['often', 9, 1],
    ['seldom', 1, 2],
  ]);
  expect(drawnMap(map, { ...everything, least: 0.5 }).edges.map(({ to }) => to)).toEqual(['tool:often']);
  expect(drawnMap(map, { ...everything, tools: false })).toMatchObject({ edges: [], omitted: 0 });
  const [often, seldom] = drawnMap(map, everything).edges;
  expect([often?.lean, seldom?.lean]).toEqual(['a', 'both']);
  expect(often?.parts.map(({ text }) => text).join('')).toBe('A 90 % · B 10 %');
});

test('an agent and a tool of one name stay two, and say which', () => {
  const map = mapOf([['same', 5, 5]]);
  expect(layoutInputOf(drawnMap(map, everything)).nodes.map(({ id }) => id)).toEqual(['agent:same', 'tool:same']);
  expect(namesOf(map)('tool:same')).toBe('same (tool)');
});

test('very many edges: the picture is bounded and begins readable', () => {
  const map = mapOf(Array.from({ length: 1_000 }, (_, k) => [`tool ${k}`, k % 11, 3] as const));
  const drawn = drawnMap(map, everything);
  expect(drawn.edges.length).toBeLessThanOrEqual(MOST_DRAWN);
  expect(drawn.edges.length + drawn.omitted).toBe(1_000);
  expect(leastAtFirst(map)).toBeGreaterThan(0.5);
});

test('what separates most stands first, with a sentence', () => {
  const map = mapOf([
    ['alike', 5, 5],
    ['apart', 1, 9],
  ]);
  const [first] = rankEdges(map);
  expect(first?.to).toBe('tool:apart');
  expect(first && separationWords(first, map.groups)).toMatch(/^More often in B: 1 of 10 in A, 9 of 10 in B\./);
});

test('steps that the slider hides are counted among the others', () => {
  const map = mapOf([
    ['often', 9, 9],
    ['seldom', 1, 1],
    ['last', 8, 8],
  ]);
  const rows = drawSequence(map, 0.5).rows.map((row) => (row.type === 'step' ? row.step.label : row.count));
  expect(rows).toEqual([1, 'often', 1 + 2 + 1, 'last', 2]);
});

test('long names are cut at a letter, not inside one', () => {
  expect(cutToWidth('short', 100, 7)).toBe('short');
  const family = '👩‍👩‍👧‍👧';
  const cut = cutToWidth(family.repeat(50), 120, 7);
  expect(cut.endsWith('…')).toBe(true);
  expect(cut.slice(0, -1).replaceAll(family, '')).toBe('');
});

test('shares near the ends are not rounded to them', () => {
  expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(['0 %', '<1 %', '50 %', '>99 %', '100 %']);
});

test('the table has a row for each part and group, all equally long', () => {
  const rows = tableOf(mapOf([['often', 9, 1]]));
  expect(rows).toHaveLength(1 + 2 * (2 + 1 + 1));
  expect(new Set(rows.map((row) => row.length)).size).toBe(1);
});
