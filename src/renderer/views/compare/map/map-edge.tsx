import { memo } from 'react';
import type { PlacedEdge, Tip } from '../../../charts/graph/layout-types.ts';
import { BAR, type DrawnEdge } from './model/picture.ts';
import styles from './map-picture.module.css';

export type Tone = 'plain' | 'selected' | 'near' | 'dim';

type Props = {
  readonly edge: DrawnEdge;
  readonly placed: PlacedEdge;
  readonly tone: Tone;
  readonly tabStop: boolean;
  readonly says: string;
};

/** The line of one edge; its label is drawn later, above all lines. */
export const MapEdge = memo(function MapEdge({ edge, placed, tone, tabStop, says }: Props) {
  const open = edge.kind === 'message' || edge.kind === 'guardrail';
  return (
    <g
      className={edgeClass(edge, tone)}
      data-place={`edge:${edge.key}`}
      data-testid={`map-edge:${edge.key}`}
      data-lean={edge.lean}
      role="button"
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={tone === 'selected'}
      aria-label={says}
    >
      <path d={placed.path} className={styles.reach} />
      <path d={placed.path} className={styles.line} strokeWidth={edge.thick} strokeDasharray={dashOf(edge)} />
      <path d={headPath(edge, placed.head, open)} className={open ? styles.openHead : styles.head} />
    </g>
  );
});

type LabelProps = Pick<Props, 'edge' | 'placed' | 'tone'> & { readonly passes: boolean };

/** The shares in words, and the pass rate of the traces that have it as a bar from 0 to 100 % with its interval. */
export const MapLabel = memo(function MapLabel({ edge, placed, tone, passes }: LabelProps) {
  if (!placed.label) return null;
  const { x, y, width, height } = placed.label;
  const rates = passes ? edge.groups.filter(({ passRate }) => passRate !== null) : [];
  const content = edge.wordsWidth + (rates.length > 0 ? BAR + 8 : 0);
  const start = -content / 2;
  return (
    <g
      className={edgeClass(edge, tone)}
      transform={`translate(${x + width / 2},${y + height / 2})`}
      data-place={`edge:${edge.key}`}
      aria-hidden
    >
      <rect x={-width / 2} y={1 - height / 2} width={width} height={height - 2} rx={4} className={styles.plate} />
      <text x={start + edge.wordsWidth / 2} className={styles.words}>
        {edge.parts.map(({ text, group }, at) => (
          <tspan key={at} className={group === null ? undefined : group === 0 ? styles.wordsA : styles.wordsB}>
            {text}
          </tspan>
        ))}
      </text>
      {rates.length > 0 &&
        edge.groups.map(({ passRate }, group) => {
          if (passRate === null) return null;
          const left = start + edge.wordsWidth + 8;
          const middle = edge.groups.length === 1 ? 0 : group === 0 ? -4 : 4;
          const at = (share: number): number => left + share * BAR;
          return (
            <g key={group}>
              <rect x={left} y={middle - 2.5} width={BAR} height={5} rx={1} className={styles.rateGround} />
              <rect
                x={at(passRate.range.low)}
                y={middle - 2.5}
                width={Math.max(1, (passRate.range.high - passRate.range.low) * BAR)}
                height={5}
                className={styles.rateRange}
              />
              <rect
                x={Math.min(at(1) - 2, Math.max(left, at(passRate.passed / passRate.of) - 1))}
                y={middle - 4}
                width={2}
                height={8}
                className={styles.rateMark}
              />
            </g>
          );
        })}
    </g>
  );
});

function edgeClass(edge: DrawnEdge, tone: Tone): string {
  const lean = edge.lean === 'a' ? styles.leanA : edge.lean === 'b' ? styles.leanB : '';
  return `${styles.edge} ${lean ?? ''} ${styles[tone] ?? ''}`;
}

/** Returns are dotted; what leans to the second group is dashed, so that colour is not the only sign. */
function dashOf({ kind, lean, thick }: DrawnEdge): string | undefined {
  if (kind === 'return') return `0.1 ${(thick * 1.6 + 2).toFixed(1)}`;
  return lean === 'b' ? `${(4 + thick * 1.5).toFixed(1)} ${(3 + thick).toFixed(1)}` : undefined;
}

/** A triangle that ends where the edge ends, wider than its line. */
function headPath({ thick, kind }: DrawnEdge, { x, y, dx, dy }: Tip, open: boolean): string {
  const length = 6 + thick * 1.1 + (kind === 'handoff' ? 1.5 : 0);
  const half = 2.6 + thick * 0.75;
  const [bx, by] = [x - dx * length, y - dy * length];
  const [a, b] = [`${bx - dy * half},${by + dx * half}`, `${bx + dy * half},${by - dx * half}`];
  return open ? `M${a}L${x},${y}L${b}` : `M${x},${y}L${a}L${b}Z`;
}
