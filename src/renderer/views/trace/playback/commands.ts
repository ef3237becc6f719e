/** Playback by key, from wherever the focus is in the trace. */
import type { Command } from '../../../commands/registry.ts';
import { EVENT_KINDS } from './events.ts';
import { SPEEDS, usePlayback } from './playback-store.ts';
import type { Playback } from './use-playback.ts';

/** `now` gives the newest state: the commands themselves are made once. */
export function playbackCommands(now: () => Playback | null): readonly Command[] {
  const group = 'Playback';
  return [
    {
      id: 'trace.play',
      title: 'Play or pause the trace',
      group,
      keys: 'space',
      menu: 'View',
      when: () => !isInControl(document.activeElement) && (now()?.events.count ?? 0) > 0,
      run: () => now()?.toggle(),
    },
    {
      id: 'trace.event.next',
      title: 'Next event',
      group,
      keys: 'e',
      menu: 'Go',
      when: () => now()?.canStep(1) ?? false,
      run: () => now()?.step(1),
    },
    {
      id: 'trace.event.previous',
      title: 'Previous event',
      group,
      keys: 'shift+e',
      menu: 'Go',
      when: () => now()?.canStep(-1) ?? false,
      run: () => now()?.step(-1),
    },
    {
      id: 'trace.event.kind',
      title: 'Step to the next kind of event',
      group,
      keys: 'k',
      run: () => usePlayback.setState(({ kind }) => ({ kind: after(EVENT_KINDS, kind) })),
    },
    {
      id: 'trace.play.speed',
      title: 'Play faster, after the fastest in even steps',
      group,
      run: () => usePlayback.setState(({ speed }) => ({ speed: after(SPEEDS, speed) })),
    },
    {
      id: 'trace.play.leave',
      title: 'Leave playback and show the whole trace',
      group,
      keys: 'escape',
      when: () => (now()?.place ?? null) !== null,
      run: () => now()?.leave(),
    },
  ];
}

function after<T>(list: readonly T[], value: T): T {
  return list[(list.indexOf(value) + 1) % list.length] ?? value;
}

/** Space does something of its own there. */
function isInControl(element: Element | null): boolean {
  return (
    element !== null &&
    element.closest('button, a[href], input, select, textarea, summary, [role=button], [role=tab], [role=menuitem]') !==
      null
  );
}
