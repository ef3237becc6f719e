/** One judge endpoint as a form. */
import { useId, useRef, useState, type ReactNode } from 'react';
import type { EndpointDraft, JudgeEndpoint } from '#shared/endpoint.ts';
import { ENDPOINT_PRESETS, parseEndpoint } from '#shared/endpoint.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { forgetKey } from './use-endpoints.ts';
import { KEY_WORDS } from './wording.ts';
import styles from './endpoints.module.css';

type Props = {
  readonly initial: EndpointDraft;
  /** Null for a new one. */
  readonly endpoint: JudgeEndpoint | null;
  /** As its last test listed them. */
  readonly models: readonly string[];
  /** `key`: null leaves the one that there is. */
  readonly onSave: (draft: EndpointDraft, key: string | null) => Promise<void>;
  readonly onClose: () => void;
};

export function EndpointDialog({ initial, endpoint, models, onSave, onClose }: Props) {
  const [draft, setDraft] = useState(initial);
  const [key, setKey] = useState('');
  const [saving, setSaving] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const form = useId();
  const modelList = useId();
  const parsed = parseEndpoint(draft);
  const kept = endpoint?.keyPlace === 'keychain' || endpoint?.keyPlace === 'session' ? endpoint.keyPlace : null;

  function set(change: Partial<EndpointDraft>): void {
    setDraft((before) => ({ ...before, ...change }));
  }

  async function save(): Promise<void> {
    if (!parsed.ok || saving) return;
    setSaving(true);
    await onSave(parsed.value, key.trim() === '' ? null : key.trim());
    setSaving(false);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={endpoint ? 'Edit judge endpoint' : 'New judge endpoint'}
      size="large"
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={!parsed.ok || saving}>
            Save endpoint
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {!endpoint && (
          <div className={styles.presets} role="group" aria-label="Begin with">
            {ENDPOINT_PRESETS.map((preset) => (
              <Button
                key={preset.id}
                aria-pressed={draft.label === preset.draft.label}
                className={draft.label === preset.draft.label ? styles.chosen : ''}
                onClick={() => setDraft({ ...preset.draft, isDefault: draft.isDefault })}
              >
                {preset.draft.label}
              </Button>
            ))}
          </div>
        )}
        <div className={styles.grid}>
          <Field label="Name">
            <input
              ref={first}
              type="text"
              value={draft.label}
              maxLength={100}
              onChange={(event) => set({ label: event.target.value })}
            />
          </Field>
          <Field label="Style">
            <select
              value={draft.style}
              onChange={(event) =>
                set(
                  event.target.value === 'azure'
                    ? { style: 'azure', apiVersion: draft.apiVersion ?? '' }
                    : { style: 'openai', apiVersion: null },
                )
              }
            >
              <option value="openai">OpenAI-compatible</option>
              <option value="azure">Azure OpenAI</option>
            </select>
          </Field>
          <Field label="Address" wide>
            <input
              type="text"
              className={styles.mono}
              value={draft.baseUrl}
              placeholder="http://127.0.0.1:11434/v1"
              maxLength={300}
              spellCheck={false}
              onChange={(event) => set({ baseUrl: event.target.value })}
            />
          </Field>
          {draft.style === 'azure' && (
            <Field label="API version">
              <input
                type="text"
                className={styles.mono}
                value={draft.apiVersion ?? ''}
                placeholder="2024-10-21"
                maxLength={50}
                onChange={(event) => set({ apiVersion: event.target.value })}
              />
            </Field>
          )}
          <Field label="Model">
            <input
              type="text"
              className={styles.mono}
              value={draft.model}
              list={modelList}
              placeholder="as the server names it"
              maxLength={200}
              spellCheck={false}
              onChange={(event) => set({ model: event.target.value })}
            />
          </Field>
          <Field label="Embeddings">
            <input
              type="text"
              className={styles.mono}
              value={draft.embeddingModel ?? ''}
              list={modelList}
              placeholder="model, for cosine"
              maxLength={200}
              spellCheck={false}
              onChange={(event) => set({ embeddingModel: event.target.value })}
            />
          </Field>
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={draft.alwaysOwnModel}
              onChange={(event) => set({ alwaysOwnModel: event.target.checked })}
            />
            <span>Always ask this model, also where a grader names another</span>
          </label>
          <Field label="At once">
            <input
              type="number"
              min={1}
              max={32}
              value={draft.concurrency}
              onChange={(event) => set({ concurrency: event.target.valueAsNumber })}
            />
          </Field>
          <Field label="Time limit">
            <input
              type="number"
              min={1}
              max={300}
              value={draft.timeoutMs / 1_000}
              onChange={(event) => set({ timeoutMs: event.target.valueAsNumber * 1_000 })}
            />
            <span className={styles.unit}>seconds</span>
          </Field>
          <Field label="Key">
            <input
              type="password"
              autoComplete="off"
              value={key}
              maxLength={10_000}
              placeholder={kept === null ? 'none' : `there is one: ${KEY_WORDS[kept]}`}
              onChange={(event) => setKey(event.target.value)}
            />
            {endpoint && kept !== null && (
              <Button variant="ghost" onClick={() => void forgetKey(endpoint)}>
                Forget
              </Button>
            )}
          </Field>
          <Field label="Or from">
            <input
              type="text"
              className={styles.mono}
              value={draft.apiKeyEnv ?? ''}
              placeholder="OPENAI_API_KEY"
              maxLength={100}
              spellCheck={false}
              onChange={(event) => set({ apiKeyEnv: event.target.value })}
            />
          </Field>
        </div>
        <p className={styles.dim}>
          A key lies in the system keychain and not in the workspace. “Or from” names an environment variable instead,
          which the command line reads too.
        </p>
        <p className={styles.problem} aria-live="polite">
          {parsed.ok ? '' : parsed.error}
        </p>
        <datalist id={modelList}>
          {models.map((model) => (
            <option key={model} value={model} />
          ))}
        </datalist>
      </form>
    </Dialog>
  );
}

function Field(props: { readonly label: string; readonly wide?: boolean; readonly children: ReactNode }) {
  return (
    <label className={`${styles.field} ${props.wide ? styles.wide : ''}`}>
      <span>{props.label}</span>
      <span className={styles.control}>{props.children}</span>
    </label>
  );
}
