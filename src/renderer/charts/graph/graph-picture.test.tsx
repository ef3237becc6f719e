import { createRef } from 'react';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { AgentGraph } from '#shared/graph.ts';
import type { FaultMark } from '../fault-mark.ts';
import { coursesOf, type RowTimes } from './course.ts';
import { GraphPicture, nameSize } from './graph-picture.tsx';
import { layoutGraph } from './layout.ts';
import { graphEdge, graphNode, sampleGraph } from './testing.ts';
import { layoutInput } from './use-graph-layout.ts';
import type { WatchCursor } from '../watch-cursor.ts';
import type { Zoom } from './use-zoom.ts';
import { viewGraph } from './view-graph.ts';

afterEach(cleanup);

function show(
  graph: AgentGraph,
  selectedEdge?: string,
  faults: ReadonlyMap<string, FaultMark> = new Map(),
  live?: { readonly times: RowTimes; readonly watch: WatchCursor },
) {
  const view = viewGraph(graph, {
    tools: true,
    user: true,
    returns: true,
    guardrails: true,
    choices: new Map(),
    focus: null,
  });
  const layout = layoutGraph(layoutInput(view), 'LR');
  const onOpen = vi.fn();
  const onClear = vi.fn();
  const onFold = vi.fn();
  const onFault = vi.fn();
  const zoomRef = createRef<Zoom>();
  const selected = { nodes: new Set<string>(), edges: new Set(selectedEdge === undefined ? [] : [selectedEdge]) };
  const courses = live ? coursesOf(view, live.times, Number) : null;
  const picture = () => (
    <GraphPicture
      view={view}
      layout={layout}
      pane={{ width: 800, height: 600 }}
      selected={selected}
      found={null}
      pointed={null}
      courses={courses}
      watchCursor={live?.watch ?? null}
      faults={faults}
      notes={new Map()}
      onFault={onFault}
      onOpen={onOpen}
      onFold={onFold}
      onClear={onClear}
      onPoint={() => undefined}
      zoomRef={zoomRef}
    />
  );
  const { rerender } = render(picture());
  return { rerender: () => rerender(picture()), onOpen, onClear, onFold, onFault, zoom: zoomRef.current! };
}

test('every node and edge is a button that says what it is', () => {
  show(sampleGraph());
  expect(screen.getByTestId('node:agent:Planner').getAttribute('aria-label')).toBe('Agent Planner.');
  expect(screen.getByTestId('edge:agent:Triage→agent:Planner:handoff').getAttribute('aria-label')).toBe(
    'Triage hands off to Planner, twice.',
  );
  expect(screen.getAllByRole('button')).toHaveLength(6 + 7);
});

test('one tab stop; arrows move it, Enter opens, Esc clears', () => {
  const { onOpen, onClear } = show(sampleGraph());
  const stops = screen.getAllByRole('button').filter((button) => button.getAttribute('tabindex') === '0');
  expect(stops.map((stop) => stop.dataset.testid)).toEqual(['node:user']);
  fireEvent.keyDown(stops[0]!, { key: 'ArrowRight' });
  expect(document.activeElement?.getAttribute('data-testid')).toBe('edge:user→agent:Triage:message');
  fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
  expect(onOpen).toHaveBeenCalledWith({ type: 'edge', key: 'user→agent:Triage:message' });
  fireEvent.keyDown(document.activeElement!, { key: 'Escape' });
  expect(onClear).toHaveBeenCalledOnce();
});

test('a click opens what it hits: node, line or label', () => {
  const { onOpen } = show(sampleGraph());
  fireEvent.click(screen.getByTestId('node:agent:Planner').querySelector('bdi')!);
  fireEvent.click(screen.getByTestId('edge-label:agent:Triage→agent:Planner:handoff'));
  expect(onOpen.mock.calls.map(([place]) => place as unknown)).toEqual([
    { type: 'node', id: 'agent:Planner' },
    { type: 'edge', key: 'agent:Triage→agent:Planner:handoff' },
  ]);
});

test('faults at a node and at an edge: told, and reached by click and by Shift+Enter', () => {
  const mark = (spanId: string): FaultMark => ({ count: 2, severity: 'high', spanId, reasons: ['It failed.'] });
  const edge = 'edge:agent:Triage→agent:Planner:handoff';
  const faults = new Map([
    ['node:agent:Planner', mark('at the node')],
    [edge, mark('at the edge')],
  ]);
  const { onOpen, onFault } = show(sampleGraph(), undefined, faults);
  const node = screen.getByTestId('node:agent:Planner');
  expect(node.getAttribute('aria-label')).toBe(
    'Agent Planner. 2 findings of high severity: Shift+Enter goes to the worst.',
  );
  expect(screen.getByTestId(edge).getAttribute('aria-label')).toContain('2 findings of high severity');
  fireEvent.click(node.querySelector('[data-fault] rect')!);
  fireEvent.keyDown(screen.getByTestId(edge), { key: 'Enter', shiftKey: true });
  expect(onFault.mock.calls).toEqual([['at the node'], ['at the edge']]);
  expect(onOpen).not.toHaveBeenCalled();
  // Where there is none, nothing happens.
  fireEvent.keyDown(screen.getByTestId('node:agent:Triage'), { key: 'Enter', shiftKey: true });
  expect(onFault).toHaveBeenCalledTimes(2);
});

test('the selected edge is pressed', () => {
  show(sampleGraph(), 'agent:Triage→agent:Planner:handoff');
  expect(screen.getByTestId('edge:agent:Triage→agent:Planner:handoff').getAttribute('aria-pressed')).toBe('true');
});

test('names with quotes, brackets and markup are text, and can still be walked to', () => {
  const odd = `agent:"]<img src=x onerror=1>'→:#`;
  const { onOpen } = show({ nodes: [graphNode('agent:A'), graphNode(odd)], edges: [graphEdge('agent:A', odd)] });
  expect(document.querySelector('img')).toBeNull();
  fireEvent.keyDown(screen.getByTestId('node:agent:A'), { key: 'ArrowRight' });
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowRight' });
  fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
  expect(onOpen).toHaveBeenCalledWith({ type: 'node', id: odd });
});

test('zoom keys change the scale, 0 fits again', () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const { zoom } = show(sampleGraph());
  const fitted = zoom.current().k;
  const node = screen.getByTestId('node:agent:Planner');
  fireEvent.keyDown(node, { key: '+' });
  expect(zoom.current().k).toBeCloseTo(fitted * 1.4);
  fireEvent.keyDown(node, { key: '0' });
  expect(zoom.current().k).toBeCloseTo(fitted);
  vi.unstubAllGlobals();
});

test('names stay legible while the picture shrinks, as far as a card holds them', () => {
  for (const scale of [2.5, 1, 0.8, 0.6, 0.46]) expect(nameSize(scale) * scale).toBeGreaterThanOrEqual(11);
  expect(nameSize(1)).toBe(12);
  expect(nameSize(0.1)).toBe(nameSize(0.2));
});

test('the cursor writes counts and phases, and takes them back', () => {
  const graph: AgentGraph = {
    nodes: [graphNode('agent:A', { spanIds: ['0'] }), graphNode('agent:B', { spanIds: ['1'] })],
    edges: [graphEdge('agent:A', 'agent:B', 'handoff', { count: 2, evidence: ['1', '2'] })],
  };
  const times = {
    start: Float64Array.of(0, 50, 80),
    end: Float64Array.of(100, 60, 100),
    running: new Uint8Array(3),
    domain: { start: 0, end: 100 },
  };
  let tell: (cursor: number | null) => void = () => undefined;
  const { rerender } = show(graph, undefined, new Map(), {
    times,
    watch: (listener) => {
      tell = listener;
      listener(null);
      return () => undefined;
    },
  });
  const phase = (id: string): string | null => screen.getByTestId(id).getAttribute('data-phase');
  const key = 'agent:A→agent:B:handoff';
  const sofar = (): string => screen.getByTestId(`edge-label:${key}`).querySelector('[data-sofar]')!.textContent;
  expect([phase('node:agent:A'), sofar()]).toEqual([null, '']);
  tell(10);
  expect([phase('node:agent:A'), phase('node:agent:B'), phase(`edge:${key}`), sofar()]).toEqual([
    'open',
    'before',
    'before',
    '0 of 2',
  ]);
  tell(55);
  expect([phase('node:agent:B'), sofar()]).toEqual(['open', '1 of 2']);
  rerender();
  tell(90);
  expect([phase('node:agent:B'), sofar()]).toEqual(['done', '2 of 2']);
  tell(null);
  expect([phase('node:agent:A'), phase(`edge:${key}`), sofar()]).toEqual([null, null, '']);
});

test('the frame of a team is a button that folds it', () => {
  const { onFold, onOpen } = show({
    nodes: [graphNode('agent:A'), graphNode('agent:B', { team: 'agent:A' })],
    edges: [graphEdge('agent:A', 'agent:B', 'agent_call')],
  });
  const frame = screen.getByRole('button', { name: 'Team of A: 2 shown. Fold it into one.' });
  expect(frame.getAttribute('aria-expanded')).toBe('true');
  fireEvent.keyDown(frame, { key: 'Enter' });
  fireEvent.click(frame.querySelector('bdi')!);
  expect(onFold.mock.calls).toEqual([['team:agent:A'], ['team:agent:A']]);
  expect(onOpen).not.toHaveBeenCalled();
});
