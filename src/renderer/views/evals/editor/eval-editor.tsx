/** The page of one eval: name, criteria, traces, and the runs of it. Edits are undone step by step and saved by hand. */
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { ArrowLeft, Play, Undo2 } from 'lucide-react';
import type { EvalDefinition } from '#shared/eval.ts';
import { useRegisterCommands, type Command } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import {
  bareEval,
  beginEvalDraft,
  definitionOf,
  dropEvalDraft,
  editedEval,
  isEvalChanged,
  NEW_EVAL,
  sameEval,
  setEvalDraft,
  steppedEval,
  useEvalDrafts,
  type EvalDraft,
} from '../../../state/eval-drafts.ts';
import { saveEval, startRun } from '../../../state/evals.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { go, replacePlace } from '../../../state/place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { Chip } from '../../../widgets/chip.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { RunTable } from '../runs/run-table.tsx';
import { useDatasets } from '../use-datasets.ts';
import { CriteriaTable } from './criteria-table.tsx';
import { problemsOf } from './problems.ts';
import { RunDialog, type RunOrder } from './run-dialog.tsx';
import { SourceEditor } from './source-editor.tsx';
import page from '../evals.module.css';
import styles from './editor.module.css';

type Props = {
  readonly id: string;
  readonly draft: EvalDraft;
  readonly archived: boolean;
  readonly readOnly: boolean;
};

export function EvalEditor({ id, draft, archived, readOnly }: Props) {
  const isNew = id === NEW_EVAL;
  const definition = definitionOf(draft);
  const graders = useEngine('grader.list', { archived: true });
  const runs = useEngine('run.list', { evalId: id }, { enabled: !isNew });
  const { names } = useDatasets();
  const [running, setRunning] = useState(false);
  const changed = isEvalChanged(draft);
  const problems = problemsOf(definition, graders.data ?? null);
  const good = !problems.some(({ severity }) => severity === 'error');
  const maySave = changed && good && !readOnly;
  const mayRun = good && !readOnly;

  function put(change: Partial<EvalDefinition>, field: string | null): void {
    const now = useEvalDrafts.getState().drafts[id] ?? draft;
    setEvalDraft(id, editedEval(now, { ...definitionOf(now), ...change }, field, Date.now()));
  }

  /** The id under which it is kept; null = it was not: then a notice says why. */
  async function save(quietly = false): Promise<string | null> {
    const wanted = { ...definition, name: definition.name.trim() };
    const result = await saveEval(isNew ? null : id, wanted);
    if (!result.ok) {
      notifyError('The eval was not saved', result.error);
      return null;
    }
    const kept = bareEval(result.value);
    if (isNew) {
      setEvalDraft(result.value.id, beginEvalDraft(kept, kept));
      replacePlace({ span: result.value.id });
      dropEvalDraft(NEW_EVAL);
    } else {
      const now = useEvalDrafts.getState().drafts[id] ?? draft;
      // What was typed meanwhile stays.
      const unchanged = sameEval(definitionOf(now), wanted) || sameEval(definitionOf(now), definition);
      setEvalDraft(id, { ...(unchanged ? editedEval(now, kept, null, 0) : now), saved: kept });
    }
    if (!quietly) notify({ tone: 'ok', title: `“${visibleString(kept.name.slice(0, 80))}” saved` });
    return result.value.id;
  }

  async function run({ name, limit, seed }: RunOrder): Promise<boolean> {
    const evalId = changed ? await save(true) : id;
    if (evalId === null) return false;
    return startRun({ evalId, limit, seed, ...(name === '' ? {} : { name }) });
  }

  const saveNow = useEffectEvent(() => void save());
  const [asked, ask] = useState(0);
  useEffect(() => {
    if (asked > 0) saveNow();
  }, [asked]);
  const commands = useMemo<readonly Command[]>(() => {
    const now = () => useEvalDrafts.getState().drafts[id];
    function step(by: -1 | 1): void {
      const before = now();
      if (before) setEvalDraft(id, steppedEval(before, by));
    }
    return [
      {
        id: 'evals.undo',
        title: 'Undo',
        group: 'Evals',
        keys: 'mod+z',
        when: () => !readOnly && (now()?.at ?? 0) > 0 && !isInDialog(),
        run: () => step(-1),
      },
      {
        id: 'evals.redo',
        title: 'Redo',
        group: 'Evals',
        keys: 'mod+shift+z',
        when: () => {
          const draftNow = now();
          return !readOnly && draftNow !== undefined && draftNow.at < draftNow.steps.length - 1 && !isInDialog();
        },
        run: () => step(1),
      },
      {
        id: 'evals.save',
        title: 'Save the eval',
        group: 'Evals',
        keys: 'mod+s',
        menu: 'File',
        when: () => maySave,
        run: () => ask((count) => count + 1),
      },
      {
        id: 'evals.run',
        title: 'Run the eval…',
        group: 'Evals',
        keys: 'mod+enter',
        menu: 'File',
        when: () => mayRun,
        run: () => setRunning(true),
      },
    ];
  }, [id, readOnly, maySave, mayRun]);
  useRegisterCommands(commands);

  const name = visibleString(definition.name.slice(0, 200));
  return (
    <div className={page.view}>
      <header className={page.pageHead}>
        <IconButton
          label="All evals"
          icon={<ArrowLeft size={15} aria-hidden />}
          onClick={() => go({ view: 'evals', tab: 'evals', span: null, of: [], q: '' })}
        />
        <h1 className={page.pageTitle}>{name === '' ? 'New eval' : name}</h1>
        {changed && <Chip tone="accent">{isNew ? 'not saved yet' : 'unsaved edits'}</Chip>}
        {archived && <Chip>archived</Chip>}
        <span className={page.headEnd}>
          <IconButton
            label="Undo"
            keys="mod+z"
            icon={<Undo2 size={14} aria-hidden />}
            disabled={readOnly || draft.at === 0}
            onClick={() => setEvalDraft(id, steppedEval(draft, -1))}
          />
          <Button disabled={!maySave} title="Ctrl+S" onClick={() => void save()}>
            Save
          </Button>
          <Button
            variant="primary"
            icon={<Play size={13} aria-hidden />}
            disabled={!mayRun}
            onClick={() => setRunning(true)}
          >
            Run…
          </Button>
        </span>
      </header>
      <div className={page.scroll}>
        <div className={styles.page}>
          {problems.length > 0 && (
            <ul className={styles.problems} data-worst={good ? 'warning' : 'error'} aria-label="Problems" role="status">
              {problems.map(({ message }, index) => (
                <li key={index}>{visibleString(message)}</li>
              ))}
            </ul>
          )}
          <label className={styles.nameField}>
            Name
            <input
              className={styles.input}
              value={definition.name}
              readOnly={readOnly}
              maxLength={200}
              autoFocus={isNew}
              placeholder="What it is to show"
              onChange={(event) => put({ name: event.target.value }, 'name')}
            />
          </label>
          <CriteriaTable
            criteria={definition.criteria}
            graders={graders.data ?? []}
            readOnly={readOnly}
            onChange={(criteria, field) => put({ criteria }, field)}
          />
          <SourceEditor
            source={definition.source}
            sample={definition.sample}
            readOnly={readOnly}
            onSource={(source, field) => put({ source }, field)}
            onSample={(sample, field) => put({ sample: sample ?? null }, field)}
          />
          {!isNew && (
            <section className={styles.section} aria-labelledby="eval-runs">
              <div className={styles.sectionHead}>
                <h2 id="eval-runs">Runs</h2>
                <span className={styles.dim}>Each froze what it measured: editing the eval changes none of them.</span>
              </div>
              {runs.error && <p className={page.problem}>{runs.error.message}</p>}
              {runs.data?.length === 0 && <div className={styles.empty}>It was not run yet.</div>}
              {runs.data && runs.data.length > 0 && (
                <RunTable runs={runs.data} datasets={names} readOnly={readOnly} withEval={false} />
              )}
            </section>
          )}
        </div>
      </div>
      {running && <RunDialog definition={definition} unsaved={changed} onRun={run} onClose={() => setRunning(false)} />}
    </div>
  );
}

/** Text fields of a dialog have an undo of their own. */
function isInDialog(): boolean {
  const dialog = document.activeElement?.closest('[role=dialog]') ?? null;
  return dialog !== null;
}
