/** The line that playback runs along: a tick per event, a handle at the time cursor. A drag moves it, arrows step. */
import { useEffect, useMemo, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { resolveColour } from '../../../theme/resolve-colour.ts';
import { useThemeRevision } from '../../../theme/theme.ts';
import { useWidth } from '../tree/use-width.ts';
import { bitOf, nextEvent, type PlaybackEvents } from './events.ts';
import type { Playback } from './use-playback.ts';
import { placeSentence } from './words.ts';
import styles from './playback.module.css';

const HEIGHT = 22;
/** Pixels left and right of the line, so that the handle stays inside. */
const INSET = 6;
/** Pixels from the head of one failure to the next. */
const HEAD_GAP = 9;

type Props = {
  readonly playback: Playback;
  /** The line runs along events, each as far from the next, instead of along time. */
  readonly even: boolean;
};

export function Scrubber({ playback, even }: Props) {
  const { events, table, place, scrubTo } = playback;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const theme = useThemeRevision();
  const { domain } = table.times();
  const columns = useMemo(
    () => (width > 0 ? eventColumns(events, width - 2 * INSET, even, domain) : null),
    [events, width, even, domain],
  );
  useEffect(() => {
    if (canvas.current && columns) draw(canvas.current, columns);
  }, [columns, theme]);

  const share =
    place === null
      ? 1
      : even
        ? Math.max(0, place.index) / Math.max(1, events.count - 1)
        : (place.cursor - domain.start) / (domain.end - domain.start);

  function hold(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0 || events.count === 0) return;
    const element = event.currentTarget;
    const bounds = element.getBoundingClientRect();
    function put(x: number): void {
      const at = Math.min(1, Math.max(0, (x - bounds.left - INSET) / Math.max(1, bounds.width - 2 * INSET)));
      scrubTo(
        even
          ? { index: Math.round(at * (events.count - 1)) }
          : { cursor: domain.start + at * (domain.end - domain.start) },
      );
    }
    function move(next: globalThis.PointerEvent): void {
      // What listens on the page would measure every divider at each move, and that costs a layout.
      next.stopPropagation();
      put(next.clientX);
    }
    function end(): void {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', end);
      element.removeEventListener('pointercancel', end);
    }
    element.setPointerCapture(event.pointerId);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
    put(event.clientX);
  }

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || events.count === 0) return;
    const last = events.count - 1;
    const at = place?.index ?? last;
    const page = Math.max(1, Math.round(events.count / 10));
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: nextEvent(events, at, 1, 'any'),
      ArrowUp: nextEvent(events, at, 1, 'any'),
      ArrowLeft: nextEvent(events, at, -1, 'any'),
      ArrowDown: nextEvent(events, at, -1, 'any'),
      PageUp: at + page,
      PageDown: at - page,
      Home: 0,
      End: last,
    };
    const target = Object.hasOwn(targets, event.key) ? targets[event.key] : undefined;
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (target >= 0 || event.key === 'PageDown') scrubTo({ index: Math.max(0, Math.min(last, target)) });
  }

  return (
    <div
      ref={box}
      className={styles.scrubber}
      style={{ height: HEIGHT }}
      role="slider"
      tabIndex={0}
      aria-label="Time cursor"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, events.count)}
      aria-valuenow={Math.max(1, (place?.index ?? events.count - 1) + 1)}
      aria-valuetext={placeSentence(playback)}
      data-idle={place === null || undefined}
      onPointerDown={hold}
      onKeyDown={press}
      data-testid="scrubber"
    >
      <canvas ref={canvas} className={styles.ticks} style={{ height: HEIGHT, left: INSET }} aria-hidden />
      <span className={styles.track} aria-hidden />
      {/* Moved by a transform: nothing is laid out anew while it runs. */}
      <span
        className={styles.handlePlace}
        style={{ transform: `translateX(${INSET + share * Math.max(0, width - 2 * INSET)}px)` }}
        aria-hidden
      >
        <span className={styles.handle} />
      </span>
    </div>
  );
}

/** Which kinds of events fall on each pixel. */
function eventColumns(
  { count, at, kinds }: PlaybackEvents,
  width: number,
  even: boolean,
  domain: { readonly start: number; readonly end: number },
): Uint8Array {
  const columns = new Uint8Array(Math.max(1, Math.floor(width)));
  const last = columns.length - 1;
  for (let k = 0; k < count; k++) {
    const share = even ? k / Math.max(1, count - 1) : ((at[k] ?? 0) - domain.start) / (domain.end - domain.start);
    const x = Math.max(0, Math.min(last, Math.round(share * last)));
    columns[x] = (columns[x] ?? 0) | (kinds[k] ?? 0);
  }
  return columns;
}

const ERROR = bitOf('error');
const FINDING = bitOf('finding');
const HANDOFF = bitOf('handoff');
const AGENT = bitOf('agent');

/** Where it matters, ticks are higher; a failure has a head as well, so that it does not depend on its colour. */
function draw(canvas: HTMLCanvasElement, columns: Uint8Array): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = columns.length * scale;
  canvas.height = HEIGHT * scale;
  canvas.style.width = `${columns.length}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  const [plain, agent, handoff, error, finding] = [
    'var(--n-4)',
    'var(--n-5)',
    'var(--accent)',
    'var(--error)',
    'var(--warn)',
  ].map(resolveColour);
  const middle = HEIGHT / 2;
  // Where nearly everything failed, a wall of heads would say less than some of them.
  let headed = -Infinity;
  columns.forEach((kinds, x) => {
    if (kinds === 0) return;
    const isHeaded = (kinds & ERROR) !== 0 && x - headed >= HEAD_GAP;
    const [colour, high] = isHeaded
      ? [error, 8]
      : (kinds & FINDING) !== 0
        ? [finding, 7]
        : (kinds & HANDOFF) !== 0
          ? [handoff, 6]
          : (kinds & AGENT) !== 0
            ? [agent, 6]
            : [plain, 4];
    context.fillStyle = colour ?? '';
    context.fillRect(x - 0.5, middle - high, 1, 2 * high);
    if (isHeaded) {
      headed = x;
      context.beginPath();
      context.moveTo(x - 3, 0);
      context.lineTo(x + 3, 0);
      context.lineTo(x, 5);
      context.fill();
    } else if ((kinds & FINDING) !== 0) context.fillRect(x - 1.5, HEIGHT - 4, 3, 3);
  });
}
