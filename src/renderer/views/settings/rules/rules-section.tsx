/** Settings, Rules: what a person knows about spans and no convention says, and the rebuild that applies it. */
import { useMemo, useRef, useState } from 'react';
import { ListChecks, Plus, RefreshCw, Undo2 } from 'lucide-react';
import type { RulesState } from '#shared/rpc/contract.ts';
import type { Rule } from '#shared/rules.ts';
import { useRegisterCommands, type Command } from '../../../commands/registry.ts';
import { engine, useEngine } from '../../../data/engine.ts';
import { useJobs } from '../../../state/jobs.ts';
import { rebuildAll } from '../../../state/rebuild.ts';
import { emptyRule, useRuleDraft } from '../../../state/rule-draft.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { PreviewTable } from './preview-table.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleRow } from './rule-row.tsx';
import { moveRule, putRule, saveRules, undoRules, usePreview, useRuleHistory } from './use-rules.ts';
import { summaryOf } from './wording.ts';
import styles from './rules.module.css';

export function RulesSection({ readOnly }: { readonly readOnly: boolean }) {
  const { data } = useEngine('rules.get', undefined);
  return data ? <Rules state={data} readOnly={readOnly} /> : null;
}

function Rules({ state, readOnly }: { readonly state: RulesState; readonly readOnly: boolean }) {
  const draft = useRuleDraft((store) => store.draft);
  const canUndo = useRuleHistory(({ past }) => past.length > 0);
  const list = useRef<HTMLOListElement>(null);
  const section = useRef<HTMLElement>(null);
  const { rules } = state;
  const job = useJobs(({ jobs }) => jobs.find((each) => each.label.startsWith('Rebuild')) ?? null);
  const busy = job !== null || state.jobId !== null;
  const fixed = readOnly || busy;
  const edit = (rule: Rule | null): void => useRuleDraft.setState({ draft: rule });

  const commands = useMemo<readonly Command[]>(
    () => [
      { id: 'rules.new', title: 'New rule…', group: 'Rules', when: () => !readOnly, run: () => edit(emptyRule()) },
      {
        id: 'rules.undo',
        title: 'Undo the change of rules',
        group: 'Rules',
        keys: 'mod+z',
        when: () => useRuleHistory.getState().past.length > 0 && !isWriting(),
        run: () => void undoRules(),
      },
    ],
    [readOnly],
  );
  useRegisterCommands(commands);

  function save(next: readonly Rule[]): void {
    void saveRules(state, next);
  }

  function move(index: number, by: -1 | 1): void {
    if (index + by < 0 || index + by >= rules.length) return;
    save(moveRule(rules, index, by));
    // The focus goes with the rule.
    requestAnimationFrame(() => {
      list.current?.querySelectorAll<HTMLElement>('[data-rule]')[index + by]?.focus();
    });
  }

  return (
    <section ref={section} className={styles.section} aria-label="Rules">
      <div className={styles.head}>
        <h2>Rules</h2>
        <span className={styles.buttons}>
          {canUndo && (
            <Button
              variant="ghost"
              icon={<Undo2 size={14} aria-hidden />}
              disabled={fixed}
              onClick={() => void undoRules()}
            >
              Undo
            </Button>
          )}
          <Button icon={<Plus size={14} aria-hidden />} disabled={fixed} onClick={() => edit(emptyRule())}>
            New rule…
          </Button>
        </span>
      </div>
      <p className={styles.explain}>
        Say what spans are when no convention does: their kind, agent, tool, session, or the edge between two agents.
        Rules win over every convention; of several, the first that says something counts.
      </p>
      {rules.length === 0 ? (
        <div className={styles.empty}>
          <ListChecks size={20} aria-hidden />
          <p>No rules. Spans are read by the conventions of what sent them.</p>
          <p className={styles.dim}>To begin with a span, open it and choose “Make a rule”.</p>
        </div>
      ) : (
        <ol ref={list} className={styles.list}>
          {rules.map((rule, index) => (
            <RuleRow
              key={rule.id}
              rule={rule}
              index={index}
              count={rules.length}
              fixed={fixed}
              onEdit={() => edit(rule)}
              onMove={(by) => move(index, by)}
              onToggle={() => save(putRule(rules, { ...rule, enabled: !rule.enabled }))}
              onRemove={() => save(rules.filter(({ id }) => id !== rule.id))}
            />
          ))}
        </ol>
      )}
      <Apply state={state} busy={busy} readOnly={readOnly} />
      {draft && !readOnly && (
        <RuleDialog
          key={draft.id}
          initial={draft}
          rules={rules}
          onClose={() => edit(null)}
          onSave={(rule) => {
            edit(null);
            save(putRule(rules, rule));
            section.current?.scrollIntoView({ block: 'nearest' });
          }}
        />
      )}
    </section>
  );
}

/** Then undoing is of the text. */
function isWriting(): boolean {
  return document.querySelector('[role=dialog]') !== null || document.activeElement instanceof HTMLInputElement;
}

type ApplyProps = { readonly state: RulesState; readonly busy: boolean; readonly readOnly: boolean };

/** What the rules mean for the traces that are here, and the way to apply them. */
function Apply({ state, busy, readOnly }: ApplyProps) {
  const [open, setOpen] = useState(false);
  const job = useJobs(({ jobs }) => jobs.find((each) => each.label.startsWith('Rebuild')) ?? null);
  const preview = usePreview(state.applied || busy ? null : state.rules);
  if (busy) {
    const share = job && job.total > 0 ? Math.min(1, job.done / job.total) : 0;
    return (
      <div className={styles.apply} role="status">
        <RefreshCw size={14} aria-hidden />
        <span>Rebuilding from the received bytes…</span>
        <progress className={styles.progress} value={share} max={1} aria-label="Rebuild" />
        <span>{Math.floor(share * 100)} %</span>
        <Button
          onClick={() => {
            if (job?.cancel) job.cancel();
            else void engine.call('rebuild.cancel', undefined);
          }}
        >
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <>
      {state.olderBodies > 0 && (
        <p className={styles.note}>
          {state.olderBodies === 1 ? '1 received body was' : `${formatCount(state.olderBodies)} received bodies were`}{' '}
          read by an older version of Tracewright. A rebuild reads them as this version does.
        </p>
      )}
      {!state.applied && (
        <div className={styles.pending} data-testid="rules-pending">
          <p>
            {state.rules.length === 0
              ? 'What is here may still be as earlier rules left it. '
              : 'The rules hold for what arrives from now on. '}
            {preview.error
              ? preview.error.message
              : preview.data
                ? summaryOf(preview.data)
                : 'Looking at what is here…'}
          </p>
          <div className={styles.buttons}>
            <Button variant="primary" disabled={readOnly} onClick={() => void rebuildAll()}>
              Apply and rebuild
            </Button>
            {preview.data && preview.data.changes.length > 0 && (
              <Button aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? 'Hide what changes' : 'Show what changes'}
              </Button>
            )}
          </div>
          {open && preview.data && <PreviewTable preview={preview.data} />}
        </div>
      )}
      {state.applied && (
        <div className={styles.buttons}>
          <Button
            variant="ghost"
            icon={<RefreshCw size={14} aria-hidden />}
            disabled={readOnly}
            onClick={() => void rebuildAll()}
          >
            Rebuild all traces from the received bytes
          </Button>
        </div>
      )}
    </>
  );
}
