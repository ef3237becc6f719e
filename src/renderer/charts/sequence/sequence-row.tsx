import { memo } from 'react';
import type { MessageView } from '#shared/sequence-words.ts';
import { arrowText, goesBack } from '#shared/sequence-words.ts';
import { formatDuration } from '#shared/time.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { type FaultMark, faultAt, faultWords } from '../fault-mark.ts';
import { FaultCount } from '../fault-pin.tsx';
import { type NoteMark, noteWords } from '../note-mark.ts';
import { NoteCount } from '../note-pin.tsx';
import { ROW } from './geometry.ts';
import styles from './sequence.module.css';

type Props = {
  readonly id: string;
  readonly view: MessageView;
  readonly x1: number;
  readonly x2: number;
  readonly top: number;
  readonly height: number;
  readonly width: number;
  readonly place: number;
  readonly size: number;
  /** Spoken besides: the repeats that it opens. */
  readonly repeat: string;
  /** Where the plate of a repeat that begins here ends; 0 = none does. */
  readonly plateEnd: number;
  readonly state: 'plain' | 'selected' | 'edge';
  /** It has not happened yet at the time cursor. */
  readonly later: boolean;
  /** It is the last one that happened. */
  readonly now: boolean;
  /** It is not part of what is looked at. */
  readonly outside: boolean;
  readonly fault: FaultMark | null;
  readonly onFault: (spanId: string) => void;
  readonly note: NoteMark | null;
  /** Of its message, for what asks an element of the list. */
  readonly position: number;
  readonly onPick: (place: number) => void;
  readonly onPoint: (spanId: string | null) => void;
};

const MIDDLE = 21;
const HEAD = 7;
/** Pixels of a label beside the plate of a repeat. */
const LEAST = 60;

export const SequenceRow = memo(function SequenceRow(props: Props) {
  const { id, view, x1, x2, top, height, width, place, size, repeat, state, later, now, outside, onPick, onPoint } =
    props;
  const { fault, onFault, note, position, plateEnd } = props;
  // Room for the count of findings.
  const pin = fault ? (fault.count > 1 ? 36 : 20) : 0;
  const notePin = note ? (note.count > 1 ? 32 : 20) : 0;
  const failed = view.status === 'error';
  const back = goesBack(view.kind);
  const text = visibleString(arrowText(view));
  const wait = height - ROW;
  const classes = [
    styles.arrow,
    back ? styles.back : '',
    view.kind === 'handoff' ? styles.handoff : '',
    view.inferred ? styles.inferred : '',
    failed ? styles.failed : '',
  ].join(' ');
  const self = x1 === x2;
  const way = x2 > x1 ? 1 : -1;
  const tip = self ? x1 + 6 : x2 - way * 6;
  const tipWay = self ? -1 : way;
  const tipY = self ? MIDDLE + 5 : MIDDLE;
  const left = Math.min(x1, x2);
  const room = self ? 150 : Math.abs(x2 - x1);
  // The label begins where the plate does not hide it, as long as that leaves something of it.
  const start = Math.max(self ? x1 + 34 : left + 10, plateEnd === 0 ? 0 : plateEnd + 4);
  const space = left + room - 10 - pin - notePin - start;
  return (
    <div
      id={id}
      role="option"
      aria-selected={state === 'selected'}
      aria-posinset={place + 1}
      aria-setsize={size}
      aria-label={`${visibleString(view.from)} to ${visibleString(view.to)}, ${text}${repeat}${view.time === null ? '' : `, at ${formatDuration(view.time)}`}${later ? ', not yet at the time cursor' : ''}${fault ? `.${faultWords(fault)}` : ''}${note ? `.${noteWords(note)}` : ''}`}
      className={`${styles.row} ${state === 'selected' ? styles.selected : state === 'edge' ? styles.edge : ''} ${later || outside ? styles.later : now ? styles.now : ''}`}
      style={{ transform: `translateY(${top + wait}px)`, width }}
      onClick={(event) => {
        const spanId = faultAt(event.target);
        if (spanId === null) onPick(place);
        else onFault(spanId);
      }}
      onPointerEnter={() => onPoint(view.spanId)}
      onPointerLeave={() => onPoint(null)}
      data-testid={`message:${view.spanId}`}
      data-message={position}
    >
      <span className={styles.time}>{view.time === null ? '' : formatDuration(view.time)}</span>
      <svg className={styles.lines} width={width} height={ROW} aria-hidden>
        <path
          className={classes}
          d={self ? `M${x1 + 6} ${MIDDLE - 6}h22v11h-22` : `M${x1 + way * 6} ${MIDDLE}H${tip}`}
        />
        <path
          className={`${classes} ${styles.tip}`}
          d={`M${tip - tipWay * HEAD} ${tipY - 4}L${tip} ${tipY}L${tip - tipWay * HEAD} ${tipY + 4}${back ? '' : 'Z'}`}
        />
      </svg>
      <span
        className={`${styles.label} ${failed ? styles.failedText : ''} ${self ? styles.selfLabel : ''}`}
        style={self ? { left: start, maxWidth: room } : { left: start, width: Math.max(space, LEAST) }}
        title={`${visibleString(view.from)} → ${visibleString(view.to)}\n${text}`}
      >
        <span>{text}</span>
      </span>
      {note && (
        <NoteCount mark={note} style={{ top: 2, left: self ? x1 - pin - notePin : left + room - pin - notePin - 8 }} />
      )}
      {fault && <FaultCount mark={fault} style={{ top: 2, left: self ? x1 - pin : left + room - pin - 8 }} />}
    </div>
  );
});
