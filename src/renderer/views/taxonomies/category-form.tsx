/** One category: its title, definition, place, other spellings, and what became of its labels. */
import { useState } from 'react';
import { ArrowRight, Merge, Scale, Trash2, X } from 'lucide-react';
import type { CategoryUsage, Taxonomy, TaxonomyCategory } from '#shared/taxonomy.ts';
import { askDraftsOf } from '../../state/grader-from-trace.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { TITLE_FIELD } from './category-table.tsx';
import type { Edit } from './acts.ts';
import { CommitField } from './commit-field.tsx';
import { counted, openLabelled } from './label-query.ts';
import { MergeDialog } from './merge-dialog.tsx';
import {
  changeCategory,
  mergeCategory,
  mergedInto,
  possibleParents,
  removeCategory,
  renameCategory,
} from './model/edit.ts';
import styles from './taxonomies.module.css';

type Props = {
  readonly taxonomy: Taxonomy;
  readonly category: TaxonomyCategory;
  readonly usage: CategoryUsage | undefined;
  /** Spellings that no category claims. */
  readonly unknown: readonly CategoryUsage[];
  readonly readOnly: boolean;
  /** False when it was refused. */
  readonly onSave: (what: string, edit: Edit) => Promise<boolean>;
  readonly onChoose: (code: string) => void;
};

const SHOWN_UNKNOWN = 12;

export function CategoryForm({ taxonomy, category, usage, unknown, readOnly, onSave, onChoose }: Props) {
  const [merging, setMerging] = useState(false);
  const { code, title, aliases, retired } = category;
  const into = mergedInto(taxonomy.categories, category);
  const change = (what: string, next: Partial<Omit<TaxonomyCategory, 'code'>>): void =>
    void onSave(what, (now) => changeCategory(now, code, next));

  function changeAliases(what: string, added: readonly string[], gone: string | null): void {
    void onSave(what, (now) => {
      const names = now.categories.find((each) => each.code === code)?.aliases ?? [];
      return changeCategory(now, code, { aliases: [...names.filter((name) => name !== gone), ...added] });
    });
  }

  return (
    <section className={styles.form} aria-label={`Category ${title}`}>
      {retired && (
        <p className={styles.notice}>
          {into ? (
            <>
              Merged into{' '}
              <button type="button" className={styles.link} onClick={() => onChoose(into.code)}>
                {visibleString(into.title)}
              </button>
              : its labels count there, and stay as they were written.
            </>
          ) : (
            'Retired: it is no longer offered. Labels that name it keep it.'
          )}
        </p>
      )}
      <CommitField
        id={TITLE_FIELD}
        label="Title"
        required
        value={title}
        readOnly={readOnly}
        onCommit={(next) => void onSave('Category renamed', (now) => renameCategory(now, code, next))}
      />
      <CommitField
        label="Definition"
        lines={4}
        value={category.definition}
        readOnly={readOnly}
        maxLength={10_000}
        placeholder="When does it apply, and when not?"
        onCommit={(definition) => change('Category defined', { definition })}
      />
      <label className={styles.field}>
        <span>Is a case of</span>
        <select
          className={styles.input}
          value={category.parent ?? ''}
          disabled={readOnly}
          onChange={(event) =>
            change('Category moved', { parent: event.target.value === '' ? null : event.target.value })
          }
        >
          <option value="">nothing: it is at the top</option>
          {possibleParents(taxonomy.categories, code).map((each) => (
            <option key={each.code} value={each.code}>
              {each.title}
            </option>
          ))}
        </select>
      </label>
      <div className={styles.field}>
        <span>Also counts labels that say</span>
        <Aliases
          aliases={aliases}
          readOnly={readOnly}
          onAdd={(alias) => changeAliases('Alias added', [alias], null)}
          onRemove={(alias) => changeAliases('Alias removed', [], alias)}
        />
        {unknown.length > 0 && !readOnly && (
          <div className={styles.chips} aria-label="Spellings that no category claims">
            {unknown.slice(0, SHOWN_UNKNOWN).map((each) => (
              <button
                key={each.code}
                type="button"
                className={styles.offer}
                title="A spelling in the data that no category claims: count it here"
                onClick={() => changeAliases('Alias added', [each.code], null)}
              >
                + <span className={styles.cut}>{visibleString(each.code)}</span> ({each.annotations})
              </button>
            ))}
          </div>
        )}
      </div>
      <dl className={styles.facts}>
        <dt>Code</dt>
        <dd className={`${styles.mono} selectable`}>{visibleString(code)}</dd>
        <dt>Labels</dt>
        <dd>
          {usage ? (
            <>
              {counted(usage.annotations, 'label')} in{' '}
              <button type="button" className={styles.link} onClick={() => openLabelled(code)}>
                {counted(usage.traces, 'trace')} <ArrowRight size={12} aria-hidden />
              </button>
            </>
          ) : (
            'none yet'
          )}
        </dd>
        {usage && usage.spellings.some(({ spelling }) => spelling !== code) && (
          <>
            <dt>Written as</dt>
            <dd className={styles.spellings}>
              {usage.spellings.map(({ spelling, annotations }) => (
                <span key={spelling}>
                  “{visibleString(spelling)}” {annotations}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      <div className={styles.buttons}>
        <Button
          icon={<Merge size={13} aria-hidden />}
          disabled={readOnly || retired || taxonomy.categories.length < 2}
          onClick={() => setMerging(true)}
        >
          Merge into…
        </Button>
        <Button
          icon={<Scale size={13} aria-hidden />}
          title="A grader that looks for it: a judge with this definition and these labels, or a detector"
          disabled={readOnly}
          onClick={() => askDraftsOf({ kind: 'category', taxonomy: taxonomy.id, category: code }, title)}
        >
          Grader from it…
        </Button>
        <Button
          disabled={readOnly || into !== null}
          onClick={() => change(retired ? 'Category offered again' : 'Category retired', { retired: !retired })}
        >
          {retired ? 'Offer it again' : 'Retire'}
        </Button>
        {!usage && (
          <Button
            variant="danger"
            icon={<Trash2 size={13} aria-hidden />}
            disabled={readOnly}
            onClick={() => void onSave('Category deleted', (now) => removeCategory(now, code))}
          >
            Delete
          </Button>
        )}
      </div>
      {merging && (
        <MergeDialog
          taxonomy={taxonomy}
          category={category}
          labels={usage?.annotations ?? 0}
          onClose={() => setMerging(false)}
          onMerge={(target) => {
            setMerging(false);
            void onSave('Categories merged', (now) => mergeCategory(now, code, target)).then((saved) => {
              if (saved) onChoose(target);
            });
          }}
        />
      )}
    </section>
  );
}

type AliasProps = {
  readonly aliases: readonly string[];
  readonly readOnly: boolean;
  readonly onAdd: (alias: string) => void;
  readonly onRemove: (alias: string) => void;
};

function Aliases({ aliases, readOnly, onAdd, onRemove }: AliasProps) {
  const [draft, setDraft] = useState('');
  function add(): void {
    const alias = draft.trim();
    setDraft('');
    if (alias !== '' && !aliases.includes(alias)) onAdd(alias);
  }
  return (
    <div className={styles.chips}>
      {aliases.map((alias) => (
        <span key={alias} className={styles.alias}>
          <span className={styles.cut} title={alias}>
            {visibleString(alias)}
          </span>
          {!readOnly && (
            <IconButton
              label={`Do not count “${alias}”`}
              icon={<X size={11} aria-hidden />}
              onClick={() => onRemove(alias)}
            />
          )}
        </span>
      ))}
      {!readOnly && (
        <input
          type="text"
          className={`${styles.input} ${styles.aliasInput}`}
          aria-label="Another spelling"
          placeholder="another spelling…"
          value={draft}
          maxLength={200}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
      )}
    </div>
  );
}
