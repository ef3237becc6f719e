import { expect, test } from 'vitest';
import type { PatternDrawing, PatternNode } from '#shared/pattern-drawing.ts';
import {
  addNode,
  boundTimes,
  changeEdge,
  connect,
  freshName,
  keyOf,
  looseOf,
  mayBeNext,
  moveEdge,
  nodeTitle,
  printNodeNames,
  readNodeNames,
  removeEdge,
  removeNode,
  renameNode,
  shortTimes,
  sketchOf,
  textOf,
  whyNot,
  withLoose,
} from './edit.ts';

function drawn(text: string): PatternDrawing {
  const { drawing } = sketchOf(text);
  if (!drawing) throw new Error(`not understood: ${text}`);
  return drawing;
}

function node(drawing: PatternDrawing, title: string): PatternNode {
  return drawing.nodes.find((each) => nodeTitle(each) === title)!;
}

const FLOW =
  'Planner hands to Researcher, Researcher calls search 3 or more times, Researcher never returns to Planner';

test('what is drawn is what was said, and an empty text is an empty sheet', () => {
  expect(textOf(drawn(FLOW))).toBe(FLOW);
  expect(sketchOf('  ')).toEqual({ drawing: { nodes: [], edges: [] }, problems: [] });
  expect(sketchOf('Planner jumps').drawing).toBeNull();
  expect(sketchOf('Planner jumps').problems).toHaveLength(1);
});

test('arrows become steps of the verb that fits where they lead', () => {
  let drawing = addNode({ nodes: [], edges: [] }, 'agent', [{ text: 'Planner', like: false }]).drawing;
  drawing = addNode(drawing, 'tool', [{ text: 'web search', like: false }]).drawing;
  drawing = addNode(drawing, 'guardrail', [{ text: 'pii', like: false }]).drawing;
  drawing = addNode(drawing, 'agent', []).drawing;
  expect(textOf(drawing)).toBe('');
  for (const to of ['web search', 'pii', 'anyone'])
    drawing = connect(drawing, node(drawing, 'Planner'), node(drawing, to));
  const text = 'Planner calls "web search", Planner is checked by pii, Planner hands to anyone';
  expect(textOf(drawing)).toBe(text);
  expect(textOf(drawn(text))).toBe(text);
  expect(looseOf(drawing)).toEqual([]);
});

test('what stands alone is kept beside the text until an arrow reaches it', () => {
  const one = removeEdge(drawn('Planner hands to Writer'), 0);
  expect(textOf(one)).toBe('');
  expect(looseOf(one).map(nodeTitle)).toEqual(['Planner', 'Writer']);
  const again = withLoose(drawn('Planner calls search'), looseOf(one));
  expect(again.nodes.map(nodeTitle)).toEqual(['Planner', 'search', 'Writer']);
  expect(new Set(again.nodes.map(({ id }) => id)).size).toBe(3);
});

test('the same one is drawn once', () => {
  const flow = drawn(FLOW);
  const added = addNode(flow, 'agent', [{ text: 'Planner', like: false }]);
  expect(added.drawing).toBe(flow);
  expect(added.key).toBe(keyOf(node(flow, 'Planner')));
});

test('steps are changed, moved and taken away', () => {
  const flow = drawn(FLOW);
  expect(textOf(changeEdge(flow, 1, { least: 0, most: 2 }))).toContain('calls search at most 2 times');
  expect(textOf(moveEdge(flow, 2, -1))).toBe(
    'Planner hands to Researcher, Researcher never returns to Planner, Researcher calls search 3 or more times',
  );
  expect(moveEdge(flow, 0, -1)).toBe(flow);
  expect(textOf(removeEdge(flow, 0))).toBe(
    'Researcher calls search 3 or more times, Researcher never returns to Planner',
  );
  expect(textOf(removeNode(flow, node(flow, 'Planner').id))).toBe('Researcher calls search 3 or more times');
  const renamed = renameNode(flow, node(flow, 'search').id, readNodeNames('search or *fetch*')!);
  expect(textOf(renamed)).toContain('calls search or *fetch* 3 or more times');
  expect(textOf(drawn(textOf(renamed)))).toBe(textOf(renamed));
});

test('names are read as they are written, and what is no list of names is one name', () => {
  expect(readNodeNames(' ')).toBeNull();
  expect(readNodeNames('anyone')).toEqual([]);
  expect(readNodeNames('A or B')).toHaveLength(2);
  for (const odd of ['never', 'search twice', 'a, b', '3 times', 'x" or', '🦊 fox', 'calls'])
    expect(readNodeNames(odd), odd).toEqual([{ text: odd, like: false }]);
  for (const name of ['never', 'Planner', 'web search', 'it*s'])
    expect(readNodeNames(printNodeNames([{ text: name, like: false }])), name).toEqual([{ text: name, like: false }]);
});

test('an arrow that means nothing is refused, and says why', () => {
  const flow = drawn(FLOW);
  expect(whyNot(flow, node(flow, 'search'))).toContain('A tool begins nothing');
  expect(whyNot(flow, node(flow, 'Planner'), node(flow, 'search'))).toBeNull();
  expect(whyNot(flow, node(flow, 'Planner'), node(flow, 'Planner'))).toBeNull();
  const full = drawn(Array.from({ length: 50 }, () => 'A calls b').join(', '));
  expect(whyNot(full, node(full, 'A'))).toContain('50');
});

test('a new name is one of the trace that is not drawn yet, else a number', () => {
  const flow = drawn(FLOW);
  expect(freshName(flow, 'agent', ['planner', 'Writer'])).toBe('Writer');
  expect(freshName(flow, 'agent', [])).toBe('Agent 1');
  expect(freshName(drawn('"Agent 1" calls x'), 'agent', [])).toBe('Agent 2');
});

test('times are bounded and short', () => {
  expect(boundTimes(5, 3)).toEqual({ least: 5, most: 5 });
  expect(boundTimes(-1, 0)).toEqual({ least: 0, most: 1 });
  expect(boundTimes(Number.NaN, null)).toEqual({ least: 0, most: null });
  expect(boundTimes(1e9, 1e9)).toEqual({ least: 200, most: 200 });
  const words = ['once or more times', '3 or more times', 'twice', 'at most 2 times', '2 to 5 times'];
  expect(words.map((times) => drawn(`A calls b ${times}`).edges.map(shortTimes)[0])).toEqual([
    ...['', '3+ ×', '2 ×', '≤ 2 ×', '2–5 ×'],
  ]);
});

test('"immediately" needs a step before that must happen', () => {
  const flow = drawn('A calls b, A calls c at most 2 times, A calls d');
  expect(flow.edges.map((edge) => mayBeNext(flow, edge))).toEqual([false, false, false]);
  const other = drawn('A calls b, never tells X, A calls d');
  expect(other.edges.map((edge) => mayBeNext(other, edge))).toEqual([false, false, true]);
});
