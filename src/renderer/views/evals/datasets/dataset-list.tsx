/** All datasets, with their versions and sizes. */
import { useState } from 'react';
import { Archive, ArchiveRestore, Database, FileInput, Pencil, Plus } from 'lucide-react';
import type { DatasetRow } from '#shared/dataset.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine, useEngine } from '../../../data/engine.ts';
import { chooseDatasetFiles, createDataset, openDataset } from '../../../state/datasets.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { go } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { formatCount, formatRelative } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { TextDialog } from './dialogs.tsx';
import { useDatasetDrafts, countEdits } from './model/drafts.ts';
import styles from './datasets.module.css';

export function DatasetList({ readOnly }: { readonly readOnly: boolean }) {
  const [archived, setArchived] = useState(false);
  const [making, setMaking] = useState(false);
  const [renamed, setRenamed] = useState<DatasetRow | null>(null);
  const [now] = useState(() => Date.now());
  const list = useEngine('dataset.list', archived ? { archived: true } : {}, { keepPrevious: true });
  const drafts = useDatasetDrafts((state) => state.drafts);
  if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (!list.data) return <Spinner label="Loading datasets" />;
  const rows = list.data;

  const actions = (
    <>
      <Button
        variant="primary"
        disabled={readOnly}
        icon={<FileInput size={13} aria-hidden />}
        onClick={() => void chooseDatasetFiles()}
      >
        Import a file…
      </Button>
      <Button disabled={readOnly} icon={<Plus size={13} aria-hidden />} onClick={() => setMaking(true)}>
        New dataset…
      </Button>
    </>
  );
  return (
    <div className={styles.page}>
      <div className={styles.bar}>
        <h1 className={styles.title}>Datasets</h1>
        <label className={styles.check}>
          <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />
          Show archived
        </label>
        {rows.length > 0 && <span className={styles.barEnd}>{actions}</span>}
      </div>
      {rows.length === 0 ? (
        <EmptyState
          icon={<Database size={26} strokeWidth={1.5} aria-hidden />}
          title="No dataset yet"
          actions={
            <>
              {actions}
              <Button onClick={() => go({ view: 'traces' })}>Choose traces</Button>
            </>
          }
        >
          A dataset is a set of examples that agents are tried on: what is asked, the answer and the tool calls that are
          expected. Each save is a version, and a run of an eval names the one it took. Drop JSON lines, CSV, an ADK
          eval set or tau-bench tasks here, or select traces and choose Add to dataset.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Dataset</th>
                <th scope="col" className={styles.small}>
                  Version
                </th>
                <th scope="col" className={styles.small}>
                  Examples
                </th>
                <th scope="col" className={styles.middle}>
                  Updated
                </th>
                <th scope="col" className={styles.small}>
                  <span className="visually-hidden">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const unsaved = drafts[row.id];
                const name = visibleString(row.name.slice(0, 200));
                return (
                  <tr key={row.id}>
                    <th scope="row">
                      <span className={styles.nameCell}>
                        <button type="button" className={styles.open} title={name} onClick={() => openDataset(row.id)}>
                          {name}
                        </button>
                        {row.archived && <span className={styles.dim}>archived</span>}
                        {unsaved && countEdits(unsaved.now) > 0 && <span className={styles.dim}>unsaved edits</span>}
                      </span>
                    </th>
                    <td className={styles.number}>{row.version}</td>
                    <td className={styles.number}>{formatCount(row.examples)}</td>
                    <td>{formatRelative(row.updatedAt, now)}</td>
                    <td>
                      <span className={styles.acts}>
                        <IconButton
                          label={`Rename ${name.slice(0, 80)}…`}
                          icon={<Pencil size={14} aria-hidden />}
                          disabled={readOnly}
                          onClick={() => setRenamed(row)}
                        />
                        <IconButton
                          label={`${row.archived ? 'Take back' : 'Archive'} ${name.slice(0, 80)}`}
                          icon={
                            row.archived ? <ArchiveRestore size={14} aria-hidden /> : <Archive size={14} aria-hidden />
                          }
                          disabled={readOnly}
                          onClick={() => void archive(row, !row.archived)}
                        />
                      </span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {making && (
        <TextDialog
          title="New dataset"
          label="Name"
          action="Make it"
          required
          most={200}
          placeholder="Refund questions"
          onClose={() => setMaking(false)}
          onDone={async (name) => {
            const made = await createDataset(name);
            if (made) openDataset(made.id);
            return made !== null;
          }}
        />
      )}
      {renamed && <RenameDialog dataset={renamed} onClose={() => setRenamed(null)} />}
    </div>
  );
}

export function RenameDialog({ dataset, onClose }: { readonly dataset: DatasetRow; readonly onClose: () => void }) {
  return (
    <TextDialog
      title="Rename the dataset"
      label="Name"
      value={dataset.name}
      action="Rename"
      required
      most={200}
      onClose={onClose}
      onDone={async (name) => {
        const result = await attempt(engine.call('dataset.rename', { id: dataset.id, name }));
        if (!result.ok) notifyError('It was not renamed', result.error);
        return result.ok;
      }}
    />
  );
}

async function archive(row: DatasetRow, archived: boolean): Promise<void> {
  const result = await attempt(engine.call('dataset.archive', { id: row.id, archived }));
  if (!result.ok) notifyError('Nothing was changed', result.error);
  else if (archived)
    notify({
      tone: 'ok',
      title: `${row.name.slice(0, 80)} is archived`,
      detail: 'Runs that took it keep what they say.',
      action: { label: 'Undo', run: () => void archive(row, false) },
    });
}
