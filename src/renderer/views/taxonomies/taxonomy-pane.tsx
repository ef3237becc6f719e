/** The sets on the left, the chosen one's categories in the middle, the chosen category on the right. */
import { useRef, useState } from 'react';
import { FileUp, Plus } from 'lucide-react';
import { parseTaxonomyFile } from '#shared/parse-taxonomy.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { useEngine } from '../../data/engine.ts';
import { notify, notifyError } from '../../state/notices.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { Chip } from '../../widgets/chip.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { saveTaxonomy } from './acts.ts';
import { counted } from './label-query.ts';
import { taxonomyId, treeRows } from './model/edit.ts';
import { NameDialog } from './name-dialog.tsx';
import { TaxonomyEditor } from './taxonomy-editor.tsx';
import styles from './taxonomies.module.css';

type Props = { readonly taxonomies: readonly Taxonomy[]; readonly readOnly: boolean };

/** Larger files are none of ours. */
const LARGEST_FILE = 5_000_000;

export function TaxonomyPane({ taxonomies, readOnly }: Props) {
  // In this view, the selected thing of the place is a taxonomy.
  const { span } = usePlace();
  const unknown = useEngine('taxonomy.unknown', undefined);
  const [naming, setNaming] = useState<{ readonly id: string | null } | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const chosen = taxonomies.find(({ id }) => id === span) ?? taxonomies[0];
  const choose = (id: string): void => replacePlace({ span: id });

  async function create(title: string, id: string | null): Promise<void> {
    const taken = taxonomies.map((each) => each.id);
    const made = { id: id ?? taxonomyId(title, taken), title, about: '', version: 1, preset: false, categories: [] };
    const error = await saveTaxonomy(`“${title}” begun`, null, made);
    if (error) notifyError('The taxonomy was not made', error);
    else choose(made.id);
  }

  async function read(chosenFile: File): Promise<void> {
    if (chosenFile.size > LARGEST_FILE) {
      notify({ tone: 'error', title: `${visibleString(chosenFile.name)}: the file is too large.` });
      return;
    }
    const parsed = parseTaxonomyFile(await chosenFile.text());
    if (!parsed.ok) {
      notifyError(visibleString(chosenFile.name), parsed.error);
      return;
    }
    const before = taxonomies.find(({ id }) => id === parsed.value.id) ?? null;
    const error = await saveTaxonomy(`“${parsed.value.title}” imported`, before, parsed.value);
    if (error) notifyError('The taxonomy was not imported', error);
    else {
      choose(parsed.value.id);
      notify({
        tone: 'ok',
        title: `“${visibleString(parsed.value.title)}” imported`,
        detail: before === null ? 'It is new here.' : 'It is a new version of the one that was here.',
      });
    }
  }

  return (
    <div className={styles.columns}>
      <nav className={styles.sets} aria-label="Sets of labels">
        <ul className={styles.plainList}>
          {taxonomies.map((each) => (
            <li key={each.id}>
              <button
                type="button"
                className={styles.set}
                aria-current={each === chosen ? 'true' : undefined}
                onClick={() => choose(each.id)}
              >
                <span className={styles.setTitle}>{visibleString(each.title)}</span>
                <span className={styles.dim}>
                  {counted(
                    treeRows(each.categories).filter(({ leaf, category }) => leaf && !category.retired).length,
                    'category',
                  )}
                  {each.version > 1 && ` · version ${each.version}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {(unknown.data?.length ?? 0) > 0 && (
          <>
            <h2 className={styles.small}>Only in the data</h2>
            <ul className={styles.plainList}>
              {unknown.data?.map(({ id, annotations }) => (
                <li key={id}>
                  <button
                    type="button"
                    className={styles.set}
                    disabled={readOnly}
                    title="Labels name this set, and no taxonomy describes it. Choose it to make one."
                    onClick={() => setNaming({ id })}
                  >
                    <span className={styles.setTitle}>{visibleString(id.slice(0, 200))}</span>
                    <span className={styles.dim}>{counted(annotations, 'label')} · make a taxonomy…</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        <div className={styles.setButtons}>
          <Button icon={<Plus size={13} aria-hidden />} disabled={readOnly} onClick={() => setNaming({ id: null })}>
            New…
          </Button>
          <Button icon={<FileUp size={13} aria-hidden />} disabled={readOnly} onClick={() => file.current?.click()}>
            Import…
          </Button>
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            className="visually-hidden"
            tabIndex={-1}
            aria-label="Taxonomy file"
            onChange={(event) => {
              const picked = event.target.files?.[0];
              event.target.value = '';
              if (picked) void read(picked);
            }}
          />
        </div>
        {readOnly && <Chip tone="warn">opened read-only</Chip>}
      </nav>
      {chosen && <TaxonomyEditor key={chosen.id} taxonomy={chosen} readOnly={readOnly} />}
      {naming && (
        <NameDialog
          title="New taxonomy"
          label="Title"
          initial={naming.id ?? ''}
          action="Make it"
          onClose={() => setNaming(null)}
          onName={(title) => {
            setNaming(null);
            void create(title, naming.id);
          }}
        />
      )}
    </div>
  );
}
