/** A difference and its interval as a small picture around zero; the text beside it says the same. */
import type { Range } from '#shared/comparison.ts';
import { linearScale } from './scale.ts';
import styles from './statistics.module.css';

type Props = {
  readonly delta: number | null;
  readonly range: Range | null;
  /** The largest distance from zero that is drawn, the same for all bars of one table. */
  readonly reach: number;
  readonly tone: 'better' | 'worse' | 'none';
  readonly width?: number;
};

const HEIGHT = 18;

export function DeltaBar({ delta, range, reach, tone, width = 120 }: Props) {
  const x = linearScale([-reach, reach], [4, width - 4]);
  const clamp = (value: number): number => x(Math.max(-reach, Math.min(reach, value)));
  const middle = HEIGHT / 2;
  return (
    <svg
      className={styles.delta}
      data-tone={tone}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-hidden
    >
      <line className={styles.track} x1={4} x2={width - 4} y1={middle} y2={middle} />
      <line className={styles.zero} x1={x(0)} x2={x(0)} y1={1} y2={HEIGHT - 1} />
      {range && (
        <>
          <line className={styles.whisker} x1={clamp(range.low)} x2={clamp(range.high)} y1={middle} y2={middle} />
          {[range.low, range.high].map((end, index) => (
            <line
              key={index}
              className={styles.whisker}
              x1={clamp(end)}
              x2={clamp(end)}
              y1={middle - 4}
              y2={middle + 4}
            />
          ))}
        </>
      )}
      {delta !== null && <circle className={styles.point} cx={clamp(delta)} cy={middle} r={3.5} />}
    </svg>
  );
}
