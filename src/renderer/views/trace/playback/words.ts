/** What playback says of a moment. */
import { formatDuration } from '#shared/time.ts';
import { KIND_LABELS } from '../../../theme/kind-icon.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { readRow } from '../model/span-table.ts';
import type { EventKind } from './events.ts';
import type { Speed } from './playback-store.ts';
import type { Playback } from './use-playback.ts';

export const KIND_CHOICES: Readonly<Record<EventKind, string>> = {
  any: 'Any event',
  generation: 'Generation',
  tool: 'Tool call',
  handoff: 'Handoff',
  agent: 'Agent change',
  error: 'Error',
  finding: 'Finding',
};

export function speedText(speed: Speed): string {
  return speed === 'even' ? 'Even steps' : `×${formatCount(speed)}`;
}

/** "17.2 s", or "step 3" where nothing has a time. */
export function momentText({ table, place }: Playback): string {
  const times = table.times();
  if (place === null) return times.timed ? formatDuration(times.domain.end - times.domain.start) : '';
  return times.timed
    ? formatDuration(place.cursor)
    : `step ${formatCount(Math.min(table.columns.count, Math.floor(place.cursor) + 1))}`;
}

export type EventWords = {
  readonly agent: string;
  readonly kind: string;
  readonly name: string;
  readonly does: string;
};

/** The event that a place stands at; null before the first one. */
export function eventWords({ events, table, place }: Playback): EventWords | null {
  if (place === null) return null;
  const span = readRow(table, events.row[place.index] ?? -1);
  if (!span) return null;
  return {
    agent: span.agent === span.name ? '' : visibleString(span.agent.slice(0, 80)),
    kind: KIND_LABELS[span.kind],
    name: visibleString(span.name.slice(0, 200)) || 'no name',
    does:
      events.ends[place.index] === 1
        ? 'fails'
        : span.status === 'error' && span.end === span.start
          ? 'fails'
          : 'begins',
  };
}

/** One sentence for those who do not see the scrubber. */
export function placeSentence(playback: Playback): string {
  const { events, place } = playback;
  if (place === null) return 'The whole trace';
  const words = eventWords(playback);
  const said = words
    ? `${words.kind} ${words.name}${words.agent === '' ? '' : ` of ${words.agent}`} ${words.does}`
    : 'nothing has begun';
  return `${momentText(playback)}, ${said}, event ${formatCount(place.index + 1)} of ${formatCount(events.count)}`;
}
