/** A small count at a place of a picture at which detectors found faults: in SVG, or in text. Its click is the picture's. */
import { memo } from 'react';
import { Bug } from 'lucide-react';
import type { FaultMark } from './fault-mark.ts';
import { faultTitle } from './fault-mark.ts';
import styles from './fault-pin.module.css';

const HEIGHT = 16;
const ICON = 11;
const DIGIT = 6.5;
const MOST = 99;

type PinProps = { readonly mark: FaultMark; readonly x: number; readonly y: number; readonly scaled?: boolean };

export const FaultPin = memo(function FaultPin({ mark, x, y, scaled = false }: PinProps) {
  const text = countText(mark);
  const width = HEIGHT + 1 + (text === '' ? 0 : text.length * DIGIT + 2);
  return (
    <g
      className={styles.pin}
      data-severity={mark.severity}
      data-fault={mark.spanId}
      style={{ transform: `translate(${x}px, ${y}px)${scaled ? ' scale(var(--label-scale, 1))' : ''}` }}
      aria-hidden
    >
      <title>{faultTitle(mark)}</title>
      <rect x={-width / 2} y={-HEIGHT / 2} width={width} height={HEIGHT} rx={5} className={styles.plate} />
      <Bug x={-width / 2 + 3} y={-ICON / 2} width={ICON} height={ICON} strokeWidth={2.2} />
      {text !== '' && (
        <text x={width / 2 - 4} y={4} textAnchor="end">
          {text}
        </text>
      )}
    </g>
  );
});

export function FaultCount({ mark, style }: { readonly mark: FaultMark; readonly style?: React.CSSProperties }) {
  return (
    <span
      className={styles.count}
      data-severity={mark.severity}
      data-fault={mark.spanId}
      title={faultTitle(mark)}
      style={style}
      aria-hidden
    >
      <Bug size={ICON} strokeWidth={2.2} />
      {countText(mark)}
    </span>
  );
}

function countText({ count }: FaultMark): string {
  return count === 1 ? '' : count > MOST ? `${MOST}+` : String(count);
}
