import { useRef } from 'react';
import { useEngine } from '../data/engine.ts';
import { openNewGrader } from '../state/grader-drafts.ts';
import { ideasFrom, useGraderFrom, type GraderIdea, type GraderOrigin } from '../state/grader-from-trace.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../widgets/states.tsx';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './grade-dialog.module.css';

/** What a grader could take from a trace or a span; the one that is chosen opens in the editor. */
export function GraderFromDialog() {
  const { from } = useGraderFrom();
  const close = () => useGraderFrom.setState({ from: null });
  return from === null ? null : <Open from={from} onClose={close} />;
}

function Open({ from, onClose }: { readonly from: GraderOrigin; readonly onClose: () => void }) {
  const { traceId, spanId } = from;
  const kinds = useEngine('grader.kinds', undefined);
  const subject = useEngine('grade.subject', { traceId, ...(spanId === null ? {} : { spanId }) });
  const list = useRef<HTMLUListElement>(null);
  const ideas = subject.data && kinds.data ? ideasFrom(subject.data, kinds.data) : null;

  function choose(idea: GraderIdea): void {
    onClose();
    const spans = idea.definition.scope !== undefined;
    openNewGrader(idea.definition, { traceId, spanId: spans ? spanId : null });
  }
  function move(event: React.KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
    event.preventDefault();
  }

  return (
    <Dialog open onClose={onClose} title={spanId === null ? 'Grader from this trace' : 'Grader from this span'}>
      {subject.error ? (
        <ErrorState error={subject.error} onRetry={subject.refetch} />
      ) : ideas === null ? (
        <Spinner label="Reading the trace" />
      ) : (
        <>
          <p className={styles.dim}>What should be measured? It opens in the editor, with this trace on the bench.</p>
          <ul ref={list} className={styles.ideas} onKeyDown={move}>
            {ideas.map((idea, index) => (
              <li key={idea.title}>
                <button type="button" className={styles.idea} autoFocus={index === 0} onClick={() => choose(idea)}>
                  <strong>{visibleString(idea.title)}</strong>
                  <span className={styles.dim}>{visibleString(idea.about)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
