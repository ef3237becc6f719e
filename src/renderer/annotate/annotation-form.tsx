/**
 * The form for one act of annotating. It knows no view: it is told what is annotated, and saves. Keyboard first: letters
 * choose the kind, numbers what stands in it, Enter saves, Esc leaves; in a text field Esc goes back to the keys.
 */
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import { saveAnnotations } from '../state/annotation-undo.ts';
import { Button } from '../widgets/button.tsx';
import { Kbd } from '../widgets/kbd.tsx';
import { AgentSelect, BlameField } from './blame-field.tsx';
import { CategoryField } from './category-field.tsx';
import { CorrectionField } from './correction-field.tsx';
import { actByKey, isField, mayEnterSave } from './form-keys.ts';
import { KeyButton } from './key-button.tsx';
import { emptyValue, SEVERITIES, statesOf, valueOf, type FormKind, type FormValue } from './form-value.ts';
import { ScoreField } from './score-field.tsx';
import { useFormHabits, useVocabularies } from './vocabularies.ts';
import { KIND_NAMES } from './words.ts';
import styles from './annotation-form.module.css';

export type PlaceChoice = { readonly id: string; readonly label: string; readonly place: AnnotationPlace };

/** The span that is selected in the view around the form: evidence, decisive span, blamed agent. */
export type NearSpan = { readonly id: string; readonly name: string; readonly agent: string };

export type AnnotationFormProps = {
  readonly traceId: string;
  /** What can be annotated from here, the most likely first. At least one. */
  readonly places: readonly PlaceChoice[];
  readonly editing: AnnotationRow | null;
  readonly kind: FormKind | null;
  readonly agents: readonly string[];
  readonly near: NearSpan | null;
  /** In words, for what is named by its id. */
  readonly spanName: (id: string) => string | null;
  /** The text that a correction corrects, by place; null = there is none. Absent = corrections are not offered. */
  readonly original?: (place: AnnotationPlace) => Promise<string | null>;
  readonly onSaved: (rows: readonly AnnotationRow[]) => void;
  readonly onLeave: () => void;
};

const KINDS: readonly { readonly kind: FormKind; readonly key: string }[] = [
  { kind: 'category', key: 'c' },
  { kind: 'verdict', key: 'p' },
  { kind: 'score', key: 'g' },
  { kind: 'note', key: 'n' },
  { kind: 'correction', key: 'x' },
  { kind: 'blame', key: 'b' },
];

export function AnnotationForm(props: AnnotationFormProps) {
  const { traceId, places, editing, near, onLeave, onSaved } = props;
  const habits = useFormHabits();
  const { taxonomies, schemas, loading } = useVocabularies();
  const [value, setValue] = useState<FormValue>(() => firstValue(props, habits.kind));
  const [wrong, setWrong] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const form = useRef<HTMLElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const heading = useId();
  const taxonomy = taxonomies.find(({ id }) => id === (value.taxonomy ?? habits.taxonomy)) ?? taxonomies[0] ?? null;
  const schema = schemas.find(({ id }) => id === (value.schema ?? habits.schema)) ?? schemas[0] ?? null;
  const kinds = KINDS.filter(({ kind }) => kind !== 'correction' || props.original !== undefined);
  const placeAt = Math.max(
    0,
    places.findIndex(({ place }) => samePlace(place, value.place)),
  );

  useEffect(() => {
    if (value.kind === 'note') note.current?.focus();
    else form.current?.focus();
    // Only when it opens, or its kind changes.
  }, [value.kind]);

  function change(next: Partial<FormValue>): void {
    setValue((before) => ({ ...before, ...next }));
    setWrong(null);
  }

  function chooseKind(kind: FormKind): void {
    // Already there: then the text is meant.
    if (kind === 'note' && value.kind === 'note') note.current?.focus();
    change({ kind });
    if (!editing) useFormHabits.setState({ kind });
  }

  async function save(): Promise<void> {
    if (saving) return;
    const whole = { ...value, taxonomy: taxonomy?.id ?? value.taxonomy, schema: schema?.id ?? value.schema };
    const states = statesOf(whole, schema, editing);
    if (!states.ok) {
      setWrong(states.error);
      form.current?.focus();
      return;
    }
    setSaving(true);
    // What is edited stays one; further labels are annotations of their own.
    const requests = states.value.map((state, at) => ({
      traceId,
      state,
      ...(at === 0 && editing ? { row: editing } : {}),
    }));
    const result = await saveAnnotations(saidOf(value.kind, requests.length, editing !== null), requests);
    setSaving(false);
    if (!result.ok) {
      setWrong([result.error.message, result.error.hint].filter(Boolean).join(' '));
      return;
    }
    useFormHabits.setState({ taxonomy: whole.taxonomy, schema: whole.schema });
    onSaved(result.value);
  }

  function press(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      if (isField(event.target)) form.current?.focus();
      else onLeave();
    } else if (event.key === 'Enter' && mayEnterSave(event)) void save();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (isField(event.target)) {
      event.stopPropagation();
      return;
    } else if (!actByKey(form.current, event.key.toLowerCase())) {
      // Letters that mean nothing here must not act on the view behind.
      if (event.key.length === 1 && event.key !== ' ') event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const shared = { value, change } as const;
  const evidence = value.evidenceSpanId;
  return (
    <section ref={form} className={styles.form} tabIndex={-1} aria-labelledby={heading} onKeyDown={press}>
      <h3 id={heading} className="visually-hidden">
        {editing ? 'Edit the annotation' : 'New annotation'}
      </h3>
      {places.length > 1 ? (
        <label className={styles.line}>
          <span className={styles.caption}>
            About <Kbd keys="t" />
          </span>
          <select
            className={styles.select}
            data-key="t"
            value={places[placeAt]?.id}
            onChange={(event) => {
              const chosen = places.find(({ id }) => id === event.target.value);
              if (chosen) change({ place: chosen.place, original: null, correction: null });
            }}
          >
            {places.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <p className={styles.about}>About {places[0]?.label}</p>
      )}
      {value.place.kind === 'absence' && (
        <label className={styles.line}>
          <span className={styles.caption}>Who should have acted</span>
          <AgentSelect
            agents={props.agents}
            value={value.place.agent}
            none="nobody in particular"
            onChange={(agent) => {
              if (value.place.kind === 'absence') change({ place: { ...value.place, agent } });
            }}
          />
        </label>
      )}
      <div className={styles.kinds} role="group" aria-label="Kind of annotation">
        {kinds.map(({ kind, key }) => (
          <KeyButton key={kind} keys={key} pressed={value.kind === kind} onClick={() => chooseKind(kind)}>
            {KIND_NAMES[kind]}
          </KeyButton>
        ))}
      </div>
      {value.kind === 'category' && (
        <CategoryField {...shared} taxonomies={taxonomies} taxonomy={taxonomy} loading={loading} />
      )}
      {value.kind === 'verdict' && <Verdict {...shared} />}
      {value.kind === 'score' && <ScoreField {...shared} schemas={schemas} schema={schema} loading={loading} />}
      {value.kind === 'blame' && <BlameField {...shared} agents={props.agents} near={near} spanName={props.spanName} />}
      {value.kind === 'correction' && props.original && <CorrectionField {...shared} load={props.original} />}
      <label className={styles.field}>
        <span className={styles.caption}>
          {value.kind === 'note' ? 'Note' : 'Why'} <Kbd keys="w" />
        </span>
        <textarea
          ref={note}
          className={styles.text}
          data-key="w"
          rows={value.kind === 'note' ? 4 : 2}
          value={value.note}
          placeholder="Enter saves, Shift+Enter begins a line"
          onChange={(event) => change({ note: event.target.value })}
        />
      </label>
      {value.kind === 'note' && (
        <label className={styles.line}>
          <span className={styles.caption}>Tags</span>
          <input
            className={styles.input}
            type="text"
            value={value.tags}
            placeholder="between commas"
            onChange={(event) => change({ tags: event.target.value })}
          />
        </label>
      )}
      <div className={styles.extras}>
        {(value.kind === 'category' || value.kind === 'note' || value.kind === 'blame') && (
          <KeyButton
            keys="s"
            pressed={value.severity !== null}
            onClick={() => change({ severity: after(value.severity) })}
          >
            Severity: {value.severity ?? 'none'}
          </KeyButton>
        )}
        <KeyButton keys="r" pressed={value.isRootCause} onClick={() => change({ isRootCause: !value.isRootCause })}>
          Root cause
        </KeyButton>
        {near && (evidence !== null || !isAt(value.place, near.id)) && (
          <KeyButton
            keys="e"
            pressed={evidence !== null}
            onClick={() => change({ evidenceSpanId: evidence === near.id ? null : near.id })}
          >
            {evidence === null
              ? 'Selected span as evidence'
              : `Evidence: ${props.spanName(evidence)?.slice(0, 60) ?? 'a span'}`}
          </KeyButton>
        )}
      </div>
      <footer className={styles.foot}>
        {wrong !== null && (
          <p className={styles.wrong} role="alert">
            {wrong}
          </p>
        )}
        <Button data-press onClick={onLeave}>
          Leave <Kbd keys="escape" />
        </Button>
        <Button variant="primary" disabled={saving} onClick={() => void save()}>
          {editing ? 'Save the edit' : 'Save'} <Kbd keys={value.kind === 'correction' ? 'mod+enter' : 'enter'} />
        </Button>
      </footer>
    </section>
  );
}

type VerdictProps = {
  readonly value: FormValue;
  readonly change: (next: Partial<FormValue>) => void;
};

function Verdict({ value, change }: VerdictProps) {
  return (
    <div className={styles.kinds} role="group" aria-label="Verdict">
      <KeyButton keys="1" pressed={value.passed === true} onClick={() => change({ passed: true })}>
        Pass
      </KeyButton>
      <KeyButton keys="2" pressed={value.passed === false} onClick={() => change({ passed: false })}>
        Fail
      </KeyButton>
    </div>
  );
}

function firstValue({ editing, kind, places, original }: AnnotationFormProps, habit: FormKind): FormValue {
  if (editing) return valueOf(editing);
  const place = places[0]?.place ?? { kind: 'trace' };
  const wanted = kind ?? habit;
  return emptyValue(wanted === 'correction' && !original ? 'category' : wanted, place);
}

function after(severity: string | null): string | null {
  if (severity === null) return SEVERITIES[0];
  const at = SEVERITIES.findIndex((each) => each === severity);
  return SEVERITIES[at + 1] ?? null;
}

function saidOf(kind: FormValue['kind'], count: number, edited: boolean): string {
  if (edited) return 'Annotation changed';
  return count > 1 ? `${count} labels added` : `${KIND_NAMES[kind]} added`;
}

function isAt(place: AnnotationPlace, spanId: string): boolean {
  return 'spanId' in place && place.spanId === spanId;
}

function samePlace(a: AnnotationPlace, b: AnnotationPlace): boolean {
  if (a.kind === 'absence' && b.kind === 'absence') return a.afterSpanId === b.afterSpanId;
  return JSON.stringify(a) === JSON.stringify(b);
}
