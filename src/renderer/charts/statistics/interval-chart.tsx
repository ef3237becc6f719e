/** Per criterion a bar for each run, none without its interval. */
import type { Range } from '#shared/comparison.ts';
import type { Rows } from '../save-picture.ts';
import { ChartFrame } from './chart-frame.tsx';
import { BottomAxis, runColour, RunMark, shortText, Whisker } from './marks.tsx';
import { linearScale } from './scale.ts';
import styles from './statistics.module.css';

export type IntervalBar = { readonly value: number | null; readonly range: Range | null; readonly n: number };

export type IntervalGroup = {
  readonly name: string;
  /** One for each run, in the order of `runs`. */
  readonly bars: readonly IntervalBar[];
  readonly rate: boolean;
};

export type ChartRun = { readonly letter: string; readonly name: string };

type Props = {
  readonly title: string;
  readonly description: string;
  readonly name: string;
  readonly runs: readonly ChartRun[];
  readonly groups: readonly IntervalGroup[];
};

const BAR = 14;
const GAP = 3;
const HEAD = 20;
const BETWEEN = 12;
const AXIS = 22;
const LEFT = 26;
const RIGHT = 140;
const MOST_GROUPS = 40;

/** Rates share one axis below; a criterion of numbers has its own, written beside its name. */
export function IntervalChart({ title, description, name, runs, groups }: Props) {
  const shown = groups.slice(0, MOST_GROUPS);
  const group = HEAD + runs.length * (BAR + GAP) + BETWEEN;
  const height = shown.length * group + AXIS;
  return (
    <ChartFrame
      title={title}
      description={
        groups.length > shown.length ? `${description} The first ${MOST_GROUPS} criteria are drawn.` : description
      }
      name={name}
      height={height}
      table={() => tableOf(runs, groups)}
    >
      {(width) => {
        const right = width - RIGHT;
        const rates = linearScale([0, 1], [LEFT, right]);
        return (
          <>
            {shown.some(({ rate }) => rate) && (
              <BottomAxis scale={rates} write={percent} top={HEAD} bottom={height - AXIS} left={LEFT} right={right} />
            )}
            {shown.map(({ name: criterion, bars, rate }, at) => {
              const top = at * group;
              const scale = rate ? rates : linearScale(domainOf(bars), [LEFT, right], { round: true });
              const write = rate ? percent : number;
              return (
                <g key={criterion}>
                  <text className={styles.name} x={LEFT} y={top + 14}>
                    {shortText(criterion, Math.floor((width - LEFT) / 7))}
                    {!rate && ` (mean, ${number(scale.domain[0])} to ${number(scale.domain[1])})`}
                  </text>
                  {bars.map((bar, run) => {
                    const y = top + HEAD + run * (BAR + GAP);
                    const letter = runs[run]?.letter ?? '';
                    const zero = scale(Math.max(scale.domain[0], Math.min(scale.domain[1], 0)));
                    return (
                      <g key={run} data-says={`${letter} · ${criterion}: ${saysOf(bar, write)}`}>
                        <rect className={styles.hit} x={0} y={y - 1} width={width} height={BAR + 2} />
                        <text className={styles.tick} x={LEFT - 8} y={y + BAR - 3} textAnchor="end">
                          {letter}
                        </text>
                        {bar.value !== null && bar.range !== null && (
                          <>
                            <rect
                              className={styles.bar}
                              style={{ fill: runColour(run) }}
                              x={Math.min(zero, scale(bar.value))}
                              y={y + 2}
                              width={Math.abs(scale(bar.value) - zero)}
                              height={BAR - 4}
                            />
                            <Whisker range={bar.range} scale={scale} at={y + BAR / 2} run={run} />
                          </>
                        )}
                        {bar.value !== null && <RunMark x={scale(bar.value)} y={y + BAR / 2} run={run} size={34} />}
                        <text className={styles.value} x={right + 10} y={y + BAR - 3}>
                          {bar.value === null ? 'no verdict' : valueWords(bar, write)}
                        </text>
                      </g>
                    );
                  })}
                </g>
              );
            })}
          </>
        );
      }}
    </ChartFrame>
  );
}

function domainOf(bars: readonly IntervalBar[]): readonly [number, number] {
  const values = bars
    .flatMap(({ value, range }) => [value, range?.low, range?.high])
    .filter((each) => each !== null && each !== undefined);
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

function percent(value: number): string {
  return `${Number((value * 100).toFixed(1))} %`;
}

function number(value: number): string {
  return String(Number(Math.abs(value) < 1_000 ? value.toFixed(3) : value.toPrecision(4)));
}

function valueWords({ value, range }: IntervalBar, write: (value: number) => string): string {
  if (value === null) return '–';
  return range === null
    ? `${write(value)}, no interval`
    : `${write(value)} (${write(range.low).replace(' %', '')}–${write(range.high).replace(' %', '')})`;
}

function saysOf(bar: IntervalBar, write: (value: number) => string): string {
  return bar.value === null ? 'no verdict' : `${valueWords(bar, write)}, ${bar.n} ${bar.n === 1 ? 'item' : 'items'}`;
}

function tableOf(runs: readonly ChartRun[], groups: readonly IntervalGroup[]): Rows {
  return [
    ['criterion', 'run', 'run name', 'value', 'low', 'high', 'items'],
    ...groups.flatMap(({ name, bars }) =>
      bars.map((bar, run) => [
        name,
        runs[run]?.letter ?? '',
        runs[run]?.name ?? '',
        bar.value,
        bar.range?.low ?? null,
        bar.range?.high ?? null,
        bar.n,
      ]),
    ),
  ];
}
