import { createRef } from 'react';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { AgentGraph } from '#shared/graph.ts';
import { GraphPicture, nameSize } from './graph-picture.tsx';
import { layoutGraph } from './layout.ts';
import { graphEdge, graphNode, sampleGraph } from './testing.ts';
import { layoutInput } from './use-graph-layout.ts';
import type { Zoom } from './use-zoom.ts';
import { viewGraph } from './view-graph.ts';

afterEach(cleanup);

function show(graph: AgentGraph, selectedEdge?: string) {
  const view = viewGraph(graph, { tools: true, user: true, returns: true, openGroups: new Set(), focus: null });
  const layout = layoutGraph(layoutInput(view), 'LR');
  const onOpen = vi.fn();
  const onClear = vi.fn();
  const zoomRef = createRef<Zoom>();
  const selected = { nodes: new Set<string>(), edges: new Set(selectedEdge === undefined ? [] : [selectedEdge]) };
  render(
    <GraphPicture
      view={view}
      layout={layout}
      pane={{ width: 800, height: 600 }}
      selected={selected}
      found={null}
      pointed={null}
      onOpen={onOpen}
      onClear={onClear}
      onPoint={() => undefined}
      zoomRef={zoomRef}
    />,
  );
  return { onOpen, onClear, zoom: zoomRef.current! };
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
