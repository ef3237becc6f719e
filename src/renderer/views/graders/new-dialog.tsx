/** A new grader: which kind, with what each measures. */
import { useMemo, useRef, useState } from 'react';
import type { GraderDefinition, GraderGroup, GraderKindInfo } from '#shared/grader.ts';
import { GRADER_GROUPS } from '#shared/grader.ts';
import { JUDGE_PRESETS } from '#shared/judge-presets.ts';
import { openNewGrader } from '../../state/grader-drafts.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import styles from './graders.module.css';

const GROUPS: Readonly<Record<GraderGroup, string>> = {
  text: 'Texts',
  trajectory: 'What happened',
  code: 'Code',
  judge: 'A model judges',
  combined: 'Combined',
};

/** One thing to begin with: a kind by its example, or a judge that is ready to use. */
type Choice = {
  readonly id: string;
  readonly group: GraderGroup;
  readonly label: string;
  readonly about: string;
  /** Said after the label: what the file names it, or that it is ready. */
  readonly tag: string;
  readonly definition: GraderDefinition;
};

const READY: readonly Choice[] = JUDGE_PRESETS.map(({ id, label, about, definition }) => ({
  id: `ready ${id}`,
  group: 'judge',
  label,
  about,
  tag: 'ready to use',
  definition,
}));

export function NewDialog({
  kinds,
  onClose,
}: {
  readonly kinds: readonly GraderKindInfo[];
  readonly onClose: () => void;
}) {
  const [words, setWords] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const all = kinds.map(({ type, group, label, about, example }): Choice => {
      return { id: type, group, label, about, tag: type, definition: example };
    });
    return [...all, ...READY].filter(({ tag, label, about }) => {
      const text = `${tag} ${label} ${about}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  }, [kinds, words]);

  function choose(choice: Choice | undefined): void {
    if (!choice) return;
    onClose();
    openNewGrader(choice.definition);
  }
  function move(event: React.KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = at + step;
    if (next < 0) field.current?.focus();
    else buttons[Math.min(next, buttons.length - 1)]?.focus();
    event.preventDefault();
  }

  return (
    <Dialog open onClose={onClose} title="New grader" size="large" initialFocus={field}>
      <div className={styles.kinds} onKeyDown={move}>
        <input
          ref={field}
          type="text"
          className={styles.input}
          aria-label="Find a kind"
          placeholder="What should it look at? Such as tool, cost, answer, model…"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') choose(found[0]);
          }}
        />
        <div ref={list}>
          {GRADER_GROUPS.map((group) => {
            const own = found.filter((choice) => choice.group === group);
            if (own.length === 0) return null;
            return (
              <section key={group} aria-label={GROUPS[group]}>
                <h3 className={styles.groupTitle}>{GROUPS[group]}</h3>
                <ul className={styles.kindList}>
                  {own.map((choice) => (
                    <li key={choice.id}>
                      <button type="button" className={styles.kind} onClick={() => choose(choice)}>
                        <span className={styles.kindName}>{choice.label}</span>
                        <code className={styles.hash}>{choice.tag}</code>
                        <span className={styles.kindAbout}>{choice.about}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
          {found.length === 0 && <p className={styles.dim}>No kind speaks of that.</p>}
        </div>
        <p className={styles.dim}>
          <Button
            onClick={() => {
              onClose();
              openNewGrader({ type: kinds[0]?.type ?? 'string_check', name: 'Untitled' });
            }}
          >
            Paste JSON instead
          </Button>{' '}
          Grader JSON of OpenAI works as it is.
        </p>
      </div>
    </Dialog>
  );
}
