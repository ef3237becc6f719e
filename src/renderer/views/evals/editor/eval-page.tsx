/** One eval: what is being edited of it, else what the engine has. */
import { useEffect } from 'react';
import { useEngine } from '../../../data/engine.ts';
import {
  bareEval,
  beginEvalDraft,
  isEvalChanged,
  NEW_EVAL,
  sameEval,
  setEvalDraft,
  useEvalDrafts,
} from '../../../state/eval-drafts.ts';
import { go } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { EvalEditor } from './eval-editor.tsx';

export function EvalPage({ id, readOnly }: { readonly id: string; readonly readOnly: boolean }) {
  const isNew = id === NEW_EVAL;
  const stored = useEngine('eval.get', { id }, { enabled: !isNew });
  const draft = useEvalDrafts((state) => state.drafts[id]);
  const row = stored.data;

  useEffect(() => {
    if (!row) return;
    const known = useEvalDrafts.getState().drafts[id];
    const now = bareEval(row);
    // What somebody typed stays; what nobody touched follows the engine.
    if (!known) setEvalDraft(id, beginEvalDraft(now, now));
    else if (known.saved === null || !sameEval(known.saved, now))
      setEvalDraft(id, isEvalChanged(known) ? { ...known, saved: now } : beginEvalDraft(now, now));
  }, [id, row]);

  if (stored.error && !row)
    return stored.error.code === 'not_found' ? (
      <NotThere />
    ) : (
      <ErrorState error={stored.error} onRetry={stored.refetch} />
    );
  if (isNew && !draft) return <NotThere />;
  if (!draft) return <Spinner label="Loading the eval" />;
  return <EvalEditor key={id} id={id} draft={draft} archived={row?.archived ?? false} readOnly={readOnly} />;
}

function NotThere() {
  return (
    <EmptyState
      title="This eval is not here"
      actions={
        <Button onClick={() => go({ view: 'evals', tab: 'evals', span: null, of: [], q: '' })}>All evals</Button>
      }
    >
      It belongs to another workspace, or it was begun in a window that is closed and never saved.
    </EmptyState>
  );
}
