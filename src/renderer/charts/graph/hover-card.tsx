import { useEffect, useState, type ReactNode } from 'react';
import { formatDuration } from '#shared/time.ts';
import { formatCount } from '../../widgets/format.ts';
import { Money } from '../../widgets/money.tsx';
import type { Layout } from './layout-types.ts';
import type { ViewEdge, ViewGraph, ViewNode } from './view-graph.ts';
import type { Pane, Zoom } from './use-zoom.ts';
import type { Place } from './walk.ts';
import { EDGE_WORDS, displayName, edgeSentence, sum } from './wording.ts';
import styles from './agent-graph.module.css';

const DELAY_MS = 220;
const WIDTH = 250;
/** About what a card needs. */
const HEIGHT = 120;
const GAP = 10;
const EDGE = 6;
/** More names than this in a folded group say nothing. */
const NAMES = 12;

type Props = {
  readonly place: Place | null;
  readonly view: ViewGraph;
  readonly layout: Layout;
  readonly zoom: Zoom;
  readonly pane: Pane;
  readonly nameOf: (id: string) => string;
};

/** What is under the pointer, in full. Says nothing that the accessible name does not say. */
export function HoverCard({ place, view, layout, zoom, pane, nameOf }: Props) {
  const [shown, setShown] = useState<Place | null>(null);

  useEffect(() => {
    const timer = setTimeout(() => setShown(place), place ? DELAY_MS : 0);
    return () => clearTimeout(timer);
  }, [place]);

  if (!shown || shown !== place) return null;
  const at = position(shown, layout, zoom, pane);
  if (!at) return null;
  return (
    <div
      className={`${styles.hoverCard} ${styles[at.side] ?? ''}`}
      style={{ left: at.x, top: at.y, width: WIDTH }}
      aria-hidden
    >
      {shown.type === 'node' ? (
        <NodeFacts node={view.nodes.find((node) => node.id === shown.id)} />
      ) : (
        <EdgeFacts edge={view.edges.find((edge) => edge.key === shown.key)} nameOf={nameOf} />
      )}
    </div>
  );
}

function NodeFacts({ node }: { readonly node: ViewNode | undefined }) {
  if (!node) return null;
  const total = sum(node.members);
  const isBig = node.kind === 'agent' || node.kind === 'team' || node.kind === 'several';
  const facts: readonly (readonly [string, ReactNode])[] =
    node.kind === 'user'
      ? []
      : [
          ...(isBig ? [['Generations', formatCount(total.generations)] as const] : []),
          ...(node.folds > 0 ? [[node.kind === 'tools' ? 'Tools' : 'Agents', formatCount(node.folds)] as const] : []),
          node.kind === 'guardrail'
            ? (['Checks', formatCount(total.spans)] as const)
            : ([isBig ? 'Tool calls' : 'Calls', formatCount(total.toolCalls)] as const),
          ...(total.triggered > 0 ? [['Triggered', formatCount(total.triggered)] as const] : []),
          ...(total.errors > 0 ? [['Errors', formatCount(total.errors)] as const] : []),
          ...(total.tokens === null ? [] : [['Tokens', formatCount(total.tokens)] as const]),
          ...(total.cost === null
            ? []
            : [['Cost', <Money key="cost" usd={total.cost} basis={total.costBasis} />] as const]),
          ...(total.busyMs === null ? [] : [['Busy, without waiting', formatDuration(total.busyMs * 1e6)] as const]),
        ];
  return (
    <>
      <p className={styles.hoverTitle}>
        <bdi>{node.name}</bdi>
        {node.instance !== null && ` #${node.instance}`}
      </p>
      {node.folds > 0 && (
        <p>
          {node.members
            .slice(0, NAMES)
            .map((tool) => displayName(tool.name))
            .filter((name, at, all) => all.indexOf(name) === at)
            .join(', ')}
          {node.members.length > NAMES ? ', …' : ''}. Click to unfold.
        </p>
      )}
      {facts.length > 0 && (
        <dl className={styles.facts}>
          {facts.map(([word, value]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function EdgeFacts({ edge, nameOf }: { readonly edge: ViewEdge | undefined; readonly nameOf: (id: string) => string }) {
  if (!edge) return null;
  return (
    <>
      <p className={styles.hoverKind}>
        {EDGE_WORDS[edge.kind]}
        {edge.inferred && <span className={styles.inferredWord}>inferred</span>}
      </p>
      <p>{edgeSentence(edge, nameOf)}</p>
      {edge.loop && <p className={styles.quiet}>It leads back to where the run had been: a loop.</p>}
      {edge.retries > 0 && (
        <p className={styles.quiet}>
          {edge.retries === 1 ? 'One call repeats' : `${formatCount(edge.retries)} calls repeat`} one that had just
          failed.
        </p>
      )}
      {edge.inferred && <p className={styles.quiet}>No span states it: it follows from order or nesting.</p>}
      <p className={styles.quiet}>Click to read what crossed.</p>
    </>
  );
}

type Spot = { readonly x: number; readonly y: number; readonly side: 'below' | 'above' | 'beside' };

/** Across the direction of reading, where it hides the fewest of the lines that belong to its item. */
function position(place: Place, layout: Layout, zoom: Zoom, pane: Pane): Spot | null {
  const box = place.type === 'node' ? layout.nodes.get(place.id) : layout.edges.get(place.key)?.label;
  const middle = place.type === 'edge' ? layout.edges.get(place.key)?.middle : undefined;
  const area = box ?? (middle ? { x: middle.x - 6, y: middle.y - 6, width: 12, height: 12 } : null);
  if (!area) return null;
  const transform = zoom.current();
  const [left, right] = [transform.applyX(area.x), transform.applyX(area.x + area.width)];
  const [top, bottom] = [transform.applyY(area.y), transform.applyY(area.y + area.height)];
  const within = (value: number, most: number): number => Math.max(EDGE, Math.min(most - EDGE, value));
  if (layout.direction === 'TB') {
    const y = Math.max(HEIGHT / 2, Math.min(pane.height - HEIGHT / 2, (top + bottom) / 2));
    if (right + GAP + WIDTH < pane.width) return { x: right + GAP, y, side: 'beside' };
    if (left - GAP - WIDTH > 0) return { x: left - GAP - WIDTH, y, side: 'beside' };
  }
  const x = within((left + right) / 2 - WIDTH / 2, pane.width - WIDTH);
  const below = bottom + GAP + HEIGHT < pane.height;
  return { x, y: within(below ? bottom + GAP : top - GAP, pane.height), side: below ? 'below' : 'above' };
}
