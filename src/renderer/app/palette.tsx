import type { KeyboardEvent, RefObject } from 'react';
import { useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import { CornerDownLeft, Search } from 'lucide-react';
import type { TraceRow } from '#shared/trace.ts';
import type { Command } from '../commands/registry.ts';
import { fuzzyFit } from '../commands/fuzzy.ts';
import { isPossible, useCommands } from '../commands/registry.ts';
import { useEngine } from '../data/engine.ts';
import { useSelection } from '../state/selection.ts';
import { StatusIcon } from '../theme/kind-icon.tsx';
import { formatRelative, nsTextToMs } from '../widgets/format.ts';
import { Kbd } from '../widgets/kbd.tsx';
import { useModalFocus } from '../widgets/modal-focus.ts';
import { visibleString } from '../widgets/visible-text.ts';
import { showOverlay, useOverlay } from './app-commands.ts';
import styles from './palette.module.css';

type Entry =
  | { readonly type: 'command'; readonly id: string; readonly command: Command; readonly at: readonly number[] }
  | { readonly type: 'trace'; readonly id: string; readonly trace: TraceRow };

const MAX_TRACES = 6;

export function Palette() {
  const open = useOverlay((state) => state.overlay === 'palette');
  const field = useRef<HTMLInputElement>(null);
  const popup = useModalFocus(open, field);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => showOverlay(next ? 'palette' : null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          ref={popup}
          initialFocus={false}
          finalFocus={false}
          className={styles.popup}
          aria-label="Search or command"
        >
          <PaletteBody field={field} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const base = useId();
  const commands = useCommands();
  const query = useDeferredValue(text.trim());
  const found = useEngine(
    'trace.list',
    { query, limit: MAX_TRACES },
    { enabled: query.length > 1, keepPrevious: true },
  );
  const traces = query.length > 1 ? found.data?.rows : undefined;

  const entries = useMemo<readonly Entry[]>(
    () => [
      ...matching(commands, text),
      ...(traces ?? []).map((trace): Entry => ({ type: 'trace', id: `trace:${trace.id}`, trace })),
    ],
    [commands, text, traces],
  );
  const active = Math.min(chosen, entries.length - 1);

  function run(entry: Entry | undefined): void {
    if (!entry) return;
    showOverlay(null);
    if (entry.type === 'command') entry.command.run();
    else useSelection.getState().openTrace(entry.trace.id);
  }

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (event.key === 'Enter') run(entries[active]);
    else if (step !== undefined && entries.length > 0) {
      const next =
        Math.abs(step) === 1
          ? (active + step + entries.length) % entries.length
          : Math.max(0, Math.min(entries.length - 1, active + step));
      setChosen(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  }

  return (
    <>
      <div className={styles.field}>
        <Search size={15} aria-hidden />
        <input
          ref={field}
          className={styles.input}
          role="combobox"
          aria-expanded
          aria-controls={`${base}-list`}
          aria-activedescendant={entries.length > 0 ? `${base}-${active}` : undefined}
          aria-label="Search traces or run a command"
          placeholder="Search traces or run a command"
          value={text}
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={move}
        />
        <Kbd keys="escape" />
      </div>
      <div ref={list} id={`${base}-list`} role="listbox" aria-label="Results" className={styles.list}>
        {entries.map((entry, index) => (
          <div
            key={entry.id}
            id={`${base}-${index}`}
            role="option"
            aria-selected={index === active}
            className={`${styles.entry} ${index === active ? styles.active : ''}`}
            onPointerMove={() => setChosen(index)}
            onClick={() => run(entry)}
          >
            {entry.type === 'command' ? <CommandEntry entry={entry} /> : <TraceEntry trace={entry.trace} />}
          </div>
        ))}
        {entries.length === 0 && <p className={styles.none}>No command or trace matches.</p>}
      </div>
    </>
  );
}

function matching(commands: readonly Command[], text: string): readonly Entry[] {
  return commands
    .filter((command) => command.id !== 'palette.open' && isPossible(command))
    .flatMap((command) => {
      const fit = fuzzyFit(text, command.title) ?? null;
      const byGroup = fit === null ? fuzzyFit(text, `${command.group} ${command.title}`) : null;
      if (fit) return [{ score: fit.score, command, at: fit.at }];
      return byGroup ? [{ score: byGroup.score - 5, command, at: [] }] : [];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ command, at }) => ({ type: 'command', id: command.id, command, at }));
}

function CommandEntry({ entry }: { readonly entry: Entry & { readonly type: 'command' } }) {
  const { command, at } = entry;
  const marked = new Set(at);
  return (
    <>
      <span className={styles.group}>{command.group}</span>
      <span className={styles.title}>
        {[...command.title].map((letter, index) =>
          marked.has(index) ? (
            <b key={index} className={styles.hit}>
              {letter}
            </b>
          ) : (
            letter
          ),
        )}
      </span>
      {command.keys !== undefined && <Kbd keys={command.keys} />}
    </>
  );
}

function TraceEntry({ trace }: { readonly trace: TraceRow }) {
  const started = nsTextToMs(trace.startNs);
  return (
    <>
      <span className={styles.group}>Trace</span>
      <StatusIcon status={trace.status} size={13} />
      <span className={styles.title}>{visibleString(trace.name)}</span>
      <span className={styles.when}>{started === null ? '' : formatRelative(started, Date.now())}</span>
      <CornerDownLeft size={12} className={styles.enter} aria-hidden />
    </>
  );
}
