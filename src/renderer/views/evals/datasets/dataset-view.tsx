/** One dataset: its examples in a grid, the open example beside it, unsaved edits that become one version. */
import type { KeyboardEvent } from 'react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ArrowLeft, FileInput, FileOutput, History, Pencil, Plus, Search, Table2, Trash2, Undo2 } from 'lucide-react';
import { attempt } from '#shared/rpc/client.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { engine, useEngine } from '../../../data/engine.ts';
import { compareWithExample } from '../../../state/compare-place.ts';
import { chooseDatasetFiles, importDatasets, useDropTaker } from '../../../state/datasets.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { go, replacePlace } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { useSettled } from '../../../widgets/use-settled.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { datasetCommands, type DialogName } from './dataset-commands.ts';
import { RenameDialog } from './dataset-list.tsx';
import { ExportDialog, TextDialog } from './dialogs.tsx';
import { ExampleGrid, type GridHandle } from './example-grid.tsx';
import { ExamplePanel } from './example-panel.tsx';
import { columnsOf, withCell, type Column } from './model/cells.ts';
import {
  act,
  addExample,
  countEdits,
  discardDraft,
  editsToSave,
  NO_EDITS,
  putExample,
  rebaseDraft,
  redoAct,
  removeRows,
  rowsWith,
  undoAct,
  useDatasetDrafts,
  type GridRow,
} from './model/drafts.ts';
import { useExamples } from './use-examples.ts';
import { useHistory } from './use-history.ts';
import { VersionsDialog } from './versions-dialog.tsx';
import styles from './datasets.module.css';

type Props = {
  readonly id: string;
  /** Null = the newest. */
  readonly version: number | null;
  readonly readOnly: boolean;
};

type Panel = { readonly row: number; readonly at: Column | null; readonly request: number };

export function DatasetView({ id, version: asked, readOnly: lockedWorkspace }: Props) {
  const got = useEngine('dataset.get', { id }, { keepPrevious: true });
  const row = got.data?.row;
  const newest = row?.version ?? 1;
  const version = asked ?? newest;
  const old = row !== undefined && version < newest;
  const readOnly = lockedWorkspace || old;
  const [text, setText] = useState('');
  const sought = useSettled(text, 200);
  const examples = useExamples(id, version, sought.trim());
  const draft = useDatasetDrafts((state) => state.drafts[id]);
  const edits = readOnly || !draft ? NO_EDITS : draft.now;
  const unsaved = countEdits(edits);
  const stale = !readOnly && draft !== undefined && unsaved > 0 && draft.base !== newest;
  const rows = useMemo(() => rowsWith(examples.rows, edits), [examples.rows, edits]);
  const { columns, more: moreFields } = useMemo(
    () => columnsOf(rows.slice(0, 2_000).map(({ example }) => example)),
    [rows],
  );
  const originals = useMemo(() => new Map(examples.rows.map((example) => [example.key, example])), [examples.rows]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [panel, setPanel] = useState<Panel | null>(null);
  const [active, setActive] = useState(0);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  /** The version that the unsaved edits have become; they stay on the screen until it is loaded. */
  const [savedAs, setSavedAs] = useState<number | null>(null);
  const grid = useRef<GridHandle>(null);
  const history = useHistory(row);

  const isLoaded = !examples.loading;
  useLayoutEffect(() => {
    if (savedAs === null || version < savedAs || !isLoaded) return;
    discardDraft(id);
    setSavedAs(null);
  }, [savedAs, version, isLoaded, id]);

  useEffect(() => {
    if (readOnly) return undefined;
    useDropTaker.setState({
      taker: {
        title: 'Drop to add examples',
        about: 'JSON lines, JSON, CSV, ADK eval sets, tau-bench tasks. They become one new version.',
        take: (paths) => void latest.current.importInto(paths),
      },
    });
    return () => useDropTaker.setState({ taker: null });
  }, [readOnly]);

  function change(next: Parameters<typeof act>[2]): void {
    if (!readOnly) act(id, version, next);
  }

  function edit(gridRow: GridRow, column: Column, value: string): string | null {
    const edited = withCell(gridRow.example, column, value);
    if (!edited.ok) return edited.error;
    change((now) => putExample(now, gridRow.id, edited.value, originals.get(gridRow.id) ?? null));
    return null;
  }

  function addRow(): void {
    if (readOnly) return;
    const added = addExample(edits);
    act(id, version, () => added.edits);
    grid.current?.goTo(rows.length, 2);
    if (panel) setPanel({ ...panel, row: rows.length });
  }

  function removeChosen(): void {
    const ids = selected.size > 0 ? [...selected] : rows[active] ? [rows[active].id] : [];
    if (ids.length > 0) change((now) => removeRows(now, ids));
    setSelected(new Set());
  }

  async function save(note: string): Promise<boolean> {
    const saved = await attempt(
      engine.call('dataset.edit', {
        id,
        base: draft?.base ?? version,
        edits: editsToSave(edits),
        note: note === '' ? null : note,
      }),
    );
    if (!saved.ok) {
      notifyError('Nothing was saved', saved.error);
      return false;
    }
    const made = saved.value.version;
    if (made === newest) discardDraft(id);
    else setSavedAs(made);
    setSelected(new Set());
    notify({
      tone: 'ok',
      title: made === newest ? 'Nothing differs from the version before' : `Saved as version ${made}`,
      ...(made === newest ? {} : { action: { label: 'Undo', run: () => void latest.current.undoSaved() } }),
    });
    return true;
  }

  async function importInto(paths: readonly string[] | null): Promise<void> {
    if (unsaved > 0) {
      notify({ tone: 'info', title: 'There are unsaved edits', detail: 'Save or discard them first, then import.' });
      return;
    }
    await (paths === null ? chooseDatasetFiles(id) : importDatasets(paths, id));
  }

  async function undo(): Promise<void> {
    if (!undoAct(id)) await history.undo();
  }
  async function redo(): Promise<void> {
    if (!redoAct(id)) await history.redo();
  }

  const acts = { addRow, removeChosen, importInto, undo, redo, undoSaved: history.undo, unsaved, readOnly };
  const latest = useRef(acts);
  useLayoutEffect(() => {
    latest.current = acts;
  });

  const commands = useMemo(() => datasetCommands(() => latest.current, setDialog), []);
  useRegisterCommands(commands);

  if (got.error && !got.data)
    return (
      <ErrorState error={got.error} onRetry={() => go({ view: 'evals', tab: 'datasets', of: [], span: null, q: '' })} />
    );
  if (!row) return <Spinner label="Loading the dataset" />;
  const name = visibleString(row.name.slice(0, 200));
  const openRow = panel === null ? undefined : rows[panel.row];

  return (
    <div className={styles.page}>
      <div className={styles.bar}>
        <IconButton
          label="All datasets"
          icon={<ArrowLeft size={15} aria-hidden />}
          onClick={() => go({ view: 'evals', tab: 'datasets', of: [], span: null, q: '' })}
        />
        <h1 className={styles.title} title={name}>
          {name}
        </h1>
        {!lockedWorkspace && (
          <IconButton label="Rename…" icon={<Pencil size={13} aria-hidden />} onClick={() => setDialog('rename')} />
        )}
        <Button variant="ghost" icon={<History size={13} aria-hidden />} onClick={() => setDialog('versions')}>
          Version {version}
        </Button>
        <span className={styles.count} role="status">
          {formatCount(examples.total)} {examples.total === 1 ? 'example' : 'examples'}
          {sought.trim() !== '' && (examples.total === 1 ? ' matches' : ' match')}
        </span>
        <span className={styles.barEnd}>
          {unsaved > 0 && (
            <>
              <span className={styles.unsaved}>
                {formatCount(unsaved)} unsaved {unsaved === 1 ? 'edit' : 'edits'}
              </span>
              <Button icon={<Undo2 size={13} aria-hidden />} onClick={() => discard(id)}>
                Discard
              </Button>
              <Button variant="primary" title="Ctrl+S" onClick={() => setDialog('save')}>
                Save…
              </Button>
            </>
          )}
        </span>
      </div>
      <div className={styles.tools}>
        <label className={styles.search}>
          <Search size={13} aria-hidden />
          <input
            data-dataset-search
            aria-label="Search the examples"
            placeholder="Search keys, inputs, answers and fields"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) =>
              leaveSearch(
                event,
                () => setText(''),
                () => grid.current?.focus(),
              )
            }
          />
        </label>
        {selected.size > 0 && <span className={styles.dim}>{formatCount(selected.size)} chosen</span>}
        <span className={styles.barEnd}>
          {!readOnly && (
            <>
              <Button icon={<Plus size={13} aria-hidden />} onClick={addRow}>
                Add
              </Button>
              <Button icon={<Trash2 size={13} aria-hidden />} disabled={rows.length === 0} onClick={removeChosen}>
                Delete
              </Button>
              <Button icon={<FileInput size={13} aria-hidden />} onClick={() => void importInto(null)}>
                Import…
              </Button>
            </>
          )}
          <Button icon={<FileOutput size={13} aria-hidden />} onClick={() => setDialog('export')}>
            Export…
          </Button>
        </span>
      </div>
      {old && (
        <div className={styles.banner} role="status">
          Version {version} of {newest}, as it was: it cannot be edited.
          <Button onClick={() => replacePlace({ of: [id] })}>Open the newest</Button>
          {!lockedWorkspace && (
            <Button onClick={() => void history.revert(version).then((done) => done && replacePlace({ of: [id] }))}>
              Revert to this
            </Button>
          )}
        </div>
      )}
      {stale && savedAs === null && (
        <div className={styles.banner} role="alert">
          You edit version {draft.base}; meanwhile there is version {newest}.
          <Button onClick={() => rebaseDraft(id, newest)}>Take my edits over</Button>
          <Button onClick={() => discard(id)}>Discard them</Button>
        </div>
      )}
      {examples.error && examples.rows.length === 0 ? (
        <ErrorState error={examples.error} onRetry={examples.retry} />
      ) : (
        <div className={styles.body}>
          <ExampleGrid
            ref={grid}
            label={`Examples of ${name}`}
            rows={rows}
            total={examples.total + edits.added.size}
            columns={columns}
            selected={selected}
            readOnly={readOnly}
            busy={examples.loading}
            onSelect={setSelected}
            onActive={(index) => {
              setActive(index);
              if (panel) setPanel({ ...panel, row: index });
            }}
            onEdit={edit}
            onOpen={(index, at) => setPanel({ row: index, at, request: (panel?.request ?? 0) + 1 })}
            onMore={examples.more}
            onRest={examples.rest}
            empty={
              examples.loading ? (
                <Spinner label="Loading examples" />
              ) : sought.trim() !== '' ? (
                <EmptyState
                  title="No example matches"
                  actions={<Button onClick={() => setText('')}>Clear the search</Button>}
                >
                  Nothing in version {version} holds what is sought.
                </EmptyState>
              ) : (
                <EmptyState
                  icon={<Table2 size={26} strokeWidth={1.5} aria-hidden />}
                  title={old ? 'This version has no examples' : 'No examples yet'}
                  actions={
                    !readOnly && (
                      <>
                        <Button variant="primary" onClick={() => void importInto(null)}>
                          Import a file…
                        </Button>
                        <Button onClick={addRow}>Write one</Button>
                        <Button onClick={() => go({ view: 'traces' })}>Choose traces</Button>
                      </>
                    )
                  }
                >
                  Drop a file here, write examples by hand, or select traces and choose Add to dataset.
                </EmptyState>
              )
            }
          />
          {panel && openRow && (
            <ExamplePanel
              row={openRow}
              index={panel.row}
              last={rows.length - 1}
              readOnly={readOnly}
              at={panel.at}
              request={panel.request}
              onChange={(gridRow, example) =>
                change((now) => putExample(now, gridRow.id, example, originals.get(gridRow.id) ?? null))
              }
              onTurn={(by) => setPanel({ ...panel, row: panel.row + by })}
              onCompare={old ? null : () => compareWithExample(id, openRow.example.key)}
              onClose={() => {
                setPanel(null);
                grid.current?.focus();
              }}
            />
          )}
        </div>
      )}
      {moreFields > 0 && (
        <p className={styles.foot}>
          {formatCount(moreFields)} more {moreFields === 1 ? 'field is' : 'fields are'} not shown as columns: open an
          example to see all.
        </p>
      )}
      {dialog === 'save' && (
        <TextDialog
          title={`Save ${formatCount(unsaved)} ${unsaved === 1 ? 'edit' : 'edits'} as version ${newest + 1}`}
          label="Note"
          placeholder="What changed, and why (may be empty)"
          action="Save"
          required={false}
          most={2_000}
          onDone={save}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'export' && <ExportDialog dataset={row} version={version} onClose={() => setDialog(null)} />}
      {dialog === 'rename' && <RenameDialog dataset={row} onClose={() => setDialog(null)} />}
      {dialog === 'versions' && got.data && (
        <VersionsDialog
          name={row.name}
          versions={got.data.versions}
          shown={version}
          readOnly={lockedWorkspace || unsaved > 0}
          onShow={(wanted) => {
            setDialog(null);
            setPanel(null);
            setSelected(new Set());
            replacePlace({ of: wanted === newest ? [id] : [id, `v${wanted}`] });
          }}
          onRevert={(wanted) => {
            setDialog(null);
            void history.revert(wanted).then((done) => done && replacePlace({ of: [id] }));
          }}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}

/** They can be had back: nothing is asked. */
function discard(id: string): void {
  const draft = useDatasetDrafts.getState().drafts[id];
  if (!draft) return;
  discardDraft(id);
  notify({
    tone: 'info',
    title: 'The edits are discarded',
    action: {
      label: 'Undo',
      run: () => useDatasetDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [id]: draft } })),
    },
  });
}

function leaveSearch(event: KeyboardEvent<HTMLInputElement>, clear: () => void, leave: () => void): void {
  if (event.key === 'Escape') clear();
  else if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
  event.preventDefault();
  event.stopPropagation();
  leave();
}
