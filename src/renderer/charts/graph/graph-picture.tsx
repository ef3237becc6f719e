/**
 * The drawn graph: SVG that the pointer pans and zooms and the keyboard walks. One tab stop; every node and edge is a
 * button with a sentence as its name. Knows nothing of the engine: it is told what is selected and says what was opened.
 */
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { faultAt, type FaultMark, faultWords } from '../fault-mark.ts';
import { FaultPin } from '../fault-pin.tsx';
import { type NoteMark, noteWords } from '../note-mark.ts';
import { NotePin } from '../note-pin.tsx';
import type { WatchCursor } from '../watch-cursor.ts';
import type { Layout } from './layout-types.ts';
import type { ViewGraph } from './view-graph.ts';
import { EdgeLabel, EdgeLine } from './edge-line.tsx';
import type { Courses } from './course.ts';
import { around, type Emphasis } from './emphasis.ts';
import { HoverCard } from './hover-card.tsx';
import { fitLabels, labelScale } from './labels.ts';
import { Minimap } from './minimap.tsx';
import { NodeCard, spokenName, type Tone } from './node-card.tsx';
import { TeamFrame, TeamHead } from './team-frame.tsx';
import { useCursor } from './use-cursor.ts';
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
  /** What happened when, and where the time cursor is told; null = nothing follows it. */
  readonly courses: Courses | null;
  readonly watchCursor: WatchCursor | null;
  /** Faults by key of the place. */
  readonly faults: ReadonlyMap<string, FaultMark>;
  readonly onFault: (spanId: string) => void;
  /** Annotations by key of the place. */
  readonly notes: ReadonlyMap<string, NoteMark>;
  readonly onOpen: (place: Place) => void;
  readonly onFold: (team: string) => void;
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
  const { view, layout, pane, selected, found, pointed, courses, watchCursor } = props;
  const { faults, onFault, notes } = props;
  const { onOpen, onFold, onClear, onPoint, zoomRef } = props;
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const [hovered, setHovered] = useState<Place | null>(null);
  const [spotlight, setSpotlight] = useState<Place | null>(null);
  const [focus, setFocus] = useState<Place | null>(null);
  const [scale, setScale] = useState(1);
  const anchor = spotlight?.type === 'node' ? spotlight.id : ([...selected.nodes][0] ?? null);
  const zoom = useZoom({ svg, content }, layout, pane, anchor);
  useImperativeHandle(zoomRef, () => zoom, [zoom]);

  useEffect(
    () =>
      zoom.onChange(({ k }) => {
        svg.current?.setAttribute('data-far', k < FURTHEST ? 'furthest' : k < FAR ? 'far' : 'near');
        svg.current?.style.setProperty('--name-size', `${nameSize(k)}px`);
        setScale(labelScale(k));
      }),
    [zoom],
  );

  const fits = useMemo(() => fitLabels(layout, view.edges, scale), [layout, view, scale]);
  useCursor(svg, courses, watchCursor);

  // What was folded or unfolded from the keyboard keeps the focus, under its new form.
  const refocus = useRef<string | null>(null);
  useEffect(() => {
    const wanted = refocus.current;
    if (wanted === null) return;
    const id = view.home.get(wanted) ?? wanted;
    const element = elementOf(svg.current, { type: 'node', id });
    if (!element) return;
    refocus.current = null;
    element.focus({ preventScroll: true });
    const box = layout.nodes.get(id);
    if (box) zoom.reveal(box);
  }, [view, layout, zoom]);

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
    const node = place.type === 'node' ? view.nodes.find((one) => one.id === place.id) : undefined;
    if (node && node.folds > 0) refocus.current = node.members[0]?.id ?? null;
    onOpen(place);
  }

  function foldTeam(id: string): void {
    refocus.current = id;
    setHovered(null);
    onFold(id);
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
    const team = teamOf(event.target);
    const here = placeOf(event.target) ?? focus;
    const step = STEPS[event.key];
    if (team !== null && (event.key === 'Enter' || event.key === ' ')) foldTeam(team);
    else if (event.key === 'Enter' && event.shiftKey) {
      const fault = here && faults.get(placeKey(here));
      if (fault) onFault(fault.spanId);
    } else if (step) {
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
          const fault = faultAt(event.target);
          if (fault !== null) {
            onFault(fault);
            return;
          }
          const place = placeOf(event.target);
          const team = teamOf(event.target);
          if (team !== null) foldTeam(team);
          else if (place) open(place);
          else setSpotlight(null);
        }}
        onDoubleClick={(event) => {
          if (!placeOf(event.target) && teamOf(event.target) === null) zoom.fit();
        }}
        onFocus={(event) => setFocus((before) => placeOf(event.target) ?? before)}
        onPointerOver={(event) => point(placeOf(event.target))}
        onPointerLeave={() => point(null)}
      >
        <g ref={content} style={{ '--label-scale': scale } as React.CSSProperties}>
          {view.teams.length > 0 && (
            <g>
              {view.teams.map((team) => {
                const box = layout.teams.get(team.id);
                return box && <TeamFrame key={team.id} team={team} box={box} />;
              })}
            </g>
          )}
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
                  sentence={`${edgeSentence(edge, nameOf)}${faultWords(faults.get(`edge:${edge.key}`))}${noteWords(notes.get(`edge:${edge.key}`))}`}
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
                  fit={fits.get(edge.key) ?? 'none'}
                />
              );
            })}
          </g>
          <g>
            {view.edges.map((edge) => {
              const placed = layout.edges.get(edge.key);
              const fault = faults.get(`edge:${edge.key}`);
              const note = notes.get(`edge:${edge.key}`);
              if (!placed || (!fault && !note)) return null;
              const { label, middle } = placed;
              const x = label ? label.x + label.width / 2 : middle.x;
              const y = label ? label.y - 6 : middle.y;
              return (
                <g key={edge.key} data-place={`edge:${edge.key}`}>
                  {fault && <FaultPin mark={fault} x={x} y={y} scaled />}
                  {note && <NotePin mark={note} x={fault ? x - 24 : x} y={y} scaled />}
                </g>
              );
            })}
          </g>
          {view.teams.length > 0 && (
            <g role="group" aria-label="Teams">
              {view.teams.map((team) => {
                const box = layout.teams.get(team.id);
                return box && <TeamHead key={team.id} team={team} box={box} />;
              })}
            </g>
          )}
          <g role="group" aria-label="Nodes">
            {view.nodes.map((node) => {
              const box = layout.nodes.get(node.id);
              if (!box) return null;
              const tone = toneOf(selected.nodes.has(node.id), lit?.nodes.has(node.id) ?? false);
              return (
                <NodeCard
                  key={node.id}
                  node={node}
                  box={box}
                  tone={tone}
                  tabStop={tabStop === `node:${node.id}`}
                  fault={faults.get(`node:${node.id}`) ?? null}
                  note={notes.get(`node:${node.id}`) ?? null}
                />
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

function teamOf(target: EventTarget): string | null {
  return target instanceof Element ? (target.closest('[data-team]')?.getAttribute('data-team') ?? null) : null;
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
