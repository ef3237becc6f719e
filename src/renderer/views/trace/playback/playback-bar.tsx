/** Under the pictures: plays the trace again, from event to event or as fast as it was. Every pane follows the cursor. */
import { useEffect, useMemo, useRef } from 'react';
import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { Kbd } from '../../../widgets/kbd.tsx';
import type { SpanTable } from '../model/span-table.ts';
import { playbackCommands } from './commands.ts';
import { EVENT_KINDS } from './events.ts';
import { SPEEDS, usePlayback } from './playback-store.ts';
import { Scrubber } from './scrubber.tsx';
import { usePlaybackOf, type Playback } from './use-playback.ts';
import { eventWords, KIND_CHOICES, momentText, placeSentence, speedText } from './words.ts';
import styles from './playback.module.css';

export function PlaybackBar({ table }: { readonly table: SpanTable }) {
  const playback = usePlaybackOf(table);
  const { playing, speed, kind } = usePlayback();
  const { timed } = playback.table.times();
  const even = speed === 'even' || !timed;
  const latest = useRef<Playback | null>(null);
  useEffect(() => {
    latest.current = playback;
  });
  const commands = useMemo(() => playbackCommands(() => latest.current), []);
  useRegisterCommands(commands);
  const words = eventWords(playback);
  const what = kind === 'any' ? 'event' : KIND_CHOICES[kind].toLowerCase();
  return (
    <section className={styles.bar} aria-label="Playback" data-testid="playback">
      <div className={styles.line}>
        <IconButton
          label={`Previous ${what}`}
          keys="shift+e"
          icon={<SkipBack size={14} />}
          disabled={!playback.canStep(-1)}
          onClick={() => playback.step(-1)}
        />
        <IconButton
          label={playing ? 'Pause' : 'Play the trace'}
          keys="space"
          icon={playing ? <Pause size={15} /> : <Play size={15} />}
          onClick={playback.toggle}
        />
        <IconButton
          label={`Next ${what}`}
          keys="e"
          icon={<SkipForward size={14} />}
          disabled={!playback.canStep(1)}
          onClick={() => playback.step(1)}
        />
        <Scrubber playback={playback} even={even} />
        <span className={styles.moment} data-idle={playback.place === null || undefined}>
          {momentText(playback)}
        </span>
      </div>
      <div className={styles.line}>
        <p className={styles.event} title={words ? `${words.kind} ${words.name} ${words.does}` : undefined}>
          {words ? (
            <>
              {words.agent !== '' && <span className={styles.agent}>{words.agent}</span>}
              <span className={styles.name}>{words.name}</span>
              <span>{words.does}</span>
            </>
          ) : playback.place === null ? (
            'The whole trace'
          ) : (
            'Nothing has begun yet'
          )}
        </p>
        <select
          className={styles.choice}
          aria-label="Step to"
          title="What next and previous step to"
          value={kind}
          onChange={(event) =>
            usePlayback.setState({ kind: EVENT_KINDS.find((one) => one === event.target.value) ?? 'any' })
          }
        >
          {EVENT_KINDS.map((one) => (
            <option key={one} value={one}>
              {KIND_CHOICES[one]}
            </option>
          ))}
        </select>
        <select
          className={styles.choice}
          aria-label="Speed"
          title={timed ? 'As many times as fast as it was, or event by event' : 'No span has a time: event by event'}
          value={timed ? String(speed) : 'even'}
          disabled={!timed}
          onChange={(event) =>
            usePlayback.setState({ speed: SPEEDS.find((one) => String(one) === event.target.value) ?? 'even' })
          }
        >
          {SPEEDS.map((one) => (
            <option key={one} value={String(one)}>
              {speedText(one)}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={styles.all}
          disabled={playback.place === null}
          title="Leave playback and show the whole trace"
          onClick={playback.leave}
        >
          Show all <Kbd keys="escape" />
        </button>
      </div>
      <span className="visually-hidden" role="status">
        {playing ? 'Playing' : playback.place === null ? '' : placeSentence(playback)}
      </span>
    </section>
  );
}
