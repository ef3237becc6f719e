/** Form and JSON of the same text side by side, and the bench under both. */
import { useCallback, useMemo, useState } from 'react';
import type { GraderKindInfo, GraderVersion } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { readJsonText } from '#shared/json-text.ts';
import { useEngine } from '../../data/engine.ts';
import {
  edited,
  isChanged,
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
import { Splitter } from '../../widgets/splitter.tsx';
import { BenchPane } from './bench/bench-pane.tsx';
import { JsonState, UnknownKind } from './definition-state.tsx';
import { useEditorCommands, type EditorDialog } from './editor-commands.ts';
import { EditorHead } from './editor-head.tsx';
import { FlipsDialog } from './flips/flips-dialog.tsx';
import { CodeField } from './form/code-field.tsx';
import { FormProvider, type FormContextValue, type Path } from './form/form-context.ts';
import { SchemaForm } from './form/schema-form.tsx';
import { printArranged } from './model/arrange.ts';
import { marksOf } from './model/line-marks.ts';
import { runsOf } from './model/runs.ts';
import { SaveDialog } from './save-dialog.tsx';
import { useSettled } from '../../widgets/use-settled.ts';
import { VersionsDialog } from './versions-dialog.tsx';
import styles from './graders.module.css';

type EditorProps = {
  readonly id: string;
  readonly draft: GraderDraft;
  readonly kinds: readonly GraderKindInfo[];
  /** The newest first; none = never saved. */
  readonly versions: readonly GraderVersion[];
  readonly archived: boolean;
  readonly readOnly: boolean;
};

function valueOf(text: string | null): Json | null {
  const read = text === null ? null : readJsonText(text);
  return read?.ok === true ? read.value : null;
}

export function Editor({ id, draft, kinds, versions, archived, readOnly }: EditorProps) {
  const { q } = currentPlace();
  const reading = useMemo(() => readDraft(draft), [draft]);
  const { text, json, shown, broken } = reading;
  const kind = kinds.find(({ type }) => type === shown.type) ?? null;
  const settled = useSettled(broken ? null : text, 120);
  const asked = useMemo(() => valueOf(settled), [settled]);
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
  const [dialog, setDialog] = useState<EditorDialog | null>(null);
  const [run, setRun] = useState(0);
  const runAgain = useCallback(() => setRun((count) => count + 1), []);
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

  useEditorCommands(id, {
    maySave,
    good,
    saved: current !== null,
    onDialog: setDialog,
    onRun: runAgain,
  });

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
                        <JsonState broken={lineless} problems={problems} remarks={json.ok ? json.remarks : []} />
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
