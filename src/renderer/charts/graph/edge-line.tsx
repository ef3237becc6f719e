import { memo } from 'react';
import { CircleAlert } from 'lucide-react';
import type { PlacedEdge, Tip } from './layout-types.ts';
import type { Tone } from './node-card.tsx';
import type { ViewEdge } from './view-graph.ts';
import styles from './agent-graph.module.css';

type Props = {
  readonly edge: ViewEdge;
  readonly placed: PlacedEdge;
  readonly tone: Tone;
  readonly tabStop: boolean;
  readonly sentence: string;
};

/** The line of one edge with its ends; its label is drawn later, above all lines. */
export const EdgeLine = memo(function EdgeLine({ edge, placed, tone, tabStop, sentence }: Props) {
  return (
    <g
      className={edgeClass(edge, tone)}
      data-testid={`edge:${edge.key}`}
      data-place={`edge:${edge.key}`}
      role="button"
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={tone === 'selected'}
      aria-label={sentence}
    >
      <path d={placed.path} className={styles.reach} />
      <path d={placed.path} className={styles.line} />
      <path d={headPath(edge, placed.head)} className={edge.kind === 'message' ? styles.openHead : styles.head} />
      {edge.kind === 'agent_call' && <path d={diamondPath(placed.tail)} className={styles.head} />}
    </g>
  );
});

/** Its words and its mark of failure. */
export const EdgeLabel = memo(function EdgeLabel({ edge, placed, tone }: Pick<Props, 'edge' | 'placed' | 'tone'>) {
  if (!placed.label) return null;
  const { x, y, width, height } = placed.label;
  const text = edge.errors > 0 ? x + width / 2 + 7 : x + width / 2;
  return (
    <g
      className={edgeClass(edge, tone)}
      data-place={`edge:${edge.key}`}
      data-testid={`edge-label:${edge.key}`}
      aria-hidden
    >
      <rect x={x} y={y + 1} width={width} height={height - 2} rx={4} className={styles.plate} />
      {edge.errors > 0 && (
        <CircleAlert
          x={edge.label === '' ? x + width / 2 - 6 : x + 4}
          y={y + 3}
          width={12}
          height={12}
          strokeWidth={2.2}
        />
      )}
      <text x={text} y={y + height / 2} className={styles.words}>
        {edge.label}
      </text>
    </g>
  );
});

function edgeClass(edge: ViewEdge, tone: Tone): string {
  const failed = edge.errors > 0 ? styles.failed : '';
  const guessed = edge.inferred ? styles.inferred : '';
  return `${styles.edge} ${styles[edge.kind] ?? ''} ${failed} ${guessed} ${styles[tone] ?? ''}`;
}

/** A triangle that ends where the edge ends; handoffs have the bigger one. */
function headPath(edge: ViewEdge, { x, y, dx, dy }: Tip): string {
  const length = edge.kind === 'handoff' ? 9 : 7.5;
  const half = edge.kind === 'handoff' ? 4.6 : 3.6;
  const [bx, by] = [x - dx * length, y - dy * length];
  const [a, b] = [`${bx - dy * half},${by + dx * half}`, `${bx + dy * half},${by - dx * half}`];
  return edge.kind === 'message' ? `M${a}L${x},${y}L${b}` : `M${x},${y}L${a}L${b}Z`;
}

/** Stands on the caller: "I asked, and I wait". */
function diamondPath({ x, y, dx, dy }: Tip): string {
  const [cx, cy] = [x + dx * 5, y + dy * 5];
  return `M${x},${y}L${cx - dy * 3.4},${cy + dx * 3.4}L${x + dx * 10},${y + dy * 10}L${cx + dy * 3.4},${cy - dx * 3.4}Z`;
}
