/** Taking back what was saved: the version before comes back as a new one, and can be undone again. */
import { useRef } from 'react';
import type { DatasetRow } from '#shared/dataset.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../../../data/engine.ts';
import { notify, notifyError } from '../../../state/notices.ts';

export type History = {
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  readonly revert: (version: number) => Promise<boolean>;
};

/** `shown` is the version that the newest one says again; what was taken back lies above it. */
type Trail = { readonly newest: number; readonly shown: number; readonly undone: readonly number[] };

export function useHistory(row: DatasetRow | undefined): History {
  const trail = useRef<Trail | null>(null);

  function now(): Trail {
    const newest = row?.version ?? 0;
    const known = trail.current;
    return known?.newest === newest ? known : { newest, shown: newest, undone: [] };
  }

  async function to(version: number, next: Pick<Trail, 'undone'>): Promise<boolean> {
    if (!row) return false;
    const result = await attempt(engine.call('dataset.revert', { id: row.id, version }));
    if (!result.ok) {
      notifyError('It was not taken back', result.error);
      return false;
    }
    trail.current = { newest: result.value.version, shown: version, undone: next.undone };
    return true;
  }

  async function undo(): Promise<void> {
    const { shown, undone } = now();
    if (shown <= 1) {
      notify({ tone: 'info', title: 'There is no version before this one' });
      return;
    }
    if (await to(shown - 1, { undone: [...undone, shown] }))
      notify({
        tone: 'ok',
        title: `As version ${shown - 1} again`,
        detail: `Version ${shown} is kept.`,
        action: { label: 'Redo', run: () => void redo() },
      });
  }

  async function redo(): Promise<void> {
    const known = trail.current;
    const version = known?.undone.at(-1);
    if (!known || version === undefined) return;
    if (await to(version, { undone: known.undone.slice(0, -1) }))
      notify({ tone: 'ok', title: `As version ${version} again` });
  }

  return {
    undo,
    redo,
    revert: async (version) => {
      const done = await to(version, { undone: [] });
      if (done) notify({ tone: 'ok', title: `As version ${version} again`, detail: 'What came after it is kept.' });
      return done;
    },
  };
}
