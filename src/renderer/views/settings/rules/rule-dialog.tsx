/** One rule as a form, with what it would change while it is being written. */
import { useId, useRef, useState } from 'react';
import { Plus, X } from 'lucide-react';
import { SPAN_KINDS } from '#shared/record.ts';
import { problemOf } from '#shared/parse-rules.ts';
import type { AttributeMatch, Rule, RuleMatch, RuleSet } from '#shared/rules.ts';
import { KIND_LABELS } from '../../../theme/kind-icon.tsx';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { PreviewTable } from './preview-table.tsx';
import { putRule, usePreview } from './use-rules.ts';
import { counted, summaryOf } from './wording.ts';
import styles from './rules.module.css';

type Props = {
  /** As it was when the dialog was opened. */
  readonly initial: Rule;
  readonly rules: readonly Rule[];
  readonly onSave: (rule: Rule) => void;
  readonly onClose: () => void;
};

export function RuleDialog({ initial, rules, onSave, onClose }: Props) {
  const [rule, setRule] = useState(initial);
  const first = useRef<HTMLInputElement>(null);
  const form = useId();
  const tidied = tidy(rule);
  const problem = problemOf(tidied);
  const isNew = !rules.some(({ id }) => id === initial.id);
  const matching = problemOf({ ...tidied, set: { kind: 'custom' } }) === null;
  // While it sets nothing yet, how many it matches is still worth knowing.
  const asked: Rule = problem === null ? tidied : { ...tidied, set: { kind: 'custom' } };
  const preview = usePreview(matching ? putRule(rules, { ...asked, enabled: true }) : null);
  const count = preview.data?.matched[rule.id];

  function match(change: Partial<RuleMatch>): void {
    setRule((before) => ({ ...before, match: { ...before.match, ...change } }));
  }
  function set(change: { readonly [K in keyof RuleSet]?: RuleSet[K] | undefined }): void {
    setRule((before) => ({ ...before, set: { ...before.set, ...change } }));
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={isNew ? 'New rule' : 'Edit rule'}
      size="large"
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={problem !== null}>
            Save rule
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === null) onSave(tidied);
        }}
      >
        <Field label="Label" value={rule.label} onChange={(label) => setRule({ ...rule, label })} hint="For you" />
        <fieldset className={styles.group}>
          <legend>For spans whose</legend>
          <Field
            ref={first}
            label="Name"
            value={rule.match.name ?? ''}
            onChange={(name) => match({ name })}
            hint="call_* · * stands for anything"
            mono
          />
          <Field
            label="Scope"
            value={rule.match.scope ?? ''}
            onChange={(scope) => match({ scope })}
            hint="my.library*"
            mono
          />
          <Field
            label="Dialect"
            value={rule.match.dialect ?? ''}
            onChange={(dialect) => match({ dialect })}
            hint="generic"
            mono
          />
          <Attributes values={rule.match.attributes ?? []} onChange={(attributes) => match({ attributes })} />
        </fieldset>
        <fieldset className={styles.group}>
          <legend>Set</legend>
          <label className={styles.field}>
            <span>Kind</span>
            <select
              value={rule.set.kind ?? ''}
              onChange={(event) => set({ kind: SPAN_KINDS.find((kind) => kind === event.target.value) })}
            >
              <option value="">as it is</option>
              {SPAN_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {KIND_LABELS[kind]}
                </option>
              ))}
            </select>
          </label>
          <Field
            label="Agent"
            value={rule.set.agent ?? ''}
            onChange={(agent) => set({ agent })}
            hint="a name, or {attribute}"
          />
          <Field label="Tool" value={rule.set.tool ?? ''} onChange={(tool) => set({ tool })} hint="a name" />
          <Field
            label="Session"
            value={rule.set.session ?? ''}
            onChange={(session) => set({ session })}
            hint="of the trace: {chat.id}"
          />
          <Field
            label="Edge from"
            value={rule.set.handoff?.from ?? ''}
            onChange={(from) => set({ handoff: { ...rule.set.handoff, from } })}
            hint="the agent that hands off"
          />
          <Field
            label="Edge to"
            value={rule.set.handoff?.to ?? ''}
            onChange={(to) => set({ handoff: { ...rule.set.handoff, to } })}
            hint="the agent that takes over"
          />
        </fieldset>
        <div className={styles.effect} aria-live="polite" data-testid="rule-effect">
          {preview.error ? (
            <p className={styles.problem}>{preview.error.message}</p>
          ) : count !== undefined && matching ? (
            <p>
              Matches <strong>{counted(count, 'span')}</strong>.{' '}
              {problem === null && preview.data !== null && summaryOf(preview.data)}
              {preview.loading && ' …'}
            </p>
          ) : (
            matching && <p className={styles.dim}>Looking…</p>
          )}
          {problem !== null && <p className={styles.dim}>This rule {problem.replace(/^it /, '')}</p>}
        </div>
        {problem === null && preview.data && <PreviewTable preview={preview.data} onLeave={onClose} />}
      </form>
    </Dialog>
  );
}

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint: string;
  readonly mono?: boolean;
  readonly ref?: React.RefObject<HTMLInputElement | null>;
};

function Field({ label, value, onChange, hint, mono = false, ref }: FieldProps) {
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <input
        ref={ref}
        type="text"
        value={value}
        placeholder={hint}
        maxLength={1_000}
        spellCheck={false}
        className={mono ? styles.mono : ''}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

function Attributes(props: {
  readonly values: readonly AttributeMatch[];
  readonly onChange: (values: readonly AttributeMatch[]) => void;
}) {
  const { values, onChange } = props;
  function change(at: number, change: AttributeMatch): void {
    onChange(values.map((each, index) => (index === at ? change : each)));
  }
  return (
    <div className={styles.attributes}>
      <span>Attributes</span>
      <div className={styles.attributeList}>
        {values.map(({ key, value }, index) => (
          <div key={index} className={styles.attribute}>
            <input
              type="text"
              aria-label={`Attribute ${index + 1}`}
              placeholder="app.role"
              value={key}
              spellCheck={false}
              className={styles.mono}
              onChange={(event) =>
                change(index, { key: event.target.value, ...(value === undefined ? {} : { value }) })
              }
            />
            <input
              type="text"
              aria-label={`Value of attribute ${index + 1}`}
              placeholder="any value"
              value={value ?? ''}
              spellCheck={false}
              className={styles.mono}
              onChange={(event) => change(index, { key, value: event.target.value })}
            />
            <IconButton
              label="Remove this attribute"
              icon={<X size={13} aria-hidden />}
              onClick={() => onChange(values.filter((_, at) => at !== index))}
            />
          </div>
        ))}
        <Button
          variant="ghost"
          icon={<Plus size={13} aria-hidden />}
          disabled={values.length >= 20}
          onClick={() => onChange([...values, { key: '' }])}
        >
          Attribute
        </Button>
      </div>
    </div>
  );
}

/** Without what was left empty. */
function tidy(rule: Rule): Rule {
  const { match, set } = rule;
  const attributes = (match.attributes ?? [])
    .filter(({ key }) => key.trim() !== '')
    .map(({ key, value }): AttributeMatch => ({ key: key.trim(), ...(value ? { value } : {}) }));
  const handoff = {
    ...(set.handoff?.from ? { from: set.handoff.from } : {}),
    ...(set.handoff?.to ? { to: set.handoff.to } : {}),
  };
  return {
    ...rule,
    label: rule.label.trim(),
    match: {
      ...(match.name ? { name: match.name } : {}),
      ...(match.scope ? { scope: match.scope } : {}),
      ...(match.dialect ? { dialect: match.dialect } : {}),
      ...(attributes.length > 0 ? { attributes } : {}),
    },
    set: {
      ...(set.kind ? { kind: set.kind } : {}),
      ...(set.agent ? { agent: set.agent } : {}),
      ...(set.tool ? { tool: set.tool } : {}),
      ...(set.session ? { session: set.session } : {}),
      ...(Object.keys(handoff).length > 0 ? { handoff } : {}),
    },
  };
}
