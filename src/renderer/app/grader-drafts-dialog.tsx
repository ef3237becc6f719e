import { useEngine } from '../data/engine.ts';
import { openNewGrader } from '../state/grader-drafts.ts';
import { ideasOf, useDraftsOf, type DraftsOf } from '../state/grader-from-trace.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { ErrorState, Spinner } from '../widgets/states.tsx';
import { visibleString } from '../widgets/visible-text.ts';
import { IdeaList } from './idea-list.tsx';
import styles from './grade-dialog.module.css';

/** Graders that a label or a detector suggests. */
export function GraderDraftsDialog() {
  const { of } = useDraftsOf();
  return of === null ? null : <Open of={of} onClose={() => useDraftsOf.setState({ of: null })} />;
}

function Open({ of: { from, title }, onClose }: { readonly of: DraftsOf; readonly onClose: () => void }) {
  const kinds = useEngine('grader.kinds', undefined);
  const drafts = useEngine('grader.drafts', { from });
  const error = drafts.error ?? kinds.error;
  return (
    <Dialog open onClose={onClose} title={`Grader from ${visibleString(title.slice(0, 80))}`}>
      {error ? (
        <ErrorState error={error} onRetry={drafts.error ? drafts.refetch : kinds.refetch} />
      ) : !drafts.data || !kinds.data ? (
        <Spinner label="Writing drafts" />
      ) : (
        <>
          <p className={styles.dim}>It opens in the editor, and is not saved until you say so.</p>
          <IdeaList
            ideas={ideasOf(drafts.data, kinds.data)}
            onChoose={({ definition }) => {
              onClose();
              openNewGrader(definition);
            }}
          />
        </>
      )}
    </Dialog>
  );
}
