/** Parts that charts share: axes, whiskers, and the mark of each run, which has a shape beside its colour. */
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import type { Range } from '#shared/comparison.ts';
import type { Scale } from './scale.ts';
import styles from './statistics.module.css';

const SHAPES = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
  symbolCircle,
  symbolSquare,
];
/** The baseline is grey, the first other has the accent, further ones what agents have. */
const COLOURS = [
  'var(--n-5)',
  'var(--accent)',
  'var(--agent-1)',
  'var(--agent-2)',
  'var(--agent-4)',
  'var(--agent-3)',
  'var(--agent-5)',
  'var(--agent-6)',
  'var(--agent-7)',
];

export function runColour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? 'var(--n-5)';
}

type MarkProps = { readonly x: number; readonly y: number; readonly run: number; readonly size?: number };

export function RunMark({ x, y, run, size = 60 }: MarkProps) {
  const path = symbol(SHAPES[run % SHAPES.length] ?? symbolCircle, size)();
  return (
    <path d={path ?? ''} transform={`translate(${x} ${y})`} style={{ fill: runColour(run) }} className={styles.mark} />
  );
}

type WhiskerProps = {
  readonly range: Range;
  readonly scale: Scale;
  /** Where it lies across. */
  readonly at: number;
  readonly upright?: boolean;
  readonly run: number;
};

export function Whisker({ range, scale, at, upright = false, run }: WhiskerProps) {
  const [low, high] = [scale(range.low), scale(range.high)];
  const path = upright
    ? `M${at} ${low}V${high}M${at - 4} ${low}h8M${at - 4} ${high}h8`
    : `M${low} ${at}H${high}M${low} ${at - 4}v8M${high} ${at - 4}v8`;
  return <path d={path} className={styles.error} style={{ stroke: runColour(run) }} />;
}

type AxisProps = {
  readonly scale: Scale;
  readonly write: (value: number) => string;
  readonly label?: string;
};

/** Under the plot, with lines up into it. */
export function BottomAxis({
  scale,
  write,
  label,
  top,
  bottom,
  left,
  right,
}: AxisProps & { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }) {
  return (
    <g>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={scale(tick)} x2={scale(tick)} y1={top} y2={bottom} />
          <text className={styles.tick} x={scale(tick)} y={bottom + 14} textAnchor="middle">
            {write(tick)}
          </text>
        </g>
      ))}
      <line className={styles.axis} x1={left} x2={right} y1={bottom} y2={bottom} />
      {label !== undefined && (
        <text className={styles.label} x={(left + right) / 2} y={bottom + 30} textAnchor="middle">
          {label}
        </text>
      )}
    </g>
  );
}

export function LeftAxis({
  scale,
  write,
  label,
  left,
  right,
}: AxisProps & { readonly left: number; readonly right: number }) {
  const [from, to] = [scale(scale.domain[0]), scale(scale.domain[1])];
  return (
    <g>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={left} x2={right} y1={scale(tick)} y2={scale(tick)} />
          <text className={styles.tick} x={left - 6} y={scale(tick) + 4} textAnchor="end">
            {write(tick)}
          </text>
        </g>
      ))}
      {label !== undefined && (
        <text className={styles.label} transform={`translate(12 ${(from + to) / 2}) rotate(-90)`} textAnchor="middle">
          {label}
        </text>
      )}
    </g>
  );
}

/** What fits beside a mark; the whole name is under the pointer and in the table. */
export function shortText(text: string, letters: number): string {
  const all = Array.from(text);
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}
