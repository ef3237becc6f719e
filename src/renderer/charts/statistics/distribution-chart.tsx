/** How the scores of both sides are spread: one outline above the other on one axis, each with its mean and interval. */
import type { ReactNode } from 'react';
import { area, curveStep } from 'd3-shape';
import type { Rows } from '../save-picture.ts';
import type { Bins } from './aggregate.ts';
import { histogram } from './aggregate.ts';
import { ChartFrame } from './chart-frame.tsx';
import type { ChartRun, IntervalBar } from './interval-chart.tsx';
import { BottomAxis, runColour, RunMark, Whisker } from './marks.tsx';
import { linearScale } from './scale.ts';
import styles from './statistics.module.css';

export type Distribution = {
  readonly run: ChartRun;
  /** Place of the run among all that are compared: what gives it its colour and shape. */
  readonly index: number;
  readonly values: ArrayLike<number>;
  readonly mean: IntervalBar;
};

type Props = {
  readonly title: string;
  readonly description: string;
  readonly name: string;
  readonly sides: readonly Distribution[];
  readonly rate: boolean;
  readonly controls?: ReactNode;
};

const BINS = 20;
const ROW = 96;
const PLOT = 58;
const AXIS = 40;
const LEFT = 40;
const RIGHT = 16;

export function DistributionChart({ title, description, name, sides, rate, controls }: Props) {
  const [low, high] = rate ? [0, 1] : spanOf(sides);
  const binned = sides.map(({ values }) => histogram(values, low, high, BINS));
  const most = Math.max(...binned.map(({ counts, n }) => Math.max(0, ...counts) / Math.max(1, n)), 1e-9);
  const height = sides.length * ROW + AXIS;
  return (
    <ChartFrame
      title={title}
      description={description}
      name={name}
      height={height}
      table={() => tableOf(sides, binned)}
      controls={controls}
    >
      {(width) => {
        const x = linearScale([low, high], [LEFT, width - RIGHT]);
        const bin = (x(high) - x(low)) / BINS;
        return (
          <>
            <BottomAxis
              scale={x}
              write={(value) => (rate ? `${Number((value * 100).toFixed(1))} %` : String(value))}
              label={rate ? 'Pass rate over the trials of an item' : 'Score'}
              top={6}
              bottom={height - AXIS}
              left={LEFT}
              right={width - RIGHT}
            />
            {sides.map(({ run, index, mean }, row) => {
              const bins = binned[row];
              if (!bins) return null;
              const base = row * ROW + PLOT + 10;
              const y = linearScale([0, most], [base, base - PLOT]);
              const shares = bins.counts.map((count) => count / Math.max(1, bins.n));
              // A step is drawn from middle to middle: bins of nothing at both ends make the outer ones whole.
              const outline = area<number>()
                .x((_, at) => x(low) + (at - 0.5) * bin)
                .y0(base)
                .y1((share) => y(share))
                .curve(curveStep);
              return (
                <g key={index}>
                  <text className={styles.name} x={LEFT - 14} y={base - PLOT / 2} textAnchor="end">
                    {run.letter}
                  </text>
                  <path
                    className={styles.area}
                    style={{ fill: runColour(index), stroke: runColour(index) }}
                    d={outline([0, ...shares, 0]) ?? ''}
                  />
                  {bins.counts.map((count, at) => (
                    <rect
                      key={at}
                      className={styles.hit}
                      x={x(low) + at * bin}
                      y={base - PLOT}
                      width={bin}
                      height={PLOT}
                      data-says={`${run.letter} · ${edge(bins.edges[at], rate)} to ${edge(bins.edges[at + 1], rate)}: ${count} of ${bins.n} items`}
                    />
                  ))}
                  {mean.value !== null && (
                    <g data-says={`${run.letter} · mean ${meanWords(mean, rate)}`}>
                      <rect className={styles.hit} x={LEFT} y={base + 2} width={width - LEFT - RIGHT} height={18} />
                      {mean.range && <Whisker range={mean.range} scale={x} at={base + 12} run={index} />}
                      <RunMark x={x(mean.value)} y={base + 12} run={index} size={40} />
                    </g>
                  )}
                </g>
              );
            })}
          </>
        );
      }}
    </ChartFrame>
  );
}

function spanOf(sides: readonly Distribution[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values, mean } of sides) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (mean.range) [low, high] = [Math.min(low, mean.range.low), Math.max(high, mean.range.high)];
  }
  return linearScale([Math.min(0, low), high], [0, 1], { round: true }).domain;
}

function edge(value: number | undefined, rate: boolean): string {
  if (value === undefined) return '';
  return rate ? `${Number((value * 100).toFixed(1))} %` : String(Number(value.toPrecision(3)));
}

function meanWords({ value, range, n }: IntervalBar, rate: boolean): string {
  const interval = range === null ? 'no interval' : `95 % ${edge(range.low, rate)} to ${edge(range.high, rate)}`;
  return `${edge(value ?? 0, rate)}, ${interval}, ${n} ${n === 1 ? 'item' : 'items'}`;
}

function tableOf(sides: readonly Distribution[], binned: readonly Bins[]): Rows {
  return [
    ['run', 'run name', 'from', 'to', 'items', 'share'],
    ...sides.flatMap(({ run }, row) => {
      const bins = binned[row];
      return (bins?.counts ?? []).map((count, at) => [
        run.letter,
        run.name,
        bins?.edges[at] ?? null,
        bins?.edges[at + 1] ?? null,
        count,
        count / Math.max(1, bins?.n ?? 0),
      ]);
    }),
  ];
}
