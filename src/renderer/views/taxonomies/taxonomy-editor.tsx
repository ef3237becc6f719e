/** One taxonomy: what it is for, its categories, and the one of them that is being edited. Every change is a version. */
import { useRef, useState } from 'react';
import { Download, History, Plus, RotateCcw, Trash2 } from 'lucide-react';
import { attempt } from '#shared/rpc/client.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import type { AppError } from '#shared/result.ts';
import { bridge } from '../../data/bridge.ts';
import { engine, useEngine } from '../../data/engine.ts';
import { notify, notifyError } from '../../state/notices.ts';
import { Button } from '../../widgets/button.tsx';
import { editTaxonomy, resetTaxonomy, type Edit } from './acts.ts';
import { CategoryForm } from './category-form.tsx';
import { CategoryTable } from './category-table.tsx';
import { CommitField } from './commit-field.tsx';
import { focusSoon } from './focus-soon.ts';
import { HistoryDialog } from './history-dialog.tsx';
import { openLabelled } from './label-query.ts';
import { addCategory, moveCategory, treeRows } from './model/edit.ts';
import { NameDialog } from './name-dialog.tsx';
import styles from './taxonomies.module.css';

type Props = { readonly taxonomy: Taxonomy; readonly readOnly: boolean };

export function TaxonomyEditor({ taxonomy, readOnly }: Props) {
  const { id, title, about, categories } = taxonomy;
  const usage = useEngine('taxonomy.usage', { id }, { keepPrevious: true });
  const history = useEngine('taxonomy.history', { id });
  const [code, setCode] = useState<string | null>(null);
  const [open, setOpen] = useState<'history' | 'add' | null>(null);
  const [problem, setProblem] = useState<AppError | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const rows = treeRows(categories);
  const chosen = rows.find(({ category }) => category.code === code)?.category ?? rows[0]?.category;
  const ships = history.data?.some((each) => each.madeAt === null) ?? taxonomy.preset;
  const known = new Map(usage.data?.categories.map((each) => [each.code, each]));
  const unknown = usage.data?.unknown ?? [];

  async function save(what: string, edit: Edit): Promise<boolean> {
    const error = await editTaxonomy(what, taxonomy, edit);
    setProblem(error);
    return error === null;
  }
  function move(by: -1 | 1, of: string): void {
    void save('Category moved', (now) => moveCategory(now, of, by)).then(() => focusRow(of));
  }
  /** The focus goes with the row, once it is drawn where it is now. */
  function focusRow(of: string): void {
    focusSoon(() => table.current?.querySelector<HTMLElement>(`[data-code="${CSS.escape(of)}"]`));
  }
  async function download(): Promise<void> {
    const path = await bridge.chooseSavePath(`${id}.json`);
    if (path === null) return;
    const result = await attempt(engine.call('taxonomy.export', { id, path }));
    if (result.ok) notify({ tone: 'ok', title: 'Taxonomy exported', detail: path });
    else notifyError('The taxonomy was not exported', result.error);
  }

  return (
    <div className={styles.editor}>
      <div className={styles.editorHead}>
        <CommitField
          label="Title of the taxonomy"
          hideLabel
          required
          value={title}
          readOnly={readOnly}
          className={styles.bigInput ?? ''}
          onCommit={(next) => void save('Taxonomy renamed', (now) => ({ ...now, title: next }))}
        />
        <span className={styles.buttons}>
          <Button icon={<History size={13} aria-hidden />} onClick={() => setOpen('history')}>
            Version {taxonomy.version}
          </Button>
          <Button icon={<Download size={13} aria-hidden />} onClick={() => void download()}>
            Export…
          </Button>
          {ships ? (
            <Button
              icon={<RotateCcw size={13} aria-hidden />}
              disabled={readOnly || taxonomy.preset || isAsShipped(taxonomy, history.data)}
              onClick={() => void resetTaxonomy(taxonomy, true)}
            >
              Reset
            </Button>
          ) : (
            <Button
              icon={<Trash2 size={13} aria-hidden />}
              disabled={readOnly}
              onClick={() => void resetTaxonomy(taxonomy, false)}
            >
              Delete
            </Button>
          )}
        </span>
      </div>
      <CommitField
        label="What it is for, and where it comes from"
        hideLabel
        lines={3}
        value={about}
        readOnly={readOnly}
        maxLength={10_000}
        placeholder="What it is for, and where it comes from"
        className={styles.aboutInput ?? ''}
        onCommit={(next) => void save('Description changed', (now) => ({ ...now, about: next }))}
      />
      {problem && (
        <p className={styles.problem} role="alert">
          {problem.message}
        </p>
      )}
      <div className={styles.split}>
        <div className={styles.tableBox}>
          <CategoryTable
            ref={table}
            rows={rows}
            usage={known}
            chosen={chosen?.code ?? null}
            readOnly={readOnly}
            onChoose={setCode}
            onMove={move}
            onOpen={openLabelled}
          />
          <div className={styles.tableFoot}>
            <Button icon={<Plus size={13} aria-hidden />} disabled={readOnly} onClick={() => setOpen('add')}>
              Category…
            </Button>
            {unknown.length > 0 && (
              <p className={styles.dim}>
                {usage.data?.unknownCount} {usage.data?.unknownCount === 1 ? 'spelling' : 'spellings'} in the data that
                no category claims: add them as aliases, or as categories.
              </p>
            )}
          </div>
        </div>
        {chosen && (
          <CategoryForm
            key={chosen.code}
            taxonomy={taxonomy}
            category={chosen}
            usage={known.get(chosen.code)}
            unknown={unknown}
            readOnly={readOnly}
            onSave={save}
            onChoose={(next) => {
              setCode(next);
              focusRow(next);
            }}
          />
        )}
      </div>
      {open === 'history' && (
        <HistoryDialog taxonomy={taxonomy} readOnly={readOnly} onSave={save} onClose={() => setOpen(null)} />
      )}
      {open === 'add' && (
        <NameDialog
          title="New category"
          label={(chosen?.parent ?? null) === null ? 'Title' : `Title, beside “${chosen?.title ?? ''}”`}
          initial=""
          action="Add"
          known={unknown.map((each) => each.code)}
          onClose={() => setOpen(null)}
          onName={(name) => {
            setOpen(null);
            let added = '';
            void save('Category added', (now) => {
              const [next, newCode] = addCategory(now, name, chosen?.parent ?? null);
              added = newCode;
              return next;
            }).then((saved) => {
              if (!saved) return;
              setCode(added);
              focusRow(added);
            });
          }}
        />
      )}
    </div>
  );
}

function isAsShipped(
  taxonomy: Taxonomy,
  history: readonly { readonly taxonomy: Taxonomy | null }[] | undefined,
): boolean {
  const shipped = history?.[0]?.taxonomy;
  if (!shipped) return false;
  const said = ({ title, about, categories }: Taxonomy): string => JSON.stringify([title, about, categories]);
  return said(taxonomy) === said(shipped);
}
