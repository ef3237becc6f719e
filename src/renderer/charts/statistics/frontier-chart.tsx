/** Each run as a point of what it costs and how good it is, and the line of those that none beats. */
import type { ReactNode } from 'react';
import { curveStepAfter, line } from 'd3-shape';
import type { Range } from '#shared/comparison.ts';
import type { Rows } from '../save-picture.ts';
import { frontier } from './aggregate.ts';
import { ChartFrame } from './chart-frame.tsx';
import type { ChartRun } from './interval-chart.tsx';
import { BottomAxis, LeftAxis, RunMark, shortText, Whisker } from './marks.tsx';
import { linearScale } from './scale.ts';
import styles from './statistics.module.css';

export type FrontierPoint = {
  readonly run: ChartRun;
  readonly index: number;
  readonly cost: number;
  readonly costRange: Range | null;
  readonly quality: number;
  readonly qualityRange: Range | null;
};

type Props = {
  readonly title: string;
  readonly description: string;
  readonly name: string;
  readonly points: readonly FrontierPoint[];
  readonly costLabel: string;
  readonly qualityLabel: string;
  readonly writeCost: (value: number) => string;
  readonly rate: boolean;
  readonly lessIsBetter: boolean;
  readonly controls?: ReactNode;
};

const HEIGHT = 300;
const TOP = 14;
const BOTTOM = 252;
const LEFT = 64;
const RIGHT = 30;

export function FrontierChart(props: Props) {
  const { title, description, name, points, rate, lessIsBetter, writeCost, costLabel, qualityLabel, controls } = props;
  const best = frontier(points.map(({ cost, quality }) => ({ cost, quality: lessIsBetter ? -quality : quality })));
  const write = (value: number): string =>
    rate ? `${Number((value * 100).toFixed(1))} %` : String(Number(value.toPrecision(3)));
  return (
    <ChartFrame
      title={title}
      description={description}
      name={name}
      height={HEIGHT}
      table={() => tableOf(points, best)}
      controls={controls}
    >
      {(width) => {
        const costs = points.flatMap(({ cost, costRange }) => [cost, costRange?.low ?? cost, costRange?.high ?? cost]);
        const qualities = points.flatMap(({ quality, qualityRange }) => [
          quality,
          qualityRange?.low ?? quality,
          qualityRange?.high ?? quality,
        ]);
        const x = linearScale([0, Math.max(0, ...costs) * 1.08], [LEFT, width - RIGHT], { round: true });
        const y = rate
          ? linearScale([0, 1], [BOTTOM, TOP])
          : linearScale([Math.min(0, ...qualities), Math.max(...qualities)], [BOTTOM, TOP], { round: true });
        const path = line<number>()
          .x((index) => x(points[index]?.cost ?? 0))
          .y((index) => y(points[index]?.quality ?? 0))
          .curve(curveStepAfter)(best);
        return (
          <>
            <LeftAxis scale={y} write={write} label={qualityLabel} left={LEFT} right={width - RIGHT} />
            <BottomAxis
              scale={x}
              write={writeCost}
              label={costLabel}
              top={TOP}
              bottom={BOTTOM}
              left={LEFT}
              right={width - RIGHT}
            />
            {best.length > 1 && <path className={styles.frontier} d={path ?? ''} />}
            {points.map(({ run, index, cost, costRange, quality, qualityRange }, at) => {
              const says = `${run.letter} · ${run.name.slice(0, 80)}: ${writeCost(cost)}, ${write(quality)}${qualityRange ? ` (95 % ${write(qualityRange.low)} to ${write(qualityRange.high)})` : ''}${best.includes(at) ? ', on the frontier' : ''}`;
              const nearRight = x(cost) > width - 200;
              return (
                <g key={index} data-says={says}>
                  <circle className={styles.hit} cx={x(cost)} cy={y(quality)} r={16} />
                  {qualityRange && <Whisker range={qualityRange} scale={y} at={x(cost)} run={index} upright />}
                  {costRange && <Whisker range={costRange} scale={x} at={y(quality)} run={index} />}
                  <RunMark x={x(cost)} y={y(quality)} run={index} size={90} />
                  <text
                    className={styles.name}
                    x={x(cost) + (nearRight ? -11 : 11)}
                    y={y(quality) - 9}
                    textAnchor={nearRight ? 'end' : 'start'}
                  >
                    {run.letter} {shortText(run.name, 22)}
                  </text>
                </g>
              );
            })}
          </>
        );
      }}
    </ChartFrame>
  );
}

function tableOf(points: readonly FrontierPoint[], best: readonly number[]): Rows {
  return [
    ['run', 'run name', 'cost', 'cost low', 'cost high', 'quality', 'quality low', 'quality high', 'on the frontier'],
    ...points.map(({ run, cost, costRange, quality, qualityRange }, at) => [
      run.letter,
      run.name,
      cost,
      costRange?.low ?? null,
      costRange?.high ?? null,
      quality,
      qualityRange?.low ?? null,
      qualityRange?.high ?? null,
      best.includes(at) ? 'yes' : 'no',
    ]),
  ];
}
