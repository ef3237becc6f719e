/** One grader: form and JSON of the same text, and the bench under both. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { GraderKindInfo, GraderProblem, GraderVersion } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { lineAt, placeOf } from '#shared/json-text.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import {
  beginDraft,
  edited,
  isChanged,
  NEW_GRADER,
  openNewGrader,
  printDefinition,
  readDraft,
  setDraft,
  stepped,
  useGraderDrafts,
  withValue,
  type GraderDraft,
} from '../../state/grader-drafts.ts';
import { askGrading } from '../../state/gradings.ts';
import { currentPlace, go } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { Splitter } from '../../widgets/splitter.tsx';
import { BenchPane } from './bench/bench-pane.tsx';
import { EditorHead } from './editor-head.tsx';
import { CodeField, type LineMark } from './form/code-field.tsx';
import { FormProvider, type FormContextValue, type Path } from './form/form-context.ts';
import { SchemaForm } from './form/schema-form.tsx';
import { printArranged } from './model/arrange.ts';
import { runsOf } from './model/runs.ts';
import { FlipsDialog } from './flips/flips-dialog.tsx';
import { useSettled } from './use-settled.ts';
import { SaveDialog } from './save-dialog.tsx';
import { VersionsDialog } from './versions-dialog.tsx';
import styles from './graders.module.css';

type Props = { readonly id: string; readonly kinds: readonly GraderKindInfo[]; readonly readOnly: boolean };

export function EditorView({ id, kinds, readOnly }: Props) {
  const isNew = id === NEW_GRADER;
  const stored = useEngine('grader.get', { id }, { enabled: !isNew });
  const draft = useGraderDrafts((state) => state.drafts[id]);
  const current = stored.data?.versions[0] ?? null;
  const newest = useMemo(() => (current === null ? null : printArranged(current.definition, kinds)), [current, kinds]);

  useEffect(() => {
    if (newest === null) return;
    const known = useGraderDrafts.getState().drafts[id];
    // What somebody typed stays; what nobody touched follows the newest version.
    if (!known || (!isChanged(known) && known.saved !== newest)) setDraft(id, beginDraft(newest, newest));
    else if (known.saved !== newest) setDraft(id, { ...known, saved: newest });
  }, [id, newest]);

  if (stored.error && !stored.data)
    return stored.error.code === 'not_found' ? (
      <NotThere />
    ) : (
      <ErrorState error={stored.error} onRetry={stored.refetch} />
    );
  if (isNew && !draft) return <NotThere />;
  if (!draft) return <Spinner label="Loading the grader" />;
  return (
    <Editor
      key={id}
      id={id}
      draft={draft}
      kinds={kinds}
      versions={stored.data?.versions ?? []}
      archived={stored.data?.row.archived ?? false}
      readOnly={readOnly}
    />
  );
}

function NotThere() {
  return (
    <EmptyState
      title="This grader is not here"
      actions={<Button onClick={() => go({ view: 'graders', tab: null, span: null, q: '' })}>All graders</Button>}
    >
      It belongs to another workspace, or it was begun in a window that is closed and never saved.
    </EmptyState>
  );
}

type EditorProps = {
  readonly id: string;
  readonly draft: GraderDraft;
  readonly kinds: readonly GraderKindInfo[];
  /** The newest first; none = never saved. */
  readonly versions: readonly GraderVersion[];
  readonly archived: boolean;
  readonly readOnly: boolean;
};

function Editor({ id, draft, kinds, versions, archived, readOnly }: EditorProps) {
  const { q } = currentPlace();
  const reading = useMemo(() => readDraft(draft), [draft]);
  const { text, json, shown, broken } = reading;
  const kind = kinds.find(({ type }) => type === shown.type) ?? null;
  const settled = useSettled(broken ? null : text, 120);
  const asked = useMemo(() => (settled === null ? null : (JSON.parse(settled) as Json)), [settled]);
  const { data: checked } = useEngine('grader.check', { definition: asked }, { enabled: asked !== null });
  // What was wrong stays on show until it is known what is.
  const [last, setLast] = useState(checked);
  if (checked !== undefined && checked !== last) setLast(checked);
  const upToDate = settled === text && checked !== undefined;
  const problems = useMemo(() => (broken ? [] : (last?.problems ?? [])), [broken, last]);
  const good = upToDate && !broken && checked.definition !== null;
  const usable = good ? shown : null;
  const [trace, setTrace] = useState<string | null>(null);
  const subject = useEngine(
    'grade.subject',
    {
      traceId: trace ?? '',
      ...(draft.from && draft.from.spanId !== null && draft.from.traceId === trace
        ? { spanId: draft.from.spanId }
        : {}),
    },
    { enabled: trace !== null, keepPrevious: true },
  );
  const [dialog, setDialog] = useState<'save' | 'versions' | 'flips' | null>(null);
  const [run, setRun] = useState(0);
  const name = typeof shown.name === 'string' ? shown.name : '';

  const put = useCallback(
    (next: string, field: string) => {
      const now = useGraderDrafts.getState().drafts[id];
      if (now) setDraft(id, edited(now, next, field, Date.now()));
    },
    [id],
  );
  const set = useCallback(
    (path: Path, value: Json | undefined) => {
      const now = useGraderDrafts.getState().drafts[id];
      if (!now) return;
      const { shown: before, broken: stuck } = readDraft(now);
      // What is no JSON is not written over.
      if (!stuck) put(printDefinition(withValue(before, path, value)), path.join('/'));
    },
    [id, put],
  );
  const form = useMemo<FormContextValue>(
    () => ({
      kinds,
      problems,
      subject: subject.data ?? null,
      readOnly: readOnly || broken,
      set,
    }),
    [kinds, problems, subject.data, readOnly, broken, set],
  );
  const marks = useMemo(() => marksOf(text, json, problems), [text, json, problems]);
  const lineless = json.ok ? null : json;
  const [current = null] = versions;
  const maySave = !broken && !readOnly && isChanged(draft);
  const canSave = good && maySave;
  // Asked for while the last key is still being checked.
  if (dialog === 'save' && upToDate && !good) setDialog(null);

  const commands = useMemo<readonly Command[]>(() => {
    const now = (): GraderDraft | undefined => useGraderDrafts.getState().drafts[id];
    function step(by: -1 | 1): void {
      const before = now();
      if (before) setDraft(id, stepped(before, by));
    }
    return [
      {
        id: 'graders.undo',
        title: 'Undo',
        group: 'Graders',
        keys: 'mod+z',
        when: () => (now()?.at ?? 0) > 0 && isInEditor(),
        run: () => step(-1),
      },
      {
        id: 'graders.redo',
        title: 'Redo',
        group: 'Graders',
        keys: 'mod+shift+z',
        when: () => {
          const draftNow = now();
          return draftNow !== undefined && draftNow.at < draftNow.texts.length - 1 && isInEditor();
        },
        run: () => step(1),
      },
      {
        id: 'graders.save',
        title: 'Save the grader…',
        group: 'Graders',
        keys: 'mod+s',
        menu: 'File',
        when: () => maySave,
        run: () => setDialog('save'),
      },
      {
        id: 'graders.run',
        title: 'Run the bench',
        group: 'Graders',
        keys: 'mod+enter',
        run: () => setRun((count) => count + 1),
      },
      {
        id: 'graders.versions',
        title: 'Versions of the grader…',
        group: 'Graders',
        when: () => current !== null,
        run: () => setDialog('versions'),
      },
      {
        id: 'graders.flips',
        title: 'What would flip…',
        group: 'Graders',
        when: () => good,
        run: () => setDialog('flips'),
      },
      {
        id: 'graders.form',
        title: 'Go to the form',
        group: 'Graders',
        keys: 'alt+1',
        run: () => focusIn('[data-pane=form]'),
      },
      {
        id: 'graders.json',
        title: 'Go to the JSON',
        group: 'Graders',
        keys: 'alt+2',
        run: () => focusIn('[data-pane=json]'),
      },
      {
        id: 'graders.bench',
        title: 'Go to the bench',
        group: 'Graders',
        keys: 'alt+3',
        run: () => document.querySelector<HTMLElement>('[data-pane=bench] [role=listbox]')?.focus(),
      },
    ];
  }, [id, maySave, good, current]);
  useRegisterCommands(commands);

  return (
    <div className={styles.editor} data-draft>
      <EditorHead
        name={name}
        kind={kind}
        current={current}
        archived={archived}
        draft={draft}
        problems={problems}
        broken={lineless !== null}
        canSave={canSave}
        onBack={() => go({ view: 'graders', tab: null, span: null, q: '' })}
        onStep={(by) => setDraft(id, stepped(draft, by))}
        onVersions={() => setDialog('versions')}
        onDuplicate={() => openNewGrader({ ...shown, type: kind?.type ?? '', name: `${name} (copy)` }, draft.from)}
        onGrade={current === null ? null : () => askGrading([], q, null, [id])}
        onFlips={usable ? () => setDialog('flips') : null}
        onSave={() => setDialog('save')}
      />
      <Splitter
        id="grader-editor"
        direction="vertical"
        panels={[
          {
            id: 'definition',
            defaultSize: '58%',
            minSize: 140,
            content: (
              <Splitter
                id="grader-texts"
                panels={[
                  {
                    id: 'form',
                    defaultSize: '50%',
                    minSize: 240,
                    content: (
                      <section className={styles.pane} aria-label="Form" data-pane="form" tabIndex={-1}>
                        {broken && (
                          <p className={styles.problem} role="alert">
                            {lineless
                              ? `The JSON stops being JSON at line ${lineless.line}. `
                              : 'A grader is a JSON object. '}
                            The form waits until it is mended, and shows how it stood before.
                          </p>
                        )}
                        {kind ? (
                          <FormProvider value={form}>
                            <p className={styles.kindLine}>
                              <strong>{kind.label}</strong> <span className={styles.dim}>{kind.about}</span>
                            </p>
                            <SchemaForm key={kind.type} kind={kind} definition={shown} path={[]} />
                          </FormProvider>
                        ) : (
                          <UnknownKind shown={shown} />
                        )}
                      </section>
                    ),
                  },
                  {
                    id: 'json',
                    defaultSize: '50%',
                    minSize: 240,
                    content: (
                      <section className={styles.jsonPane} aria-label="JSON" data-pane="json">
                        <CodeField
                          label="Definition as JSON"
                          language="json"
                          value={text}
                          marks={marks}
                          subject={form.subject}
                          readOnly={readOnly}
                          className={styles.json}
                          onChange={(next) => put(next, 'json')}
                        />
                        <JsonState broken={lineless} problems={problems} />
                      </section>
                    ),
                  },
                ]}
              />
            ),
          },
          {
            id: 'bench',
            defaultSize: '42%',
            minSize: 120,
            content: (
              <div className={styles.benchPane} data-pane="bench">
                <BenchPane
                  definition={usable}
                  name={name}
                  runs={runsOf(shown, kinds)}
                  from={draft.from}
                  onTrace={setTrace}
                  asked={run}
                />
              </div>
            ),
          },
        ]}
      />
      {dialog === 'save' && usable && (
        <SaveDialog draftKey={id} definition={usable} current={current} kinds={kinds} onClose={() => setDialog(null)} />
      )}
      {dialog === 'flips' && usable && (
        <FlipsDialog
          graderId={current?.graderId ?? null}
          definition={usable}
          name={name}
          runs={runsOf(usable, kinds)}
          query={q}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'versions' && (
        <VersionsDialog
          name={name}
          versions={versions}
          edited={broken ? null : printArranged(shown, kinds)}
          kinds={kinds}
          onTake={(version) => put(printArranged(version.definition, kinds), `version ${version.number}`)}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}

function UnknownKind({ shown }: { readonly shown: JsonObject }) {
  const { type } = shown;
  return (
    <EmptyState title={typeof type === 'string' ? `There is no kind “${type.slice(0, 60)}”` : 'No kind is named'}>
      Say one in “type” of the JSON; the form then follows.
    </EmptyState>
  );
}

/** Under the JSON: whether it can be used, and the first thing that keeps it from that. */
function JsonState({
  broken,
  problems,
}: {
  readonly broken: { readonly line: number; readonly message: string } | null;
  readonly problems: readonly GraderProblem[];
}) {
  const error = problems.find(({ severity }) => severity === 'error');
  const first = error ?? problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return (
    <p className={styles.state} role="status" data-tone={broken || error ? 'error' : first ? 'warning' : 'ok'}>
      {broken
        ? `Line ${broken.line}: ${broken.message}`
        : first
          ? `${first.path === '' ? '' : `${first.path.slice(0, 80)}: `}${first.message.slice(0, 300)}${more}`
          : 'Nothing is wrong with it.'}
    </p>
  );
}

function marksOf(
  text: string,
  json: ReturnType<typeof readDraft>['json'],
  problems: readonly GraderProblem[],
): readonly LineMark[] {
  if (!json.ok) return [{ line: json.line, severity: 'error', message: json.message }];
  return problems.map(({ path, message, severity }) => ({
    line: lineAt(text, placeOf(json.places, path)?.from ?? 0),
    message,
    severity,
  }));
}

/** The fields of form and JSON share one undo; other text fields have their own. */
function isInEditor(): boolean {
  const active = document.activeElement;
  const typing =
    active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type === 'text');
  return !typing || active.closest('[data-pane=form], [data-pane=json]') !== null;
}

function focusIn(selector: string): void {
  document.querySelector<HTMLElement>(`${selector} :is(input, textarea, select)`)?.focus();
}
