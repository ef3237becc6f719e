import { useEngine } from '../data/engine.ts';
import { openNewGrader } from '../state/grader-drafts.ts';
import { ideasOf, useGraderFrom, type GraderIdea, type GraderOrigin } from '../state/grader-from-trace.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../widgets/states.tsx';
import { IdeaList } from './idea-list.tsx';
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
  const drafts = useEngine('grader.drafts', {
    from: spanId === null ? { kind: 'trajectory', traceId } : { kind: 'span', traceId, spanId },
  });
  const error = drafts.error ?? kinds.error;

  function choose(idea: GraderIdea): void {
    onClose();
    const spans = idea.definition.scope !== undefined;
    openNewGrader(idea.definition, { traceId, spanId: spans ? spanId : null });
  }

  return (
    <Dialog open onClose={onClose} title={spanId === null ? 'Grader from this trace' : 'Grader from this span'}>
      {error ? (
        <ErrorState error={error} onRetry={drafts.error ? drafts.refetch : kinds.refetch} />
      ) : !drafts.data || !kinds.data ? (
        <Spinner label="Reading the trace" />
      ) : (
        <>
          <p className={styles.dim}>What should be measured? It opens in the editor, with this trace on the bench.</p>
          <IdeaList ideas={ideasOf(drafts.data, kinds.data)} onChoose={choose} />
        </>
      )}
    </Dialog>
  );
}
