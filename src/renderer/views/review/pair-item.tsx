/** Two traces of the same task side by side: which is better, and why. */
import { useMemo, useRef } from 'react';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { ChoiceButton } from './choice-button.tsx';
import { judgementOf, sayPreference } from './judgement.ts';
import { NoteField } from './note-field.tsx';
import type { ItemFrame } from './queue-view.tsx';
import { Reader } from './reader.tsx';
import { useLabels } from './use-labels.ts';
import styles from './review.module.css';

type Choice = 'this' | 'other' | 'tie';

export function PairItem({ state, item, form, setDraft, onLeave, finish }: ItemFrame) {
  const { queue, reviewer } = state;
  const labels = useLabels(item.traceId, reviewer);
  const judgement = useMemo(() => judgementOf(labels.rows, item, reviewer), [labels.rows, item, reviewer]);
  const note = useRef<HTMLTextAreaElement>(null);
  const { preference } = judgement;
  const { say } = labels;

  const choose = useMemo(
    () =>
      (choice: Choice, why?: string): void => {
        // What stands in the field belongs to the choice, also before it was left.
        const words = why ?? note.current?.value ?? preference?.note ?? '';
        const saying = sayPreference(judgement, item, choice, words);
        say(saying.title, saying.state, saying.id);
      },
    [judgement, item, say, preference],
  );
  const commands = useMemo<readonly Command[]>(
    () => [
      { id: 'review.left', title: 'The left one is better', group: 'Review', keys: '1', run: () => choose('this') },
      { id: 'review.right', title: 'The right one is better', group: 'Review', keys: '2', run: () => choose('other') },
      { id: 'review.tie', title: 'Neither is better', group: 'Review', keys: '0', run: () => choose('tie') },
      { id: 'review.note', title: 'Say why', group: 'Review', keys: 'n', run: () => note.current?.focus() },
    ],
    [choose],
  );
  useRegisterCommands(commands);

  const chosen = preference?.preference ?? null;
  return (
    <>
      <div className={styles.columns}>
        <Side label="Left" traceId={item.traceId} better={chosen === 'this'} blind={queue.blind.origin} />
        <Side label="Right" traceId={item.otherTraceId ?? ''} better={chosen === 'other'} blind={queue.blind.origin} />
      </div>
      <section ref={form} className={styles.foot} data-form tabIndex={-1} aria-label="Judgement">
        <div className={styles.group}>
          {queue.instructions.trim() !== '' && (
            <p className={styles.instructions}>{visibleString(queue.instructions)}</p>
          )}
          <div className={styles.buttons} role="group" aria-label="Which is better">
            <ChoiceButton keys="1" pressed={chosen === 'this'} onClick={() => choose('this')}>
              Left is better
            </ChoiceButton>
            <ChoiceButton keys="2" pressed={chosen === 'other'} onClick={() => choose('other')}>
              Right is better
            </ChoiceButton>
            <ChoiceButton keys="0" pressed={chosen === 'tie'} onClick={() => choose('tie')}>
              Tie
            </ChoiceButton>
          </div>
        </div>
        <NoteField
          key={item.id}
          label="Why"
          placeholder="What makes it better"
          saved={preference?.note ?? ''}
          draft={item.draft}
          field={note}
          form={form}
          onType={setDraft}
          onSave={(text) => {
            // Without a choice it waits as a draft.
            if (chosen === null) return;
            if (text.trim() !== (preference?.note ?? '')) choose(chosen, text);
            setDraft('');
          }}
          onLeave={onLeave}
          onFinish={() => finish('done')}
        />
      </section>
    </>
  );
}

type SideProps = {
  readonly label: 'Left' | 'Right';
  readonly traceId: string;
  readonly better: boolean;
  readonly blind: boolean;
};

function Side({ label, traceId, better, blind }: SideProps) {
  const trace = useEngine('trace.get', { traceId });
  const name = blind ? '' : visibleString((trace.data?.name ?? '').slice(0, 200));
  return (
    <section className={styles.pane} aria-label={`${label} trace`}>
      <div className={styles.paneHead}>
        <span>
          {label}
          {name === '' ? '' : ` · ${name}`}
          {better ? ' · better' : ''}
        </span>
      </div>
      <Reader
        traceId={traceId}
        spanId={null}
        selected={null}
        decisive={null}
        label={`Messages, ${label.toLowerCase()}`}
      />
    </section>
  );
}
