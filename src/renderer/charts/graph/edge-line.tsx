import { memo } from 'react';
import { CircleAlert, Repeat, RotateCw, type LucideIcon } from 'lucide-react';
import type { Fit } from './labels.ts';
import type { PlacedEdge, Tip } from './layout-types.ts';
import type { Tone } from './node-card.tsx';
import type { ViewEdge } from './view-graph.ts';
import { countAt, MARK, shortLabel, shortWidth, textWidth } from './wording.ts';
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
      <path
        d={headPath(edge, placed.head)}
        className={edge.kind === 'message' || edge.kind === 'guardrail' ? styles.openHead : styles.head}
      />
      {edge.kind === 'agent_call' && <path d={diamondPath(placed.tail)} className={styles.head} />}
    </g>
  );
});

type LabelProps = {
  readonly edge: ViewEdge;
  readonly placed: PlacedEdge;
  readonly tone: Tone;
  /** How much of it has room at the present size of the picture (labels.ts). */
  readonly fit: Fit;
};

/** Its words and its marks: failure, loop, retries. At the time cursor its count gives way to how many have begun. */
export const EdgeLabel = memo(function EdgeLabel({ edge, placed, tone, fit }: LabelProps) {
  if (!placed.label || fit === 'none') return null;
  const { x, y, width, height } = placed.label;
  const isShort = fit === 'short';
  const words = isShort ? shortLabel(edge) : edge.label;
  const marks = MARKS.filter(({ has }) => has(edge));
  // The marks stand before the words, and both together in the middle.
  const tight = textWidth(words, 6.1) + marks.length * MARK;
  const middle = (marks.length * MARK) / 2;
  const sofar = edge.count > 1 ? textWidth(countAt(edge.count, edge.count), 6.1) : 0;
  const longer = edge.count > 1 ? sofar - textWidth(words, 6.1) : 0;
  return (
    <g
      className={`${edgeClass(edge, tone)} ${edge.count > 1 ? (styles.counted ?? '') : ''}`}
      style={{ transform: `translate(${x + width / 2}px, ${y + height / 2}px) scale(var(--label-scale, 1))` }}
      data-place={`edge:${edge.key}`}
      data-testid={`edge-label:${edge.key}`}
      aria-hidden
    >
      <Plate width={tight + (words === '' ? 4 : 8)} height={height} className={styles.plate} />
      {edge.count > 1 && (
        <Plate width={isShort ? shortWidth(edge) + 4 : width} height={height} className={styles.sofarPlate} />
      )}
      <g className={styles.marks} style={{ '--longer': longer } as React.CSSProperties}>
        {marks.map(({ id, Icon }, at) => (
          <Icon key={id} x={-tight / 2 + 1.5 + at * MARK} y={-6} width={12} height={12} strokeWidth={2.2} />
        ))}
      </g>
      <text x={middle} className={styles.words}>
        {words}
      </text>
      {/* Written by the cursor (use-cursor.ts), never by React. */}
      {edge.count > 1 && <text x={middle} className={styles.sofar} data-sofar={edge.count} />}
    </g>
  );
});

function Plate({ width, height, className }: { width: number; height: number; className: string | undefined }) {
  return <rect x={-width / 2} y={1 - height / 2} width={width} height={height - 2} rx={4} className={className} />;
}

const MARKS: readonly {
  readonly id: string;
  readonly Icon: LucideIcon;
  readonly has: (edge: ViewEdge) => boolean;
}[] = [
  { id: 'failed', Icon: CircleAlert, has: (edge) => edge.errors > 0 },
  { id: 'retries', Icon: RotateCw, has: (edge) => edge.retries > 0 },
  { id: 'loop', Icon: Repeat, has: (edge) => edge.loop },
];

function edgeClass(edge: ViewEdge, tone: Tone): string {
  const failed = edge.errors > 0 ? styles.failed : '';
  const guessed = edge.inferred ? styles.inferred : '';
  const back = edge.loop ? styles.loop : '';
  return `${styles.edge} ${styles[edge.kind] ?? ''} ${failed} ${guessed} ${back} ${styles[tone] ?? ''}`;
}

/** A triangle that ends where the edge ends; handoffs have the bigger one. */
function headPath(edge: ViewEdge, { x, y, dx, dy }: Tip): string {
  const length = edge.kind === 'handoff' ? 9 : 7.5;
  const half = edge.kind === 'handoff' ? 4.6 : 3.6;
  const [bx, by] = [x - dx * length, y - dy * length];
  const [a, b] = [`${bx - dy * half},${by + dx * half}`, `${bx + dy * half},${by - dx * half}`];
  return edge.kind === 'message' || edge.kind === 'guardrail' ? `M${a}L${x},${y}L${b}` : `M${x},${y}L${a}L${b}Z`;
}

/** Stands on the caller: "I asked, and I wait". */
function diamondPath({ x, y, dx, dy }: Tip): string {
  const [cx, cy] = [x + dx * 5, y + dy * 5];
  return `M${x},${y}L${cx - dy * 3.4},${cy + dx * 3.4}L${x + dx * 10},${y + dy * 10}L${cx + dy * 3.4},${cy - dx * 3.4}Z`;
}
