/** What narrows down the items, each choice with how many it leaves. */
import { useMemo } from 'react';
import type { ComparedItems, ItemChange } from '#shared/comparison.ts';
import { ITEM_CHANGES } from '#shared/comparison.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ChangeWord, CHANGES } from './change-word.tsx';
import type { FilteredItems, Named } from './model/items.ts';
import { namesIn } from './model/items.ts';
import { shownName } from './model/words.ts';
import { setFilter, useCompareRuns } from './use-compare-runs.ts';
import styles from './items.module.css';

type Props = { readonly items: ComparedItems; readonly found: FilteredItems; readonly letter: string };

export function ItemFilters({ items, found, letter }: Props) {
  const filter = useCompareRuns((state) => state.filter);
  const agents = useMemo(() => namesIn(items.agents), [items]);
  const tools = useMemo(() => namesIn(items.tools), [items]);
  const present = useMemo(() => {
    const seen = new Set<ItemChange>();
    for (const code of items.change) seen.add(ITEM_CHANGES[code] ?? 'same');
    return seen;
  }, [items]);
  const offered = CHANGES.filter(
    (change) => present.has(change) || filter.change === change || ['regressed', 'fixed', 'same'].includes(change),
  );
  return (
    <div className={styles.filters} role="search" aria-label="Filter items">
      <div className={styles.changes} role="group" aria-label="By what became of them">
        <button
          type="button"
          className={styles.pill}
          aria-pressed={filter.change === 'all'}
          onClick={() => setFilter({ change: 'all' })}
        >
          All <span className={styles.count}>{formatCount(found.all)}</span>
        </button>
        {offered.map((change) => (
          <button
            key={change}
            type="button"
            className={styles.pill}
            aria-pressed={filter.change === change}
            onClick={() => setFilter({ change: filter.change === change ? 'all' : change })}
          >
            <ChangeWord change={change} letter={letter} />{' '}
            <span className={styles.count}>{formatCount(found.counts[change])}</span>
          </button>
        ))}
      </div>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={filter.differing}
          onChange={(event) => setFilter({ differing: event.target.checked })}
        />
        Only what differs <Kbd keys="d" />
      </label>
      <div className={styles.selects}>
        <input
          type="search"
          data-find-items
          className={styles.find}
          aria-label="Find items by title or task"
          placeholder="Title or task"
          value={filter.text}
          onChange={(event) => setFilter({ text: event.target.value })}
        />
        <select
          className={styles.select}
          aria-label="Criterion"
          value={filter.criterion ?? ''}
          onChange={(event) => setFilter({ criterion: event.target.value === '' ? null : Number(event.target.value) })}
        >
          <option value="">All criteria</option>
          {items.criteria.map((name, index) => (
            <option key={index} value={index}>
              {shownName(name).slice(0, 80)}
            </option>
          ))}
        </select>
        <NameSelect
          label="Agent"
          all="All agents"
          names={agents}
          value={filter.agent}
          onChange={(agent) => setFilter({ agent })}
        />
        <NameSelect
          label="Tool"
          all="All tools"
          names={tools}
          value={filter.tool}
          onChange={(tool) => setFilter({ tool })}
        />
      </div>
    </div>
  );
}

type NameProps = {
  readonly label: string;
  readonly all: string;
  readonly names: readonly Named[];
  readonly value: string | null;
  readonly onChange: (name: string | null) => void;
};

/** By position: a name may be empty. */
function NameSelect({ label, all, names, value, onChange }: NameProps) {
  return (
    <select
      className={styles.select}
      aria-label={label}
      value={names.findIndex(({ name }) => name === value)}
      disabled={names.length === 0}
      onChange={(event) => onChange(names[Number(event.target.value)]?.name ?? null)}
    >
      <option value={-1}>{all}</option>
      {names.map(({ name, count }, index) => (
        <option key={name} value={index}>
          {shownName(name).slice(0, 60) || 'without a name'} ({formatCount(count)})
        </option>
      ))}
    </select>
  );
}
