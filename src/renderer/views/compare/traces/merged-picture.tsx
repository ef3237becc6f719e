/**
 * Both agent graphs over each other. What only one has is told by the pattern of its line, its colour and its words. One tab
 * stop; arrow keys walk it, Enter lists the steps of an edge.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { Bot, Maximize, Minus, Plus, ShieldCheck, User, Wrench } from 'lucide-react';
import { chooseDirection, layoutKey, layoutNow, requestLayout } from '../../../charts/graph/layout-client.ts';
import type { Layout, LayoutPair, PlacedEdge, Tip } from '../../../charts/graph/layout-types.ts';
import { type Pane, useZoom } from '../../../charts/graph/use-zoom.ts';
import { type Place, placeKey, readingOrder, type Step, walk } from '../../../charts/graph/walk.ts';
import { agentColour } from '../../../theme/agent-colour.ts';
import { IconButton } from '../../../widgets/button.tsx';
import {
  edgeSentence,
  type MergedEdge,
  mergedLayoutInput,
  type MergedNode,
  type MergedView,
} from './model/merged-view.ts';
import styles from './merged.module.css';

type Placed = { readonly view: MergedView; readonly layout: Layout };

/** While a new one is laid out, the picture stays the old one. */
export function useMergedLayout(view: MergedView, pane: Pane | null): Placed | null {
  const input = useMemo(() => mergedLayoutInput(view), [view]);
  const key = useMemo(() => layoutKey(input), [input]);
  const now = useMemo(() => layoutNow(key, input), [key, input]);
  const [later, setLater] = useState<{ readonly view: MergedView; readonly pair: LayoutPair } | null>(null);
  useEffect(() => {
    if (now) return undefined;
    return requestLayout(key, input, (pair) => setLater({ view, pair }));
  }, [now, key, input, view]);
  return useMemo(() => {
    const done = now ? { view, pair: now } : later;
    return done && pane ? { view: done.view, layout: done.pair[chooseDirection(done.pair, pane)] } : null;
  }, [now, later, view, pane]);
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

type Props = {
  readonly placed: Placed;
  readonly pane: Pane;
  /** The edge whose steps are listed. */
  readonly chosen: string | null;
  /** Edges that the present step proves. */
  readonly lit: ReadonlySet<string>;
  readonly onEdge: (edge: MergedEdge | null) => void;
};

export function MergedPicture({ placed, pane, chosen, lit, onEdge }: Props) {
  const { view, layout } = placed;
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const zoom = useZoom({ svg, content }, layout, pane, null);
  const [focus, setFocus] = useState<Place | null>(null);
  const order = useMemo(() => readingOrder(layout), [layout]);
  const names = useMemo(() => new Map(view.nodes.map((node) => [node.id, node.name])), [view]);
  const nameOf = (id: string): string => names.get(id) ?? id;
  const isThere = focus !== null && (focus.type === 'node' ? layout.nodes.has(focus.id) : layout.edges.has(focus.key));
  const tabStop = isThere ? placeKey(focus) : `node:${order[0] ?? ''}`;

  function goTo(place: Place): void {
    setFocus(place);
    // Compared as text: a name from a trace is never part of a selector.
    const all = svg.current?.querySelectorAll<SVGGElement>('[data-place]') ?? [];
    const key = placeKey(place);
    [...all].find((element) => element.getAttribute('data-place') === key)?.focus({ preventScroll: true });
    const box = place.type === 'node' ? layout.nodes.get(place.id) : layout.edges.get(place.key)?.label;
    if (box) zoom.reveal(box);
  }

  function open(place: Place | null): void {
    const edge = place?.type === 'edge' ? view.edges.find(({ key }) => key === place.key) : undefined;
    onEdge(edge === undefined || edge.key === chosen ? null : edge);
  }

  function keyDown(event: React.KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const here = placeOf(event.target) ?? focus;
    if (step) {
      const next = walk(layout, view.edges, here, step);
      if (next) goTo(next);
    } else if (event.key === 'Enter' || event.key === ' ') open(here);
    else if (event.key === 'Escape') onEdge(null);
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
        aria-label={`Both agent graphs: ${view.nodes.length} nodes, ${view.edges.length} edges. Arrow keys walk them, Enter lists the steps of an edge.`}
        data-testid="merged-graph"
        onKeyDown={keyDown}
        onClick={(event) => open(placeOf(event.target))}
        onFocus={(event) => setFocus((before) => placeOf(event.target) ?? before)}
      >
        <g ref={content}>
          <g role="group" aria-label="Edges">
            {view.edges.map((edge) => {
              const at = layout.edges.get(edge.key);
              return (
                at && (
                  <Edge
                    key={edge.key}
                    edge={edge}
                    placed={at}
                    tone={edge.key === chosen ? 'selected' : lit.has(edge.key) ? 'lit' : 'plain'}
                    tabStop={tabStop === `edge:${edge.key}`}
                    says={edgeSentence(edge, nameOf)}
                  />
                )
              );
            })}
          </g>
          <g role="group" aria-label="Nodes">
            {view.nodes.map((node) => {
              const box = layout.nodes.get(node.id);
              return (
                box && <Node key={node.id} node={node} x={box.x} y={box.y} tabStop={tabStop === `node:${node.id}`} />
              );
            })}
          </g>
        </g>
      </svg>
      <div className={styles.zoom} role="group" aria-label="Zoom">
        <IconButton label="Zoom in" icon={<Plus size={13} aria-hidden />} onClick={() => zoom.by(1.4)} />
        <IconButton label="Zoom out" icon={<Minus size={13} aria-hidden />} onClick={() => zoom.by(1 / 1.4)} />
        <IconButton label="Fit" icon={<Maximize size={13} aria-hidden />} onClick={zoom.fit} />
      </div>
      <Legend />
    </div>
  );
}

type EdgeProps = {
  readonly edge: MergedEdge;
  readonly placed: PlacedEdge;
  readonly tone: 'plain' | 'selected' | 'lit';
  readonly tabStop: boolean;
  readonly says: string;
};

function Edge({ edge, placed, tone, tabStop, says }: EdgeProps) {
  const { label } = placed;
  return (
    <g
      className={styles.edge}
      data-in={edge.in}
      data-tone={tone}
      data-place={`edge:${edge.key}`}
      role="button"
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={tone === 'selected'}
      aria-label={says}
    >
      <title>{says}</title>
      <path d={placed.path} className={styles.reach} />
      <path d={placed.path} className={styles.line} />
      <path d={headPath(placed.head)} className={styles.arrow} />
      {label && edge.label !== '' && (
        <g transform={`translate(${label.x + label.width / 2} ${label.y + label.height / 2})`} aria-hidden>
          <rect
            x={-edge.labelWidth / 2}
            y={-label.height / 2}
            width={edge.labelWidth}
            height={label.height}
            rx={4}
            className={styles.plate}
          />
          <text className={styles.words}>{edge.label}</text>
        </g>
      )}
    </g>
  );
}

function headPath({ x, y, dx, dy }: Tip): string {
  const [bx, by] = [x - dx * 8, y - dy * 8];
  return `M${x},${y}L${bx - dy * 4},${by + dx * 4}L${bx + dy * 4},${by - dx * 4}Z`;
}

const FACES = { agent: Bot, tool: Wrench, guardrail: ShieldCheck, user: User } as const;

function Node(props: { readonly node: MergedNode; readonly x: number; readonly y: number; readonly tabStop: boolean }) {
  const { node, x, y, tabStop } = props;
  const Face = FACES[node.kind];
  const where = node.in === 'a' ? ', only in A' : node.in === 'b' ? ', only in B' : '';
  return (
    <g
      className={styles.node}
      data-in={node.in}
      data-kind={node.kind}
      data-place={`node:${node.id}`}
      style={{ transform: `translate(${x}px, ${y}px)` }}
      role="img"
      tabIndex={tabStop ? 0 : -1}
      aria-label={`${node.kind} ${node.name}${where}`}
    >
      <title>{`${node.name}${where}`}</title>
      <foreignObject width={node.width} height={node.height}>
        <div
          className={styles.card}
          style={
            { '--agent': node.kind === 'agent' ? agentColour(node.name).solid : 'var(--n-4)' } as React.CSSProperties
          }
        >
          <Face size={13} strokeWidth={2} aria-hidden />
          <span className={styles.nodeName}>{node.name}</span>
          {node.in !== 'both' && <span className={styles.badge}>{node.in === 'a' ? 'A' : 'B'}</span>}
        </div>
      </foreignObject>
    </g>
  );
}

function Legend() {
  return (
    <ul className={styles.legend} aria-label="Legend">
      {(
        [
          ['both', 'in both'],
          ['a', 'only in A'],
          ['b', 'only in B'],
        ] as const
      ).map(([where, words]) => (
        <li key={where}>
          <svg width="30" height="10" aria-hidden className={styles.edge} data-in={where}>
            <path d="M1,5H22" className={styles.line} />
            <path d="M29,5L21,1.5V8.5Z" className={styles.arrow} />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}

function placeOf(target: EventTarget): Place | null {
  const text = target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
  if (text === null || text === undefined) return null;
  return text.startsWith('node:') ? { type: 'node', id: text.slice(5) } : { type: 'edge', key: text.slice(5) };
}
