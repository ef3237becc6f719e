/** All versions of a taxonomy, what each changed, and a way back to any of them. */
import { useMemo } from 'react';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { useEngine } from '../../data/engine.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import type { Edit } from './acts.ts';
import { changesBetween } from './model/edit.ts';
import styles from './taxonomies.module.css';

type Props = {
  readonly taxonomy: Taxonomy;
  readonly readOnly: boolean;
  readonly onSave: (what: string, edit: Edit) => Promise<boolean>;
  readonly onClose: () => void;
};

const SHOWN_CHANGES = 8;

export function HistoryDialog({ taxonomy, readOnly, onSave, onClose }: Props) {
  const history = useEngine('taxonomy.history', { id: taxonomy.id });
  const versions = useMemo(
    () =>
      (history.data ?? [])
        .map((each, index, all) => ({
          ...each,
          changes: index === 0 ? [] : changesBetween(all[index - 1]?.taxonomy ?? null, each.taxonomy),
        }))
        .reverse(),
    [history.data],
  );
  return (
    <Dialog open onClose={onClose} size="large" title={`Versions of “${visibleString(taxonomy.title)}”`}>
      {history.error && <ErrorState error={history.error} onRetry={history.refetch} />}
      {history.loading && <Spinner label="Loading versions" />}
      <ol className={styles.versions}>
        {versions.map(({ version, author, madeAt, taxonomy: at, changes }, index) => (
          <li key={`${version} ${madeAt}`} className={styles.version}>
            <div>
              <p>
                <strong>Version {version}</strong>{' '}
                <span className={styles.dim}>
                  {madeAt === null
                    ? 'ships with the app'
                    : `${visibleString(author ?? 'somebody')} · ${new Date(madeAt).toLocaleString('en-GB')}`}
                </span>
              </p>
              <ul className={styles.changes}>
                {changes.slice(0, SHOWN_CHANGES).map((change) => (
                  <li key={change}>{visibleString(change)}</li>
                ))}
                {changes.length > SHOWN_CHANGES && <li>and {changes.length - SHOWN_CHANGES} more.</li>}
                {changes.length === 0 && madeAt !== null && <li className={styles.dim}>The same as the one before.</li>}
              </ul>
            </div>
            {index === 0 ? (
              <span className={styles.dim}>now</span>
            ) : (
              at && (
                <Button
                  disabled={readOnly}
                  onClick={() => {
                    onClose();
                    void onSave(`Version ${version} restored`, () => at);
                  }}
                >
                  Restore
                </Button>
              )
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
