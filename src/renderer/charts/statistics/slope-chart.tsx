/** From A to B, a line for each item, or for all that go the same way; those that get worse are dashed as well as red. */
import type { ReactNode } from 'react';
import { line } from 'd3-shape';
import type { Rows } from '../save-picture.ts';
import type { Slope } from './aggregate.ts';
import { bundleSlopes } from './aggregate.ts';
import { ChartFrame } from './chart-frame.tsx';
import type { ChartRun } from './interval-chart.tsx';
import { LeftAxis } from './marks.tsx';
import { linearScale } from './scale.ts';
import styles from './statistics.module.css';

type Props = {
  readonly title: string;
  readonly description: string;
  readonly name: string;
  readonly a: ChartRun;
  readonly b: ChartRun;
  readonly valuesA: ArrayLike<number>;
  readonly valuesB: ArrayLike<number>;
  /** Of each item, for the table. */
  readonly keys: readonly string[];
  readonly rate: boolean;
  readonly lessIsBetter: boolean;
  readonly controls?: ReactNode;
};

const HEIGHT = 300;
const TOP = 28;
const BOTTOM = 278;
const LEFT = 54;
const SIDE = 76;
/** Steps on each side that are told apart; a step is a pixel or two. */
const LEVELS = 41;
/** Room for the round ends of thick lines. */
const INSET = 8;
const THICKEST = 11;
const MOST_LABELS = 12;

export function SlopeChart(props: Props) {
  const { title, description, name, a, b, valuesA, valuesB, rate, lessIsBetter, controls } = props;
  const [low, high] = rate ? [0, 1] : span(valuesA, valuesB);
  const slopes = bundleSlopes(valuesA, valuesB, low, high, LEVELS);
  const most = Math.max(1, ...slopes.map(({ count }) => count));
  return (
    <ChartFrame
      title={title}
      description={description}
      name={name}
      height={HEIGHT}
      table={() => tableOf(props)}
      controls={controls}
    >
      {(width) => {
        const y = linearScale([low, high], [BOTTOM, TOP]);
        const right = width - SIDE;
        const write = (value: number): string => (rate ? `${Number((value * 100).toFixed(1))} %` : short(value));
        return (
          <>
            <LeftAxis scale={y} write={write} left={LEFT} right={right} />
            <text className={styles.name} x={LEFT} y={14}>
              {a.letter}
            </text>
            <text className={styles.name} x={right} y={14} textAnchor="end">
              {b.letter}
            </text>
            {slopes.map((slope) => {
              const way = wayOf(slope.a, slope.b, lessIsBetter);
              const path = line()([
                [LEFT + INSET, y(slope.a)],
                [right - INSET, y(slope.b)],
              ]);
              const says = `${slope.count} ${slope.count === 1 ? 'item' : 'items'} ${WAYS[way]}: ${write(slope.a)} in ${a.letter}, ${write(slope.b)} in ${b.letter}`;
              return (
                <g key={`${slope.a} ${slope.b}`} data-says={says}>
                  <path
                    className={styles.slope}
                    data-way={way}
                    d={path ?? ''}
                    style={{ strokeWidth: Math.max(1.2, Math.sqrt(slope.count / most) * (most > 1 ? THICKEST : 2)) }}
                  />
                  <path className={styles.slopeHit} d={path ?? ''} />
                </g>
              );
            })}
            {endLabels(slopes, y, lessIsBetter).map(({ at, text, way }) => (
              <text key={`${at} ${way}`} className={styles.value} data-way={way} x={right + 14} y={at + 4}>
                {text}
              </text>
            ))}
          </>
        );
      }}
    </ChartFrame>
  );
}

type Way = 'better' | 'worse' | 'same';

const WAYS: Readonly<Record<Way, string>> = { better: 'got better', worse: 'got worse', same: 'stayed the same' };

function wayOf(a: number, b: number, lessIsBetter: boolean): Way {
  return a === b ? 'same' : b > a !== lessIsBetter ? 'better' : 'worse';
}

/** How many come in at the right where there is room to say it: the largest first, none over another. */
function endLabels(
  slopes: readonly Slope[],
  y: (value: number) => number,
  lessIsBetter: boolean,
): readonly { readonly at: number; readonly text: string; readonly way: Way }[] {
  const labels: { at: number; text: string; way: Way }[] = [];
  for (const { a, b, count } of slopes) {
    if (labels.length >= MOST_LABELS) break;
    const end = y(b);
    const at = [end, end - 14, end + 14].find(
      (place) => place > TOP - 18 && place < BOTTOM + 12 && labels.every((other) => Math.abs(other.at - place) >= 13),
    );
    if (at === undefined) continue;
    const arrow = a === b ? '→' : b > a ? '↗' : '↘';
    labels.push({ at, way: wayOf(a, b, lessIsBetter), text: `${arrow} ${count}` });
  }
  return labels;
}

function span(a: ArrayLike<number>, b: ArrayLike<number>): readonly [number, number] {
  let [low, high] = [0, Number.NEGATIVE_INFINITY];
  for (const values of [a, b])
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  return linearScale([low, high], [0, 1], { round: true }).domain;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function tableOf({ a, b, valuesA, valuesB, keys }: Props): Rows {
  return [
    ['item', a.letter, b.letter, 'difference'],
    ...keys.flatMap((key, index) => {
      const from = valuesA[index] ?? Number.NaN;
      const to = valuesB[index] ?? Number.NaN;
      return Number.isNaN(from) || Number.isNaN(to) ? [] : [[key, from, to, to - from]];
    }),
  ];
}
