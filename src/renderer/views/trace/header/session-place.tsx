/** Where the trace stands in its conversation, and the way to its neighbours and to the whole. */
import { useEffect, useMemo, useRef } from 'react';
import { ChevronLeft, ChevronRight, MessagesSquare } from 'lucide-react';
import { sessionAddress, sessionOfAddress, type SessionPlace } from '#shared/session.ts';
import type { TraceRow } from '#shared/trace.ts';
import type { Command } from '../../../commands/registry.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { currentPlace, go } from '../../../state/place.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './session-place.module.css';

const ID_LENGTH = 60;

/** The session that is read as one trace; null when this is a trace. */
export function wholeSession(trace: TraceRow): string | null {
  return trace.session !== null && sessionOfAddress(trace.id) === trace.session ? trace.session : null;
}

export function SessionPlaceView({ trace }: { readonly trace: TraceRow }) {
  const whole = wholeSession(trace);
  return whole === null ? <OfTrace traceId={trace.id} /> : <Whole sessionId={whole} />;
}

function Whole({ sessionId }: { readonly sessionId: string }) {
  const { data } = useEngine('session.get', { sessionId });
  return (
    <span className={styles.place}>
      <MessagesSquare size={13} aria-hidden />
      <button
        type="button"
        className={styles.link}
        title={`Session ${sessionId.slice(0, 300)}`}
        onClick={() => go({ view: 'sessions', span: sessionId })}
      >
        whole session {visibleString(sessionId.slice(0, ID_LENGTH))}
      </button>
      {data && (
        <span>
          {formatCount(data.traces)} {data.traces === 1 ? 'trace' : 'traces'}
        </span>
      )}
    </span>
  );
}

function OfTrace({ traceId }: { readonly traceId: string }) {
  const { data: place } = useEngine('session.place', { traceId });
  const latest = useRef<SessionPlace | null>(null);
  useEffect(() => {
    latest.current = place ?? null;
  });
  useRegisterCommands(useMemo(() => sessionCommands(() => latest.current), []));
  if (!place) return null;
  return (
    <span className={styles.place}>
      <MessagesSquare size={13} aria-hidden />
      <button
        type="button"
        className={styles.link}
        title={`Session ${place.sessionId.slice(0, 300)}`}
        onClick={() => go({ view: 'sessions', span: place.sessionId })}
      >
        session {visibleString(place.sessionId.slice(0, ID_LENGTH))}
      </button>
      {place.total > 1 && (
        <>
          <span className={styles.position}>
            trace {formatCount(place.position)} of {formatCount(place.total)}
          </span>
          <span className={styles.steps}>
            <IconButton
              label="Previous trace of the session"
              keys="{"
              icon={<ChevronLeft size={14} aria-hidden />}
              disabled={place.previous === null}
              className={styles.step ?? ''}
              onClick={() => step(place, 'previous')}
            />
            <IconButton
              label="Next trace of the session"
              keys="}"
              icon={<ChevronRight size={14} aria-hidden />}
              disabled={place.next === null}
              className={styles.step ?? ''}
              onClick={() => step(place, 'next')}
            />
          </span>
          <button type="button" className={styles.link} onClick={() => openWhole(place)}>
            open whole session
          </button>
        </>
      )}
    </span>
  );
}

/** The same picture of the neighbour. */
function step(place: SessionPlace, which: 'previous' | 'next'): void {
  const traceId = place[which];
  if (traceId !== null) go({ view: 'trace', traceId, tab: currentPlace().tab });
}

function openWhole(place: SessionPlace): void {
  go({ view: 'trace', traceId: sessionAddress(place.sessionId), tab: currentPlace().tab });
}

/** `now` gives the place that is known, which may come later than the trace. */
function sessionCommands(now: () => SessionPlace | null): readonly Command[] {
  const group = 'Session';
  return [
    {
      id: 'trace.session.next',
      title: 'Next trace of the session',
      group,
      keys: '}',
      menu: 'Go',
      when: () => (now()?.next ?? null) !== null,
      run: () => {
        const place = now();
        if (place) step(place, 'next');
      },
    },
    {
      id: 'trace.session.previous',
      title: 'Previous trace of the session',
      group,
      keys: '{',
      menu: 'Go',
      when: () => (now()?.previous ?? null) !== null,
      run: () => {
        const place = now();
        if (place) step(place, 'previous');
      },
    },
    {
      id: 'trace.session.whole',
      title: 'Open the whole session as one trace',
      group,
      keys: 'shift+s',
      menu: 'Go',
      when: () => (now()?.total ?? 0) > 1,
      run: () => {
        const place = now();
        if (place) openWhole(place);
      },
    },
  ];
}
