/** Conversations that take more than one trace: a list, and the chosen one's traces on one time line. */
import { useCallback, useEffect, useMemo } from 'react';
import { MessagesSquare, SearchX } from 'lucide-react';
import { parseQuery } from '#shared/query.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { go, replacePlace, currentPlace, usePlace } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { Splitter } from '../../widgets/splitter.tsx';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { SearchField } from './search-field.tsx';
import { openSession, SessionDetail } from './session-detail.tsx';
import { SessionGrid } from './session-grid.tsx';
import { sessionList, useSessionList } from './session-list.ts';
import styles from './sessions.module.css';

export function SessionsView() {
  // In this view, the selected thing of the place is a session.
  const { q, span: chosen } = usePlace();
  const list = useSessionList(q);
  const first = list.rows[0]?.id ?? null;
  const selectedId = chosen ?? first;

  useRegisterCommands(commands);
  useEffect(() => {
    // Back from a trace, the arrow keys go on where they were.
    if (document.activeElement === document.body) focusList();
  }, []);
  const onSelect = useCallback((id: string) => replacePlace({ span: id }), []);

  const searching = q !== '';
  const empty =
    list.loading || list.query === null ? (
      <Spinner label="Loading sessions" />
    ) : searching ? (
      <NoMatch query={q} />
    ) : null;
  const listed = useMemo(() => list.rows.length > 0, [list.rows]);
  return (
    <div className={styles.view}>
      <h1 className="visually-hidden">Sessions</h1>
      {(listed || searching) && (
        <div className={styles.topBar}>
          <SearchField onLeave={focusList} />
          <span className={styles.count} role="status">
            {list.total === null ? `${formatCount(list.rows.length)}+` : formatCount(list.total)}{' '}
            {list.total === 1 ? 'session' : 'sessions'}
            {searching && (list.total === 1 ? ' matches' : ' match')}
          </span>
        </div>
      )}
      {list.error && list.rows.length === 0 ? (
        <ErrorState error={list.error} onRetry={() => sessionList().reload()} />
      ) : !listed && !searching && empty === null ? (
        <NoSessions />
      ) : (
        <div className={styles.body}>
          <Splitter
            id="sessions"
            panels={[
              {
                id: 'list',
                defaultSize: '34%',
                minSize: 260,
                content: (
                  <SessionGrid
                    list={list}
                    query={q}
                    selectedId={selectedId}
                    onSelect={onSelect}
                    onOpen={openSession}
                    onLeave={focusTimeline}
                    empty={empty}
                  />
                ),
              },
              {
                id: 'session',
                defaultSize: '66%',
                minSize: 380,
                content:
                  selectedId === null ? (
                    <div className={styles.detail} />
                  ) : (
                    <SessionDetail sessionId={selectedId} onLeave={focusList} />
                  ),
              },
            ]}
          />
        </div>
      )}
      {list.error && list.rows.length > 0 && (
        <div className={styles.error} role="alert">
          {list.error.message} <Button onClick={() => sessionList().reload()}>Try again</Button>
        </div>
      )}
    </div>
  );
}

function NoSessions() {
  return (
    <EmptyState
      icon={<MessagesSquare size={26} strokeWidth={1.5} aria-hidden />}
      title="No sessions yet"
      actions={
        <>
          <Button variant="primary" onClick={() => go({ view: 'connect' })}>
            Connect an app
          </Button>
          <Button onClick={() => go({ view: 'traces' })}>Go to Traces</Button>
        </>
      }
    >
      A session is a conversation: all traces that state the same conversation. Agents say so with <code>group_id</code>{' '}
      (OpenAI Agents SDK), <code>gen_ai.conversation.id</code> or <code>session.id</code> (OpenTelemetry),{' '}
      <code>thread_id</code> (LangSmith) or <code>sessionId</code> (Langfuse); the coding CLIs do it by themselves.
    </EmptyState>
  );
}

function NoMatch({ query }: { readonly query: string }) {
  const [problem] = parseQuery(query).problems;
  return (
    <EmptyState
      icon={<SearchX size={26} strokeWidth={1.5} aria-hidden />}
      title={problem === undefined ? 'No session matches' : 'The search is not understood'}
      actions={
        <Button variant="primary" onClick={() => replacePlace({ q: '' })}>
          Clear the search
        </Button>
      }
    >
      {problem ?? 'Each term must fit one of a session’s traces: take one away, or use part of a word.'}
    </EmptyState>
  );
}

function selectedSession(): string | null {
  return currentPlace().span ?? sessionList().store.getState().rows[0]?.id ?? null;
}

const commands: readonly Command[] = [
  { id: 'sessions.search', title: 'Search sessions', group: 'Sessions', keys: '/', menu: 'Edit', run: focusSearch },
  {
    id: 'sessions.open',
    title: 'Open the whole session as one trace',
    group: 'Sessions',
    keys: 'o',
    menu: 'Go',
    when: () => selectedSession() !== null,
    run: () => {
      const id = selectedSession();
      if (id !== null) openSession(id);
    },
  },
  { id: 'sessions.list', title: 'Go to the list of sessions', group: 'Sessions', keys: 'l', run: focusList },
  { id: 'sessions.timeline', title: 'Go to the time line', group: 'Sessions', keys: 't', run: focusTimeline },
];

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[data-search]')?.select();
}

function focusList(): void {
  document.querySelector<HTMLElement>('[data-session-list]')?.focus();
}

function focusTimeline(): void {
  document.querySelector<HTMLElement>('[data-session-timeline]')?.focus();
}
