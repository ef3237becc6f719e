/** Moves the time cursor: by itself while playing, to events, to wherever the scrubber is dragged. */
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useSelection } from '../../../state/selection.ts';
import { useFaultMarks } from '../faults/fault-marks.ts';
import type { SpanTable } from '../model/span-table.ts';
import { nextEvent, playbackEvents, type PlaybackEvents } from './events.ts';
import { advance, placeOf, type Place } from './pace.ts';
import { resetPlayback, tellEvent, usePlayback } from './playback-store.ts';

type ScrubTo = { readonly index: number } | { readonly cursor: number };

export type Playback = {
  readonly events: PlaybackEvents;
  /** The spans that the rows of the events are of; of a large trace that grows, a moment old. */
  readonly table: SpanTable;
  /** Null = the whole trace is shown. */
  readonly place: Place | null;
  readonly toggle: () => void;
  /** To the next or previous event of the chosen kind, which becomes the selected span. */
  readonly step: (direction: 1 | -1) => void;
  readonly canStep: (direction: 1 | -1) => boolean;
  /** To an event, or to a moment between two; at most once a frame. */
  readonly scrubTo: (to: ScrubTo) => void;
  readonly leave: () => void;
};

/** Above this, a trace that still grows is not sorted anew for each batch that arrives. */
const LARGE = 5_000;
const QUIET_MS = 400;

export function usePlaybackOf(newest: SpanTable): Playback {
  const { events, table } = useEvents(newest);
  const cursor = useSelection((state) => state.timeCursor);
  const playing = usePlayback((state) => state.playing);
  const kind = usePlayback((state) => state.kind);
  // Of a cursor that stands at several events of one moment, which of them it is.
  const known = useRef<Place | null>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const shown = useMemo(() => (cursor === null ? null : placeOf(events, cursor, place)), [events, cursor, place]);
  const times = table.times();

  const put = useCallback(
    (next: Place, isStep = false) => {
      known.current = next;
      setPlace(next);
      const row = events.row[next.index] ?? -1;
      tellEvent(next.index, table.columns.ids[row] ?? null, isStep);
      useSelection.getState().setTimeCursor(next.cursor);
    },
    [events, table],
  );

  const here = useEffectEvent((): Place => {
    const at = useSelection.getState().timeCursor;
    return at === null ? { cursor: times.domain.start, index: -1, part: 0 } : placeOf(events, at, known.current);
  });
  const frame = useEffectEvent((ms: number, from: Place): Place | null => {
    const { speed } = usePlayback.getState();
    const { domain } = times;
    // Where nothing has a time there is nothing but the order.
    const next = advance(events, from, ms, times.timed ? speed : 'even', domain.end);
    if (next === null) {
      put({ cursor: domain.end, index: events.count - 1, part: 0 });
      usePlayback.setState({ playing: false });
      return null;
    }
    // Without motion, the cursor goes from event to event.
    const steps = prefersStill() && next.index !== from.index ? { ...next, cursor: events.at[next.index] ?? 0 } : next;
    if (next.index !== from.index || (!prefersStill() && next.cursor !== from.cursor)) put(steps);
    else known.current = next;
    return next;
  });
  useEffect(() => {
    if (!playing) return undefined;
    let last = performance.now();
    let from = here();
    let moved = useSelection.getState().timeCursor;
    let request = requestAnimationFrame(tick);
    function tick(now: number): void {
      const at = useSelection.getState().timeCursor;
      // Somebody put the cursor elsewhere meanwhile: playing goes on from there.
      if (at !== moved) from = here();
      const next = frame(Math.max(0, now - last), from);
      last = now;
      moved = useSelection.getState().timeCursor;
      if (next === null) return;
      from = next;
      request = requestAnimationFrame(tick);
    }
    return () => cancelAnimationFrame(request);
  }, [playing]);

  const traceId = useSelection((state) => state.traceId);
  useEffect(() => resetPlayback, [traceId]);
  useEffect(() => {
    if (cursor === null) usePlayback.setState({ playing: false, span: null });
  }, [cursor]);

  const pending = useRef<ScrubTo | null>(null);
  const request = useRef(0);
  const scrubTo = useCallback(
    (to: ScrubTo) => {
      const isWaiting = pending.current !== null;
      pending.current = to;
      if (isWaiting) return;
      request.current = requestAnimationFrame(() => {
        const wanted = pending.current;
        pending.current = null;
        if (wanted === null) return;
        if ('cursor' in wanted) put(placeOf(events, wanted.cursor, null));
        else put(eventPlace(events, Math.max(0, Math.min(events.count - 1, wanted.index))));
      });
    },
    [events, put],
  );
  useEffect(
    () => () => {
      cancelAnimationFrame(request.current);
      pending.current = null;
    },
    [],
  );

  const target = (direction: 1 | -1): number =>
    nextEvent(events, shown ? shown.index : direction === 1 ? -1 : events.count, direction, kind);
  return {
    events,
    table,
    place: shown,
    toggle() {
      const isAtEnd = shown !== null && shown.cursor >= times.domain.end;
      if (!playing && (shown === null || isAtEnd) && events.count > 0) put(eventPlace(events, 0), true);
      usePlayback.setState({ playing: !playing && events.count > 0 });
    },
    step(direction) {
      const index = target(direction);
      if (index < 0) return;
      usePlayback.setState({ playing: false });
      put(eventPlace(events, index), true);
      useSelection.getState().selectSpan(table.columns.ids[events.row[index] ?? -1] ?? null);
    },
    canStep: (direction) => target(direction) >= 0,
    scrubTo,
    leave() {
      usePlayback.setState({ playing: false });
      useSelection.getState().setTimeCursor(null);
    },
  };
}

function eventPlace(events: PlaybackEvents, index: number): Place {
  return { cursor: events.at[index] ?? 0, index, part: 0 };
}

type Made = { readonly table: SpanTable; readonly marks: unknown; readonly events: PlaybackEvents };

function useEvents(table: SpanTable): Made {
  const marks = useFaultMarks((state) => state.marks);
  const make = useCallback((): Made => {
    const findings = new Set([...marks.keys()].map((id) => table.rowOf(id)));
    return { table, marks, events: playbackEvents(table.columns, table.times(), findings) };
  }, [table, marks]);
  const [made, setMade] = useState(make);
  const isOld = made.table !== table || made.marks !== marks;
  const isLarge = table.columns.count > LARGE;
  useEffect(() => {
    if (!isOld || !isLarge) return undefined;
    const timer = setTimeout(() => setMade(make()), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isOld, isLarge, make]);
  if (!isOld || isLarge) return made;
  const next = make();
  setMade(next);
  return next;
}

/** The system asks for no motion. */
function prefersStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
