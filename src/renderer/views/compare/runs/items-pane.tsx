/** The items of two runs side by side: which were fixed, which regressed, and both verdicts of the chosen one. */
import { useDeferredValue, useEffect, useMemo, useRef } from 'react';
import type { ComparedItems, RunComparison } from '#shared/comparison.ts';
import { MOST_COMPARED } from '#shared/comparison.ts';
import type { Command } from '../../../commands/registry.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { Splitter } from '../../../widgets/splitter.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { ItemFilters } from './item-filters.tsx';
import { ItemGrid } from './item-grid.tsx';
import { ItemPanel } from './item-panel.tsx';
import { letterOf, shownOther } from './model/choose.ts';
import { filterItems, NO_FILTER } from './model/items.ts';
import { openPair } from './open-pair.ts';
import { closeItem, setFilter, useCompareRuns } from './use-compare-runs.ts';
import styles from './items.module.css';

export function ItemsPane({ comparison }: { readonly comparison: RunComparison }) {
  const at = shownOther(
    comparison,
    useCompareRuns((state) => state.otherId),
  );
  const other = comparison.others[at];
  const { data, error, refetch } = useEngine('compare.items', {
    baselineId: comparison.baseline.id,
    otherId: other?.run.id ?? '',
  });
  if (error && !data) return <ErrorState error={error} onRetry={refetch} />;
  if (!data || !other) return <Spinner label="Pairing items" />;
  if (data.keys.length === 0)
    return <EmptyState title="Neither run has an item">They took no traces, or wait to begin.</EmptyState>;
  return <Items items={data} comparison={comparison} at={at} />;
}

type Props = { readonly items: ComparedItems; readonly comparison: RunComparison; readonly at: number };

function Items({ items, comparison, at }: Props) {
  const filter = useDeferredValue(useCompareRuns((state) => state.filter));
  const chosen = useCompareRuns((state) => state.item);
  const criteria = comparison.others[at]?.criteria;
  const letter = letterOf(at + 1);
  const { lessIsBetter, rates } = useMemo(() => {
    const known = new Map(criteria?.map((each) => [each.name, each]));
    return {
      lessIsBetter: items.criteria.map((name) => known.get(name)?.direction === 'minimise'),
      rates: items.criteria.map((name) => known.get(name)?.measure === 'pass rate'),
    };
  }, [items, criteria]);
  const found = useMemo(() => filterItems(items, filter, lessIsBetter), [items, filter, lessIsBetter]);
  const active = useMemo(
    () => (chosen === null ? -1 : found.rows.findIndex((row) => items.keys[row] === chosen)),
    [chosen, found, items],
  );
  const row = found.rows[active];

  const latest = useRef({ found, active, items });
  useEffect(() => {
    latest.current = { found, active, items };
  });
  const commands = useMemo<readonly Command[]>(() => {
    function move(by: number): void {
      const now = latest.current;
      const next = Math.max(0, Math.min(now.found.rows.length - 1, now.active + by));
      const key = now.items.keys[now.found.rows[next] ?? -1];
      if (key !== undefined) useCompareRuns.setState({ item: key });
    }
    const group = 'Compare eval runs';
    return [
      { id: 'compare-runs.next', title: 'Next item', group, keys: 'j', run: () => move(1) },
      { id: 'compare-runs.previous', title: 'Previous item', group, keys: 'k', run: () => move(-1) },
      {
        id: 'compare-runs.open',
        title: 'Compare the chosen item step by step',
        group,
        keys: 'o',
        when: () => latest.current.active >= 0,
        run: () => {
          const now = latest.current;
          const chosenRow = now.found.rows[now.active] ?? -1;
          openPair(now.items.traceA[chosenRow] ?? null, now.items.traceB[chosenRow] ?? null);
        },
      },
      {
        id: 'compare-runs.close',
        title: 'Close the chosen item',
        group,
        keys: 'escape',
        when: () => latest.current.active >= 0,
        run: closeItem,
      },
      {
        id: 'compare-runs.differing',
        title: 'Show only what differs, or all',
        group,
        keys: 'd',
        run: () => setFilter({ differing: !useCompareRuns.getState().filter.differing }),
      },
      {
        id: 'compare-runs.find',
        title: 'Find items',
        group,
        keys: '/',
        menu: 'Edit',
        run: () => document.querySelector<HTMLInputElement>('[data-find-items]')?.focus(),
      },
      {
        id: 'compare-runs.clear',
        title: 'Show all items',
        group,
        run: () => useCompareRuns.setState({ filter: NO_FILTER }),
      },
    ];
  }, []);
  useRegisterCommands(commands);

  const table = (
    <div className={styles.left}>
      <ItemFilters items={items} found={found} letter={letter} />
      {items.cut && (
        <p className={styles.note} role="status">
          The first {formatCount(MOST_COMPARED)} items are listed, those that regressed most before the others. The
          figures above are of all.
        </p>
      )}
      {found.rows.length === 0 ? (
        <EmptyState
          title="No such item"
          actions={<Button onClick={() => useCompareRuns.setState({ filter: NO_FILTER })}>Show all items</Button>}
        >
          {filter.differing && found.all === 0
            ? 'Nothing that fits the filters differs between the runs.'
            : 'No item fits all the filters.'}
        </EmptyState>
      ) : (
        <ItemGrid
          items={items}
          found={found}
          active={active}
          letter={letter}
          lessIsBetter={lessIsBetter}
          rates={rates}
        />
      )}
    </div>
  );
  if (row === undefined) return table;
  return (
    <Splitter
      id="compare-items"
      panels={[
        { id: 'items', content: table, defaultSize: '60%', minSize: 320 },
        {
          id: 'item',
          content: <ItemPanel key={items.keys[row]} items={items} row={row} comparison={comparison} at={at} />,
          defaultSize: '40%',
          minSize: 280,
        },
      ]}
    />
  );
}
