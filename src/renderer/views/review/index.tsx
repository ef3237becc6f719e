import { useMemo } from 'react';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { undoCommands } from '../../state/annotation-undo.ts';
import { usePlace } from '../../state/place.ts';
import { askQueue } from '../../state/review-queues.ts';
import { QueueList } from './queue-list.tsx';
import { QueueView } from './queue-view.tsx';

/** `tab` names the queue, `span` the item. */
export function ReviewView() {
  const { tab, span } = usePlace();
  const commands = useMemo<readonly Command[]>(
    () => [
      ...undoCommands(),
      {
        id: 'review.new',
        title: 'New review queue…',
        group: 'Review',
        keys: 'mod+shift+r',
        menu: 'File',
        run: () => askQueue([], ''),
      },
    ],
    [],
  );
  useRegisterCommands(commands);
  if (tab === null) return <QueueList />;
  const itemId = span !== null && /^\d{1,15}$/.test(span) ? Number(span) : null;
  return <QueueView key={tab} queueId={tab} itemId={itemId} />;
}
