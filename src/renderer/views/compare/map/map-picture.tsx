/**
 * The graph that the traces of a map make together. One tab stop; every node and edge is a button with a sentence as its name,
 * arrow keys walk it as they do the graph of one trace.
 */
import { useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { BehaviourMap } from '#shared/behaviour.ts';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useZoom, type Pane, type Zoom } from '../../../charts/graph/use-zoom.ts';
import { type Place, placeKey, readingOrder, type Step, walk } from '../../../charts/graph/walk.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { MapEdge, MapLabel, type Tone } from './map-edge.tsx';
import { MapNode } from './map-node.tsx';
import { edgeTitle, namesOf, sentence } from './model/words.ts';
import type { PlacedMap } from './use-map-layout.ts';
import styles from './map-picture.module.css';

type Props = {
  readonly map: BehaviourMap;
  readonly placed: PlacedMap;
  readonly pane: Pane;
  readonly selected: Place | null;
  readonly passes: boolean;
  readonly onSelect: (place: Place | null) => void;
  readonly svgRef: React.Ref<SVGSVGElement>;
};

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

export function MapPicture({ map, placed, pane, selected, passes, onSelect, svgRef }: Props) {
  const { drawn, layout } = placed;
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const [focus, setFocus] = useState<Place | null>(null);
  const zoom: Zoom = useZoom({ svg, content }, layout, pane, selected?.type === 'node' ? selected.id : null);
  useImperativeHandle<SVGSVGElement | null, SVGSVGElement | null>(svgRef, () => svg.current, []);
  const nameOf = useMemo(() => namesOf(map), [map]);

  const order = useMemo(() => readingOrder(layout), [layout]);
  const wanted = focus ?? selected;
  const tabStop = wanted !== null && isThere(placed, wanted) ? placeKey(wanted) : `node:${order[0] ?? ''}`;

  // Chosen in the list beside it: brought into sight.
  const chosenKey = selected === null ? null : placeKey(selected);
  useEffect(() => {
    if (selected === null || svg.current?.contains(document.activeElement)) return;
    const box = boxOf(placed, selected);
    if (box) zoom.reveal(box);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when another one is chosen, not when the picture changes
  }, [chosenKey]);

  function toneOf(key: string, isNear: boolean): Tone {
    return key === chosenKey ? 'selected' : chosenKey === null ? 'plain' : isNear ? 'near' : 'dim';
  }

  function isNearEdge(key: string, from: string, to: string): boolean {
    return selected?.type === 'edge' ? selected.key === key : selected?.id === from || selected?.id === to;
  }

  const nearNodes = useMemo(() => {
    const near = new Set<string>();
    for (const { key, from, to } of drawn.edges) {
      const touches = selected?.type === 'edge' ? selected.key === key : selected?.id === from || selected?.id === to;
      if (touches) near.add(from).add(to);
    }
    return near;
  }, [drawn, selected]);

  function goTo(place: Place): void {
    setFocus(place);
    const key = placeKey(place);
    // Compared as text: a name from a trace is never part of a selector.
    const all = svg.current?.querySelectorAll<SVGGElement>('[role=button]') ?? [];
    [...all].find((element) => element.getAttribute('data-place') === key)?.focus({ preventScroll: true });
    const box = boxOf(placed, place);
    if (box) zoom.reveal(box);
  }

  function keyDown(event: React.KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = placeAt(event.target) ?? focus;
    const step = STEPS[event.key];
    if (step) {
      const next = walk(layout, drawn.edges, here, step);
      if (next) goTo(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (here) onSelect(here);
    } else if (event.key === 'Escape') onSelect(null);
    else if (event.key === '+' || event.key === '=') zoom.by(1.4);
    else if (event.key === '-') zoom.by(1 / 1.4);
    else if (event.key === '0') zoom.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles.canvas}>
      <svg
        ref={svg}
        className={styles.svg}
        width={pane.width}
        height={pane.height}
        role="group"
        aria-label={`Behaviour map: ${drawn.nodes.length} nodes, ${drawn.edges.length} edges. Arrow keys walk it, Enter opens.`}
        data-testid="map-graph"
        onKeyDown={keyDown}
        onClick={(event) => onSelect(placeAt(event.target))}
        onDoubleClick={(event) => {
          if (!placeAt(event.target)) zoom.fit();
        }}
        onFocus={(event) => setFocus((before) => placeAt(event.target) ?? before)}
      >
        <g ref={content} data-content>
          <g role="group" aria-label="Edges">
            {drawn.edges.map((edge) => {
              const at = layout.edges.get(edge.key);
              if (!at) return null;
              const key = `edge:${edge.key}`;
              const title = edgeTitle(edge, nameOf);
              return (
                <MapEdge
                  key={edge.key}
                  edge={edge}
                  placed={at}
                  tone={toneOf(key, isNearEdge(edge.key, edge.from, edge.to))}
                  tabStop={tabStop === key}
                  says={sentence(title, edge.groups, map.groups, passes)}
                />
              );
            })}
          </g>
          <g>
            {drawn.edges.map((edge) => {
              const at = layout.edges.get(edge.key);
              if (!at) return null;
              const tone = toneOf(`edge:${edge.key}`, isNearEdge(edge.key, edge.from, edge.to));
              return <MapLabel key={edge.key} edge={edge} placed={at} tone={tone} passes={passes} />;
            })}
          </g>
          <g role="group" aria-label="Nodes">
            {drawn.nodes.map((node) => {
              const box = layout.nodes.get(node.id);
              if (!box) return null;
              const key = `node:${node.id}`;
              return (
                <MapNode
                  key={node.id}
                  node={node}
                  box={box}
                  tone={toneOf(key, nearNodes.has(node.id))}
                  tabStop={tabStop === key}
                  says={sentence(`${KINDS[node.kind]} ${node.title}`, node.groups, map.groups, passes)}
                />
              );
            })}
          </g>
        </g>
      </svg>
      <div className={styles.zoom}>
        <IconButton label="Closer" icon={<Plus size={14} aria-hidden />} onClick={() => zoom.by(1.4)} />
        <IconButton label="Further away" icon={<Minus size={14} aria-hidden />} onClick={() => zoom.by(1 / 1.4)} />
        <IconButton label="Fit the picture" icon={<Maximize size={13} aria-hidden />} onClick={() => zoom.fit()} />
      </div>
    </div>
  );
}

const KINDS = { agent: 'Agent', tool: 'Tool', guardrail: 'Guardrail', user: 'Who asks:' } as const;

function placeAt(target: EventTarget): Place | null {
  const text = target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
  if (text === null || text === undefined) return null;
  return text.startsWith('node:') ? { type: 'node', id: text.slice(5) } : { type: 'edge', key: text.slice(5) };
}

function isThere({ layout }: PlacedMap, place: Place): boolean {
  return place.type === 'node' ? layout.nodes.has(place.id) : layout.edges.has(place.key);
}

function boxOf({ layout }: PlacedMap, place: Place): { x: number; y: number; width: number; height: number } | null {
  if (place.type === 'node') return layout.nodes.get(place.id) ?? null;
  const edge = layout.edges.get(place.key);
  return edge ? (edge.label ?? { x: edge.middle.x - 10, y: edge.middle.y - 10, width: 20, height: 20 }) : null;
}
