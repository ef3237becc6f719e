/** The items of a run with their filters, and beside them the chosen one. */
import { useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { EvalRunRow, RunItemFilter, RunItemRow } from '#shared/eval.ts';
import { engine } from '../../../data/engine.ts';
import { replacePlace, usePlace } from '../../../state/place.ts';
import { useSelection } from '../../../state/selection.ts';
import { notify } from '../../../state/notices.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { Splitter } from '../../../widgets/splitter.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { useSettled } from '../../../widgets/use-settled.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { counted, isOpen, ITEM_WORDS } from '../words.ts';
import { isFiltered, ITEM_STATUSES } from './item-filter.ts';
import { ItemGrid } from './item-grid.tsx';
import { createItemList } from './item-list.ts';
import { ItemPanel } from './item-panel.tsx';
import styles from './run.module.css';

type Props = {
  readonly run: EvalRunRow;
  readonly filter: RunItemFilter;
  readonly readOnly: boolean;
  readonly onFilter: (filter: RunItemFilter) => void;
  readonly actions: ReactNode;
};

/** While a run goes on, what is on the screen is asked again this often at most. */
const PACE = 1_000;

export function ItemSection({ run, filter, readOnly, onFilter, actions }: Props) {
  const { of } = usePlace();
  const chosen = /^\d+$/.test(of[0] ?? '') ? Number(of[0]) : null;
  const list = useMemo(() => createItemList(run.id, filter), [run.id, filter]);
  const state = useStore(list.store);
  const visible = useRef<readonly [number, number]>([0, 0]);
  const choose = (id: number | null) => replacePlace({ of: id === null ? [] : [String(id)] });

  useEffect(() => void list.more(), [list]);
  useFreshItems(() => list.refresh(...visible.current));
  // The last word of a run: nothing that is shown stays behind it.
  const { status } = run;
  const [known, setKnown] = useState(status);
  const ended = known !== status;
  useEffect(() => {
    if (!ended) return;
    setKnown(status);
    list.reload();
  }, [ended, status, list]);

  const filtered = isFiltered(filter);
  const total = filtered ? (state.cursor === null && !state.loading ? state.rows.length : null) : run.counts.total;
  const trials = state.rows.some(({ trial }) => trial > 1);
  const grid =
    state.error && state.rows.length === 0 ? (
      <ErrorState error={state.error} onRetry={() => list.reload()} />
    ) : (
      <ItemGrid
        rows={state.rows}
        total={total}
        criteria={run.criteria}
        trials={trials}
        chosen={chosen}
        busy={state.loading}
        empty={
          state.loading ? (
            <Spinner label="Loading items" />
          ) : filtered ? (
            <EmptyState title="No item fits" actions={<Button onClick={() => onFilter({})}>Show all items</Button>}>
              {isOpen(run) ? 'Not yet: the run goes on.' : 'No item of this run has what the filter asks for.'}
            </EmptyState>
          ) : (
            <EmptyState title="No item">The source of this run found no trace.</EmptyState>
          )
        }
        onChoose={choose}
        onOpen={openTrace}
        onVisible={(from, to) => {
          visible.current = [from, to];
        }}
        onEnd={() => {
          if (state.cursor !== null && state.error === null) void list.more();
        }}
        onAll={async () => {
          await list.loadAll();
          const { rows } = list.store.getState();
          const last = rows.at(-1);
          if (last) choose(last.id);
          return rows.length;
        }}
      />
    );
  return (
    <>
      <Filters run={run} filter={filter} onFilter={onFilter}>
        <span className={styles.status} role="status">
          {filtered
            ? total === null
              ? state.loading
                ? ''
                : `${formatCount(state.rows.length)}+ items fit`
              : `${counted(total, 'item')} ${total === 1 ? 'fits' : 'fit'}`
            : counted(run.counts.total, 'item')}
        </span>
        {actions}
      </Filters>
      {state.error && state.rows.length > 0 && (
        <p role="alert" className={styles.error}>
          {state.error.message} <Button onClick={() => list.reload()}>Try again</Button>
        </p>
      )}
      <div className={styles.items}>
        {chosen === null ? (
          grid
        ) : (
          <Splitter
            id="run-items"
            panels={[
              { id: 'items', content: grid, minSize: 260 },
              {
                id: 'item',
                content: <ItemPanel id={chosen} run={run} readOnly={readOnly} onClose={() => choose(null)} />,
                defaultSize: '38%',
                minSize: 260,
              },
            ]}
          />
        )}
      </div>
    </>
  );
}

function openTrace(row: RunItemRow): void {
  if (row.traceId !== null && !row.gone) useSelection.getState().openTrace(row.traceId);
  else
    notify({ tone: 'info', title: 'This item has no trace here', detail: 'It was deleted, or imported without one.' });
}

/** Calls back when runs changed: at once, then at a pace. */
function useFreshItems(refresh: () => void): void {
  const latest = useEffectEvent(refresh);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let due = false;
    function begin(): void {
      latest();
      timer = setTimeout(() => {
        timer = null;
        if (!due) return;
        due = false;
        begin();
      }, PACE);
    }
    const stop = engine.subscribe('changed', ({ tables }) => {
      if (tables.length > 0 && !tables.includes('run')) return;
      if (timer === null) begin();
      else due = true;
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
}

function Filters(props: {
  readonly run: EvalRunRow;
  readonly filter: RunItemFilter;
  readonly onFilter: (filter: RunItemFilter) => void;
  readonly children: ReactNode;
}) {
  const { run, filter, onFilter } = props;
  const { status, criterion, outcome } = filter;
  const [text, setText] = useState(filter.text ?? '');
  // Cleared or set elsewhere: Back, "Show all items".
  const [known, setKnown] = useState(filter.text ?? '');
  if ((filter.text ?? '') !== known) {
    setKnown(filter.text ?? '');
    if ((filter.text ?? '') !== text.trim()) setText(filter.text ?? '');
  }
  const settled = useSettled(text.trim(), 200);
  const apply = useEffectEvent((words: string) => {
    if (words !== (filter.text ?? ''))
      onFilter({ ...without(filter, 'text'), ...(words === '' ? {} : { text: words }) });
  });
  useEffect(() => apply(settled), [settled]);
  const counts = { ...run.counts, due: run.counts.total - run.counts.done };
  const named = criterion === undefined ? undefined : run.criteria[criterion];
  return (
    <div className={styles.filters} role="group" aria-label="Filter the items">
      <input
        type="search"
        data-item-search
        className={styles.search}
        aria-label="Find items by task or title"
        placeholder="Find by task or title"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <span className={styles.outcomes}>
        {ITEM_STATUSES.map(
          (each) =>
            (counts[each] > 0 || status === each) && (
              <button
                key={each}
                type="button"
                className={styles.outcome}
                data-outcome={each}
                aria-pressed={status === each}
                onClick={() => onFilter(status === each ? without(filter, 'status') : { ...filter, status: each })}
              >
                {formatCount(counts[each])} {ITEM_WORDS[each]}
              </button>
            ),
        )}
      </span>
      {outcome !== undefined && criterion !== undefined && (
        <button
          type="button"
          className={styles.outcome}
          aria-pressed
          title="Show others too"
          onClick={() => onFilter(without(without(filter, 'criterion'), 'outcome'))}
        >
          {visibleString((named?.name ?? `criterion ${criterion + 1}`).slice(0, 60))}:{' '}
          {outcome === 'not_applicable' ? 'not applicable' : outcome} ×
        </button>
      )}
      {props.children}
    </div>
  );
}

function without<K extends keyof RunItemFilter>(filter: RunItemFilter, key: K): RunItemFilter {
  return Object.fromEntries(Object.entries(filter).filter(([each]) => each !== key));
}
