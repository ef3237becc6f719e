/** One grader: what is being written of it, else its newest version. */
import { useEffect, useMemo } from 'react';
import type { GraderKindInfo } from '#shared/grader.ts';
import { useEngine } from '../../data/engine.ts';
import { beginDraft, isChanged, NEW_GRADER, setDraft, useGraderDrafts } from '../../state/grader-drafts.ts';
import { go } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { Editor } from './editor.tsx';
import { printArranged } from './model/arrange.ts';

type Props = { readonly id: string; readonly kinds: readonly GraderKindInfo[]; readonly readOnly: boolean };

export function EditorView({ id, kinds, readOnly }: Props) {
  const isNew = id === NEW_GRADER;
  const stored = useEngine('grader.get', { id }, { enabled: !isNew });
  const draft = useGraderDrafts((state) => state.drafts[id]);
  const current = stored.data?.versions[0] ?? null;
  const newest = useMemo(() => (current === null ? null : printArranged(current.definition, kinds)), [current, kinds]);

  useEffect(() => {
    if (newest === null) return;
    const known = useGraderDrafts.getState().drafts[id];
    // What somebody typed stays; what nobody touched follows the newest version.
    if (!known || (!isChanged(known) && known.saved !== newest)) setDraft(id, beginDraft(newest, newest));
    else if (known.saved !== newest) setDraft(id, { ...known, saved: newest });
  }, [id, newest]);

  if (stored.error && !stored.data)
    return stored.error.code === 'not_found' ? (
      <NotThere />
    ) : (
      <ErrorState error={stored.error} onRetry={stored.refetch} />
    );
  if (isNew && !draft) return <NotThere />;
  if (!draft) return <Spinner label="Loading the grader" />;
  return (
    <Editor
      key={id}
      id={id}
      draft={draft}
      kinds={kinds}
      versions={stored.data?.versions ?? []}
      archived={stored.data?.row.archived ?? false}
      readOnly={readOnly}
    />
  );
}

function NotThere() {
  return (
    <EmptyState
      title="This grader is not here"
      actions={<Button onClick={() => go({ view: 'graders', tab: null, span: null, q: '' })}>All graders</Button>}
    >
      It belongs to another workspace, or it was begun in a window that is closed and never saved.
    </EmptyState>
  );
}
