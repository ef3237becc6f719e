/** Labels of one taxonomy: the first nine on show have numbers, 0 goes on to the next nine, typing narrows the list. */
import { useEffect, useRef, useState } from 'react';
import type { Taxonomy, TaxonomyCategory } from '#shared/taxonomy.ts';
import { countedAs } from '#shared/taxonomy.ts';
import { Kbd } from '../widgets/kbd.tsx';
import { visibleString } from '../widgets/visible-text.ts';
import type { FormValue } from './form-value.ts';
import { KeyButton } from './key-button.tsx';
import styles from './annotation-form.module.css';

const NUMBERED = 9;
/** Drawn at once; a set may have thousands. */
const MOST = 200;

type Props = {
  readonly value: FormValue;
  readonly change: (next: Partial<FormValue>) => void;
  readonly taxonomies: readonly Taxonomy[];
  readonly taxonomy: Taxonomy | null;
  readonly loading: boolean;
};

export function CategoryField({ value, change, taxonomies, taxonomy, loading }: Props) {
  const [sought, setSought] = useState('');
  const [page, setPage] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[data-key="1"]')?.scrollIntoView({ block: page === 0 ? 'nearest' : 'start' });
  }, [page]);
  if (!taxonomy) {
    return (
      <p className={styles.nothing}>
        {loading
          ? 'Loading the taxonomies…'
          : 'This workspace has no taxonomy. Write a note: it can become a label later.'}
      </p>
    );
  }
  const { categories } = taxonomy;
  const chosen = new Set(value.categories.map((code) => countedAs(taxonomy, code)));
  const offered = categories.filter((each) => !each.retired || chosen.has(each.code));
  const wanted = sought.trim().toLowerCase();
  const shown = (wanted === '' ? offered : offered.filter((each) => fits(each, wanted))).slice(0, MOST);
  const pages = Math.max(1, Math.ceil(shown.length / NUMBERED));
  const first = (page % pages) * NUMBERED;
  const unknown = value.categories.filter(
    (code) => !categories.some((each) => each.code === countedAs(taxonomy, code)),
  );

  function toggle(code: string): void {
    const same = (each: string): boolean => taxonomy !== null && countedAs(taxonomy, each) === code;
    const next = chosen.has(code) ? value.categories.filter((each) => !same(each)) : [...value.categories, code];
    change({ categories: next, taxonomy: taxonomy?.id ?? null });
  }

  return (
    <div className={styles.block}>
      <div className={styles.pair}>
        <select
          className={styles.select}
          aria-label="Taxonomy"
          value={taxonomy.id}
          onChange={(event) => change({ taxonomy: event.target.value, categories: [] })}
        >
          {taxonomies.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        <label className={styles.seek}>
          <span className="visually-hidden">Narrow the labels</span>
          <input
            className={styles.input}
            type="text"
            data-key="/"
            value={sought}
            placeholder="Narrow"
            onChange={(event) => {
              setSought(event.target.value);
              setPage(0);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || sought === '') return;
              // The best fit is what was meant; Enter again saves.
              event.preventDefault();
              event.stopPropagation();
              const [best] = shown;
              if (best) toggle(best.code);
              setSought('');
            }}
          />
          <Kbd keys="/" />
        </label>
      </div>
      <div ref={list} className={styles.labels} role="group" aria-label="Labels">
        {unknown.map((code) => (
          <KeyButton
            key={code}
            keys={null}
            pressed
            wide
            onClick={() => change({ categories: value.categories.filter((each) => each !== code) })}
          >
            {visibleString(code.slice(0, 120))}
          </KeyButton>
        ))}
        {shown.map((each, at) => (
          <KeyButton
            key={each.code}
            keys={at >= first && at < first + NUMBERED ? String(at - first + 1) : null}
            pressed={chosen.has(each.code)}
            title={`${each.title}. ${each.definition}`.slice(0, 600)}
            wide
            inner={wanted === '' && each.parent !== null}
            onClick={() => toggle(each.code)}
          >
            {visibleString(each.title.slice(0, 160))}
          </KeyButton>
        ))}
        {shown.length === 0 && <p className={styles.nothing}>No label fits.</p>}
      </div>
      {pages > 1 && (
        <KeyButton keys="0" pressed={false} onClick={() => setPage((page + 1) % pages)}>
          Numbers for the next {NUMBERED}
        </KeyButton>
      )}
      {value.categories.length > 1 && (
        <p className={styles.nothing}>{value.categories.length} labels: each becomes an annotation.</p>
      )}
    </div>
  );
}

function fits({ code, title, aliases }: TaxonomyCategory, wanted: string): boolean {
  return [code, title, ...aliases].some((each) => each.toLowerCase().includes(wanted));
}
