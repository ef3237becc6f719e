/** Queues in words. */
import type { ItemState, QueueOrder, QueueTask } from '#shared/review.ts';

export const ORDER_NAMES: Readonly<Record<QueueOrder, string>> = {
  oldest: 'oldest first',
  random: 'random',
  disagreement: 'most disputed first',
  uncertainty: 'least certain first',
  clusters: 'one of each kind',
};

export const STATE_NAMES: Readonly<Record<ItemState, string>> = {
  todo: 'to do',
  done: 'done',
  skipped: 'skipped',
  flagged: 'flagged',
};

export function taskName(task: QueueTask): string {
  switch (task.kind) {
    case 'trace':
      return 'traces';
    case 'span':
      return 'spans';
    case 'pair':
      return 'pairs of traces';
    case 'adjudicate':
      return 'disputes';
  }
}
