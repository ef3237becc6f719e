/** Score schemas: the list on the left, the chosen one on the right. */
import { useState } from 'react';
import { Plus } from 'lucide-react';
import type { ScoreSchema } from '#shared/taxonomy.ts';
import { useEngine } from '../../../data/engine.ts';
import { notifyError } from '../../../state/notices.ts';
import { replacePlace, usePlace } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { Chip } from '../../../widgets/chip.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { taxonomyId } from '../model/edit.ts';
import { NameDialog } from '../name-dialog.tsx';
import styles from '../taxonomies.module.css';
import { createSchema } from './schema-acts.ts';
import { SchemaEditor } from './schema-editor.tsx';
import { freshScale, scaleWords } from './scales.ts';

export function SchemaPane({ readOnly }: { readonly readOnly: boolean }) {
  const list = useEngine('schema.list', undefined);
  // In this view, the selected thing of the place is a schema.
  const { span } = usePlace();
  const [naming, setNaming] = useState(false);
  if (!list.data) {
    if (list.error) return <ErrorState error={list.error} onRetry={list.refetch} />;
    return <Spinner label="Loading score schemas" />;
  }
  const schemas = list.data;
  const chosen = schemas.find(({ id }) => id === span) ?? schemas[0];
  const choose = (id: string): void => replacePlace({ span: id });

  async function create(title: string): Promise<void> {
    const id = taxonomyId(
      title,
      schemas.map((each) => each.id),
    );
    const made: ScoreSchema = {
      ...{ id, title, about: '', version: 1 },
      ...{ scale: freshScale('numeric'), direction: 'maximise' as const },
    };
    const error = await createSchema(`“${title}” begun`, made);
    if (error) notifyError('The score schema was not made', error);
    else choose(id);
  }

  return (
    <div className={styles.columns}>
      <nav className={styles.sets} aria-label="Score schemas">
        <ul className={styles.plainList}>
          {schemas.map((each) => (
            <li key={each.id}>
              <button
                type="button"
                className={styles.set}
                aria-current={each === chosen ? 'true' : undefined}
                onClick={() => choose(each.id)}
              >
                <span className={styles.setTitle}>{visibleString(each.title)}</span>
                <span className={styles.dim}>
                  {scaleWords(each.scale)}
                  {each.version > 1 && ` · version ${each.version}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <div className={styles.setButtons}>
          <Button icon={<Plus size={13} aria-hidden />} disabled={readOnly} onClick={() => setNaming(true)}>
            New…
          </Button>
        </div>
        {readOnly && <Chip tone="warn">opened read-only</Chip>}
      </nav>
      {chosen ? (
        <SchemaEditor key={chosen.id} schema={chosen} readOnly={readOnly} />
      ) : (
        <p className={styles.none}>No score schemas. Make the first one with New…</p>
      )}
      {naming && (
        <NameDialog
          title="New score schema"
          label="What is scored"
          initial=""
          action="Make it"
          onClose={() => setNaming(false)}
          onName={(title) => {
            setNaming(false);
            void create(title);
          }}
        />
      )}
    </div>
  );
}
