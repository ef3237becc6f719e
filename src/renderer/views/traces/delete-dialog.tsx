import { useRef, useState } from 'react';
import { attempt } from '#shared/rpc/client.ts';
import { engine, useEngine } from '../../data/engine.ts';
import { exportAnnotations, labelCount } from '../../state/exports.ts';
import { notify, notifyError } from '../../state/notices.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { formatCount } from '../../widgets/format.ts';
import { clearSelection } from './grid-selection.ts';
import { traceList } from './use-trace-list.ts';

type Props = {
  /** Ids to delete; empty = closed. */
  readonly ids: readonly string[];
  readonly onClose: () => void;
};

export function DeleteDialog({ ids, onClose }: Props) {
  const [busy, setBusy] = useState(false);
  const confirm = useRef<HTMLButtonElement>(null);
  const count = useEngine('annotation.count', { traceIds: ids }, { enabled: ids.length > 0 });
  const { count: annotations, scores } = count.data ?? { count: 0, scores: 0 };
  const lost = annotations + scores;
  // Asked only when it is known what would go; not knowing it is no reason not to ask.
  const open = ids.length > 0 && !count.loading;
  const what = ids.length === 1 ? 'this trace' : `${formatCount(ids.length)} traces`;

  async function remove(): Promise<void> {
    setBusy(true);
    const result = await attempt(engine.call('trace.delete', { traceIds: ids }));
    setBusy(false);
    onClose();
    if (!result.ok) {
      notifyError('Nothing was deleted', result.error);
      return;
    }
    traceList().remove(new Set(ids));
    clearSelection();
    notify({
      tone: 'ok',
      title: `${formatCount(result.value.deleted)} ${result.value.deleted === 1 ? 'trace' : 'traces'} deleted`,
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      initialFocus={confirm}
      title={`Delete ${what}?`}
      actions={
        <>
          {lost > 0 && <Button onClick={() => void exportAnnotations(ids)}>Export annotations first…</Button>}
          <Button onClick={onClose}>Keep</Button>
          <Button variant="danger" disabled={busy} onClick={() => void remove()} ref={confirm}>
            {busy ? 'Deleting…' : 'Delete'}
          </Button>
        </>
      }
    >
      <p>Spans, messages and received bytes are removed from the workspace file. This cannot be undone.</p>
      {lost > 0 && (
        <p className="selectable" data-testid="annotations-lost">
          <strong>
            {labelCount({ annotations, scores })} {lost === 1 ? 'goes' : 'go'} with {ids.length === 1 ? 'it' : 'them'}
          </strong>
          {annotations > 0 && <>, with all that was said of {annotations === 1 ? 'it' : 'them'} before</>}.
        </p>
      )}
    </Dialog>
  );
}
