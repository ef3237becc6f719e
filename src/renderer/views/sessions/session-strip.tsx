/** A session's traces as one small picture: what happened when, pauses folded. */
import { memo, useMemo } from 'react';
import type { SessionRow } from '#shared/session.ts';
import { layTimeLine, placeOf } from './model/time-line.ts';
import styles from './sessions.module.css';

const WIDTH = 120;
const HEIGHT = 10;
const LEAST = 1.5;

export const SessionStrip = memo(function SessionStrip({ bars }: { readonly bars: SessionRow['bars'] }) {
  const drawn = useMemo(() => {
    const line = layTimeLine(bars, WIDTH, true);
    return bars.map((bar) => {
      const left = Math.min(placeOf(line, bar.start), WIDTH - LEAST);
      return { left, width: Math.max(LEAST, placeOf(line, bar.end) - left - 0.5), status: bar.status };
    });
  }, [bars]);
  return (
    <svg className={styles.strip} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
      {drawn.map(({ left, width, status }, index) => (
        <rect key={index} x={left} y={2} width={width} height={6} rx={1} className={styles[`strip_${status}`]} />
      ))}
    </svg>
  );
});
