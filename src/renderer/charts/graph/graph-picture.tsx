/**
 * The drawn graph: SVG that the pointer pans and zooms and the keyboard walks. One tab stop; every node and edge is a
 * button with a sentence as its name. Knows nothing of the engine: it is told what is selected and says what was opened.
 */
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { Layout } from './layout-types.ts';
import type { ViewGraph } from './view-graph.ts';
import { EdgeLabel, EdgeLine } from './edge-line.tsx';
import { around, type Emphasis } from './emphasis.ts';
import { HoverCard } from './hover-card.tsx';
import { Minimap } from './minimap.tsx';
import { NodeCard, spokenName, type Tone } from './node-card.tsx';
import { useZoom, type Pane, type Zoom } from './use-zoom.ts';
import { type Place, placeKey, readingOrder, type Step, walk } from './walk.ts';
import { edgeSentence } from './wording.ts';
import styles from './agent-graph.module.css';

type Props = {
  readonly view: ViewGraph;
  readonly layout: Layout;
  readonly pane: Pane;
  /** What stands selected: nodes and edges. */
  readonly selected: Emphasis;
  /** What the search found, or null when nothing is sought. */
  readonly found: Emphasis | null;
  /** Node or edge that is pointed at in another pane. */
  readonly pointed: Place | null;
  readonly onOpen: (place: Place) => void;
  readonly onClear: () => void;
  readonly onPoint: (place: Place | null) => void;
  readonly zoomRef: React.Ref<Zoom>;
};

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};
/** Below these scales figures give way to names, then words to shapes. */
const FAR = 0.7;
const FURTHEST = 0.24;
/** Of names of agents: as drawn at full size, the least on the screen, and the most that a card holds. */
const USUAL_NAME = 12;
const LEGIBLE = 11;
const LARGEST_NAME = 24;

export function GraphPicture(props: Props) {
  const { view, layout, pane, selected, found, pointed, onOpen, onClear, onPoint, zoomRef } = props;
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const [hovered, setHovered] = useState<Place | null>(null);
  const [spotlight, setSpotlight] = useState<Place | null>(null);
  const [focus, setFocus] = useState<Place | null>(null);
  const anchor = spotlight?.type === 'node' ? spotlight.id : ([...selected.nodes][0] ?? null);
  const zoom = useZoom({ svg, content }, layout, pane, anchor);
  useImperativeHandle(zoomRef, () => zoom, [zoom]);

  useEffect(
    () =>
      zoom.onChange(({ k }) => {
        svg.current?.setAttribute('data-far', k < FURTHEST ? 'furthest' : k < FAR ? 'far' : 'near');
        svg.current?.style.setProperty('--name-size', `${nameSize(k)}px`);
      }),
    [zoom],
  );

  const names = useMemo(() => new Map(view.nodes.map((node) => [node.id, spokenName(node)])), [view]);
  const nameOf = useCallback((id: string) => names.get(id) ?? id, [names]);
  const order = useMemo(() => readingOrder(layout), [layout]);
  const lit = useMemo(() => {
    const place = hovered ?? pointed ?? spotlight;
    return (place && around(view, place)) ?? found;
  }, [view, hovered, pointed, spotlight, found]);
  const tabStop = focus !== null && has(layout, focus) ? placeKey(focus) : firstTabStop(selected, order);

  function toneOf(isSelected: boolean, isLit: boolean): Tone {
    return isSelected ? 'selected' : lit === null ? 'plain' : isLit ? 'near' : 'dim';
  }

  function open(place: Place): void {
    setFocus(place);
    setSpotlight(place);
    // The inspector now says what the card would.
    setHovered(null);
    onOpen(place);
  }

  function clear(): void {
    setSpotlight(null);
    setHovered(null);
    onClear();
  }

  function point(place: Place | null): void {
    setHovered((before) => (before && place && placeKey(before) === placeKey(place) ? before : place));
    onPoint(place);
  }

  function goTo(place: Place): void {
    setFocus(place);
    elementOf(svg.current, place)?.focus({ preventScroll: true });
    const box = place.type === 'node' ? layout.nodes.get(place.id) : boxOfEdge(layout, place.key);
    if (box) zoom.reveal(box);
  }

  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = placeOf(event.target) ?? focus;
    const step = STEPS[event.key];
    if (step) {
      const next = walk(layout, view.edges, here, step);
      if (next) goTo(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (here) open(here);
    } else if (event.key === 'Escape') clear();
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
        aria-label={`Agent graph: ${view.nodes.length} nodes, ${view.edges.length} edges. Arrow keys walk it, Enter opens.`}
        data-testid="agent-graph"
        data-direction={layout.direction}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const place = placeOf(event.target);
          if (place) open(place);
          else setSpotlight(null);
        }}
        onDoubleClick={(event) => {
          if (!placeOf(event.target)) zoom.fit();
        }}
        onFocus={(event) => setFocus(placeOf(event.target))}
        onPointerOver={(event) => point(placeOf(event.target))}
        onPointerLeave={() => point(null)}
      >
        <g ref={content}>
          <g role="group" aria-label="Edges">
            {view.edges.map((edge) => {
              const placed = layout.edges.get(edge.key);
              if (!placed) return null;
              const tone = toneOf(selected.edges.has(edge.key), lit?.edges.has(edge.key) ?? false);
              return (
                <EdgeLine
                  key={edge.key}
                  edge={edge}
                  placed={placed}
                  tone={tone}
                  tabStop={tabStop === `edge:${edge.key}`}
                  sentence={edgeSentence(edge, nameOf)}
                />
              );
            })}
          </g>
          <g>
            {view.edges.map((edge) => {
              const placed = layout.edges.get(edge.key);
              if (!placed?.label) return null;
              return (
                <EdgeLabel
                  key={edge.key}
                  edge={edge}
                  placed={placed}
                  tone={toneOf(selected.edges.has(edge.key), lit?.edges.has(edge.key) ?? false)}
                />
              );
            })}
          </g>
          <g role="group" aria-label="Nodes">
            {view.nodes.map((node) => {
              const box = layout.nodes.get(node.id);
              if (!box) return null;
              const tone = toneOf(selected.nodes.has(node.id), lit?.nodes.has(node.id) ?? false);
              return (
                <NodeCard key={node.id} node={node} box={box} tone={tone} tabStop={tabStop === `node:${node.id}`} />
              );
            })}
          </g>
        </g>
      </svg>
      <HoverCard place={hovered} view={view} layout={layout} zoom={zoom} pane={pane} nameOf={nameOf} />
      <Minimap view={view} layout={layout} pane={pane} zoom={zoom} />
    </div>
  );
}

/**
 * In the picture's own pixels: names shrink less than the picture, as far as two lines fit a card. Whole pixels, so that
 * a zoom changes it rarely.
 */
export function nameSize(k: number): number {
  return Math.min(LARGEST_NAME, Math.max(USUAL_NAME, Math.ceil(LEGIBLE / k)));
}

function placeOf(target: EventTarget): Place | null {
  const text = target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
  if (text === null || text === undefined) return null;
  return text.startsWith('node:') ? { type: 'node', id: text.slice(5) } : { type: 'edge', key: text.slice(5) };
}

function elementOf(svg: SVGSVGElement | null, place: Place): SVGGElement | null {
  // Compared as text: a name from a trace is never part of a selector.
  const key = placeKey(place);
  const all = svg?.querySelectorAll<SVGGElement>('[role=button]') ?? [];
  return [...all].find((element) => element.getAttribute('data-place') === key) ?? null;
}

function has(layout: Layout, place: Place): boolean {
  return place.type === 'node' ? layout.nodes.has(place.id) : layout.edges.has(place.key);
}

function firstTabStop(selected: Emphasis, order: readonly string[]): string {
  const [edge] = selected.edges;
  const [node = order[0]] = selected.nodes;
  return edge === undefined ? `node:${node ?? ''}` : `edge:${edge}`;
}

function boxOfEdge(layout: Layout, key: string): { x: number; y: number; width: number; height: number } | null {
  const edge = layout.edges.get(key);
  return edge ? (edge.label ?? { x: edge.middle.x - 10, y: edge.middle.y - 10, width: 20, height: 20 }) : null;
}
