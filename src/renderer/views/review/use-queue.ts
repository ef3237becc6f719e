/** Going through a queue: which item, what was typed of it, and the next one ready before it is asked for. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ItemPlace, ItemState, QueueState, ReviewItem } from '#shared/review.ts';
import type { AppError } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import { assumeAnswer, engine, useEngine } from '../../data/engine.ts';
import { notifyError } from '../../state/notices.ts';
import { replacePlace } from '../../state/place.ts';
import { inTurn } from './use-labels.ts';

export type QueueWalk = {
  readonly state: QueueState | undefined;
  readonly place: ItemPlace | undefined;
  readonly item: ReviewItem | null;
  readonly error: AppError | null;
  readonly open: (item: ReviewItem) => void;
  /** Says what became of the item, and goes to the next that waits; stays where it is when none does. */
  readonly finish: (state: ItemState) => void;
  readonly setDraft: (text: string) => void;
};

export function useQueue(queueId: string, itemId: number | null): QueueWalk {
  const state = useEngine('queue.get', { queueId }, { keepPrevious: true });
  const at = useEngine('queue.at', itemId === null ? { queueId } : { queueId, itemId }, { keepPrevious: true });
  const place = at.data;
  const item = place?.item ?? null;
  const [fresh, setFresh] = useState<ReviewItem | null>(null);
  /** An answer about neighbours may be older than the last key. */
  const finished = useRef(new Set<number>());
  // What was opened by a key is shown before the engine has said where it stands.
  const shown = fresh !== null && fresh.id === itemId ? (item?.id === itemId ? item : fresh) : item;

  // The address names the item, so that it is found again after a restart.
  useEffect(() => {
    if (itemId === null && item) replacePlace({ span: String(item.id) });
  }, [itemId, item]);

  const open = useCallback((next: ReviewItem) => {
    setFresh(next);
    replacePlace({ span: String(next.id) });
  }, []);

  const finish = useCallback(
    (become: ItemState) => {
      if (!shown) return;
      const { id } = shown;
      const known = place?.item?.id === id ? place : null;
      if (known?.item)
        assumeAnswer('queue.at', { queueId, itemId: id }, { ...known, item: { ...known.item, state: become } });
      void inTurn(async () => {
        const result = await attempt(engine.call('queue.mark', { itemId: id, state: become }));
        if (!result.ok) notifyError('The item was not marked', result.error);
      });
      finished.current.add(id);
      const next = known?.nextTodo;
      if (next && !finished.current.has(next.id)) open(next);
      else void goOn();
      async function goOn(): Promise<void> {
        const there = await attempt(inTurn(() => engine.call('queue.at', { queueId, itemId: id })));
        if (there.ok && there.value.nextTodo) open(there.value.nextTodo);
      }
    },
    [shown, place, queueId, open],
  );

  const setDraft = useCallback(
    (draft: string) => {
      if (!shown) return;
      const { id } = shown;
      void inTurn(async () => {
        const result = await attempt(engine.call('queue.draft', { itemId: id, draft }));
        if (!result.ok) notifyError('What you type was not kept', result.error);
      });
    },
    [shown],
  );

  return { state: state.data, place, item: shown, error: state.error ?? at.error, open, finish, setDraft };
}
