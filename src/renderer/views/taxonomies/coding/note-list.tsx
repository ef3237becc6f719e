/** Notes to choose from: arrows move, Space selects, Shift extends, Enter opens the trace. */
import { useEffect, useRef } from 'react';
import type { NoteRef, NoteRow } from '#shared/coding.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { countedAs } from '#shared/taxonomy.ts';
import { Chip } from '../../../widgets/chip.tsx';
import { Highlighted } from '../../../widgets/highlighted.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { focusSoon } from '../focus-soon.ts';
import styles from './coding.module.css';

type Props = {
  readonly notes: readonly NoteRow[];
  readonly taxonomies: readonly Taxonomy[];
  readonly selected: ReadonlySet<string>;
  readonly active: number;
  readonly words: readonly string[];
  readonly onActive: (index: number) => void;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onOpen: (note: NoteRow) => void;
};

const LIST_ID = 'coding-notes';
const PAGE_STEP = 10;
/** Characters of a note that are drawn. */
const SHOWN = 600;

export function noteKey({ traceId, id }: NoteRef): string {
  return `${traceId}\n${id}`;
}

export function focusNotes(): void {
  focusSoon(() => document.getElementById(LIST_ID));
}

export function NoteList({ notes, taxonomies, selected, active, words, onActive, onSelect, onOpen }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const anchor = useRef(active);

  useEffect(() => {
    list.current?.querySelector(`#${optionId(active)}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function toggle(index: number): void {
    const note = notes[index];
    if (!note) return;
    const next = new Set(selected);
    if (!next.delete(noteKey(note))) next.add(noteKey(note));
    anchor.current = index;
    onSelect(next);
  }
  function extend(to: number): void {
    const [from, end] = anchor.current < to ? [anchor.current, to] : [to, anchor.current];
    onSelect(new Set(notes.slice(from, end + 1).map(noteKey)));
  }
  function press(event: React.KeyboardEvent): void {
    const last = notes.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + PAGE_STEP,
      PageUp: active - PAGE_STEP,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined && !event.altKey) {
      const to = Math.max(0, Math.min(last, target));
      if (event.shiftKey) extend(to);
      else if (selected.size === 0) anchor.current = to;
      onActive(to);
    } else if (event.key === ' ') toggle(active);
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) onSelect(new Set(notes.map(noteKey)));
    else if (event.key === 'Escape' && selected.size > 0) onSelect(new Set());
    else if (event.key === 'Enter' && notes[active]) onOpen(notes[active]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={list}
      id={LIST_ID}
      role="listbox"
      aria-label="Notes"
      aria-multiselectable
      aria-activedescendant={optionId(active)}
      tabIndex={0}
      className={styles.list}
      onKeyDown={press}
    >
      {notes.map((note, index) => (
        <div
          key={noteKey(note)}
          id={optionId(index)}
          role="option"
          aria-selected={selected.has(noteKey(note))}
          className={`${styles.note} ${index === active ? styles.active : ''}`}
          onClick={(event) => {
            onActive(index);
            if (event.shiftKey) extend(index);
            else toggle(index);
          }}
          onDoubleClick={() => onOpen(note)}
        >
          <span className={styles.box} aria-hidden />
          <div className={styles.noteBody}>
            <p className={styles.text}>
              <Highlighted text={visibleString((note.note ?? '').slice(0, SHOWN))} words={words} />
              {(note.note ?? '').length > SHOWN && '…'}
              {(note.note ?? '').trim() === '' && <span className={styles.dim}>tags only</span>}
            </p>
            <p className={styles.meta}>
              {note.group !== null && <Chip tone="accent">{visibleString(note.group)}</Chip>}
              {note.codes.map(({ id, taxonomy, category }) => (
                <Chip key={id} tone="ok" title={taxonomy ?? undefined}>
                  {visibleString(titleOf(taxonomies, taxonomy, category ?? ''))}
                </Chip>
              ))}
              {note.tags.slice(0, 8).map((tag) => (
                <Chip key={tag}>{visibleString(tag)}</Chip>
              ))}
              {note.conflict && <Chip tone="warn">in conflict</Chip>}
              <span className={styles.where}>
                {visibleString(note.traceName === '' ? 'a trace without a name' : note.traceName)}
                {note.author !== null && ` · ${visibleString(note.author)}`}
              </span>
            </p>
          </div>
        </div>
      ))}
    </div>
  );
}

function titleOf(taxonomies: readonly Taxonomy[], id: string | null, category: string): string {
  const taxonomy = taxonomies.find((each) => each.id === id);
  if (!taxonomy) return category;
  const code = countedAs(taxonomy, category);
  return taxonomy.categories.find((each) => each.code === code)?.title ?? category;
}

function optionId(index: number): string {
  return `coding-note-${index}`;
}
