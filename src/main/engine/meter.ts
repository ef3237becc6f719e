/** Says at most once a second how fast spans arrive, and once more when they stop. */
import type { Workspace } from '../store/open.ts';
import type { Events } from './changes.ts';
import { countStored } from './counts.ts';

export type Meter = { readonly count: (spans: number) => void; readonly stop: () => void };

export function createMeter(workspace: Workspace, events: Events): Meter {
  let counted = 0;
  let timer: NodeJS.Timeout | null = null;

  function tick(): void {
    const spansPerSecond = counted;
    counted = 0;
    events.emit('collector', { spansPerSecond, ...countStored(workspace.reader, workspace.path) });
    timer = spansPerSecond > 0 ? setTimeout(tick, 1_000) : null;
  }

  return {
    count(spans) {
      counted += spans;
      timer ??= setTimeout(tick, 1_000);
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
