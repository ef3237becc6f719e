import { expect, test } from 'vitest';
import { layoutGraph } from './layout.ts';
import { sampleGraph } from './testing.ts';
import { layoutInput } from './use-graph-layout.ts';
import { viewGraph } from './view-graph.ts';
import { type Place, readingOrder, type Step, walk } from './walk.ts';

const view = viewGraph(sampleGraph(), {
  tools: true,
  user: true,
  returns: true,
  guardrails: true,
  choices: new Map(),
  focus: null,
});
const layout = layoutGraph(layoutInput(view), 'LR');

function steps(from: Place | null, ...way: Step[]): Place | null {
  return way.reduce<Place | null>((place, step) => walk(layout, view.edges, place, step), from);
}

test('starts at the first node, wherever there was no focus', () => {
  expect(steps(null, 'right')).toEqual({ type: 'node', id: 'user' });
});

test('along: from node to edge to node', () => {
  expect(steps({ type: 'node', id: 'agent:Triage' }, 'right')).toEqual({
    type: 'edge',
    key: 'agent:Triage→agent:Planner:handoff',
  });
  expect(steps({ type: 'node', id: 'agent:Triage' }, 'right', 'right')).toEqual({ type: 'node', id: 'agent:Planner' });
  expect(steps({ type: 'node', id: 'agent:Planner' }, 'left', 'left')).toMatchObject({ type: 'node' });
});

test('across: every node can be reached, in reading order', () => {
  const met = ['user'];
  for (
    let place = steps({ type: 'node', id: 'user' }, 'down');
    place?.type === 'node';
    place = walk(layout, view.edges, place, 'down')
  )
    met.push(place.id);
  expect(met).toEqual(readingOrder(layout));
  expect(met).toHaveLength(view.nodes.length);
});

test('across from an edge: its neighbours, so that every edge can be reached', () => {
  const met = new Set<string>();
  const wave: (Place | null)[] = [{ type: 'node', id: 'user' }];
  for (const place of wave) {
    if (place?.type === 'edge') met.add(place.key);
    const next = (['left', 'right', 'up', 'down'] as const).map((step) => walk(layout, view.edges, place, step));
    const known = new Set(wave.map((one) => JSON.stringify(one)));
    wave.push(...next.filter((one) => one !== null && !known.has(JSON.stringify(one))));
    if (wave.length > 500) throw new Error('the walk does not end');
  }
  expect([...met].sort()).toEqual(view.edges.map((edge) => edge.key).sort());
});

test('stops at the ends', () => {
  expect(steps({ type: 'node', id: readingOrder(layout).at(-1)! }, 'down')).toBeNull();
  expect(steps({ type: 'node', id: 'user' }, 'left')).toBeNull();
});

test('an edge that is gone leads back to a node', () => {
  expect(steps({ type: 'edge', key: 'gone' }, 'right')).toEqual({ type: 'node', id: 'user' });
});
