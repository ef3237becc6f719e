/** Open coding: groups and categories on the left with their counts, notes on the right, and what can be done with them. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { ArrowRight, FolderInput, FolderMinus, NotebookPen, Tags } from 'lucide-react';
import type { NoteFilter, NoteRow } from '#shared/coding.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { useRegisterCommands, type Command } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { Kbd } from '../../../widgets/kbd.tsx';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { NameDialog } from '../name-dialog.tsx';
import { counted } from '../label-query.ts';
import { bounded, groupNotes, promoteNotes } from './coding-acts.ts';
import { GroupList } from './group-list.tsx';
import { NoteFilters } from './note-filters.tsx';
import { focusNotes, noteKey, NoteList } from './note-list.tsx';
import { PromoteDialog } from './promote-dialog.tsx';
import styles from './coding.module.css';

type Props = { readonly taxonomies: readonly Taxonomy[]; readonly readOnly: boolean };

const PAGE = 200;
const NONE: ReadonlySet<string> = new Set();

export function CodingPane({ taxonomies, readOnly }: Props) {
  const [filter, setFilter] = useState<NoteFilter>({});
  /** Undefined = all notes, null = those under no working title. */
  const [group, setGroup] = useState<string | null | undefined>(undefined);
  /** Where the pages before begin, and this one; undefined = with the newest. */
  const [pages, setPages] = useState<readonly (number | undefined)[]>([undefined]);
  const [selected, setSelected] = useState(NONE);
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState<'group' | 'promote' | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const cursor = pages.at(-1);
  const counts = useEngine('coding.counts', filter, { keepPrevious: true });
  const page = useEngine(
    'coding.notes',
    { ...filter, limit: PAGE, ...(group === undefined ? {} : { group }), ...(cursor === undefined ? {} : { cursor }) },
    { keepPrevious: true },
  );
  const notes = page.data?.notes ?? [];
  const older = page.data?.nextCursor ?? null;
  // What is no longer listed is not changed unseen.
  const marked = notes.filter((note) => selected.has(noteKey(note)));
  const current = notes[Math.min(active, notes.length - 1)];
  const meant = marked.length > 0 ? marked : current ? [current] : [];
  const titles = useMemo(
    () => (counts.data?.groups ?? []).flatMap((each) => (each.group === null ? [] : [each.group])),
    [counts.data],
  );

  function show(next: { readonly filter?: NoteFilter; readonly group?: string | null | undefined }): void {
    if (next.filter) setFilter(next.filter);
    if ('group' in next) setGroup(next.group);
    setPages([undefined]);
    setSelected(NONE);
    setActive(0);
  }
  async function change(work: (refs: readonly { traceId: string; id: string }[]) => Promise<unknown>): Promise<void> {
    setOpen(null);
    const refs = bounded(meant.map(({ traceId, id }) => ({ traceId, id })));
    if ((await work(refs)) !== false) setSelected(NONE);
    focusNotes();
  }

  function ungroup(): void {
    void change((refs) => groupNotes(refs, null));
  }
  // Commands are registered once, and mean what is on screen when they run.
  const acts = useRef({ possible: false, ungroup });
  useEffect(() => {
    acts.current = { possible: meant.length > 0 && !readOnly && open === null, ungroup };
  });
  useRegisterCommands(
    useMemo(() => {
      const possible = (): boolean => acts.current.possible;
      return [
        noteCommand('group', 'Put notes under a working title…', 'g', possible, () => setOpen('group')),
        noteCommand('ungroup', 'Take notes out of their group', 'u', possible, () => acts.current.ungroup()),
        noteCommand('promote', 'Promote notes to a category…', 'p', possible, () => setOpen('promote')),
      ];
    }, []),
  );

  if (counts.data?.total === 0 && Object.keys(filter).length === 0) {
    return (
      <EmptyState
        icon={<NotebookPen size={24} aria-hidden />}
        title="No notes yet"
        actions={<Button onClick={() => go({ view: 'traces' })}>Go to Traces</Button>}
      >
        Open a trace, choose what strikes you and write a free note on it. Once there are some, group them here and make
        categories of them.
      </EmptyState>
    );
  }
  return (
    <div className={styles.pane}>
      <GroupList
        counts={counts.data}
        taxonomies={taxonomies}
        chosenTaxonomy={chosen}
        onTaxonomy={setChosen}
        group={group}
        onGroup={(next) => show({ group: next })}
      />
      <div className={styles.main}>
        <NoteFilters filter={filter} counts={counts.data} onChange={(next) => show({ filter: next })} />
        <div className={styles.bar}>
          <span role="status" className={styles.status}>
            {marked.length > 0 ? `${counted(marked.length, 'note')} selected` : 'The current note'}
          </span>
          <Button
            icon={<FolderInput size={13} aria-hidden />}
            disabled={readOnly || meant.length === 0}
            onClick={() => setOpen('group')}
          >
            Group… <Kbd keys="g" />
          </Button>
          <Button
            icon={<FolderMinus size={13} aria-hidden />}
            disabled={readOnly || !meant.some((note) => note.group !== null)}
            onClick={ungroup}
          >
            Ungroup <Kbd keys="u" />
          </Button>
          <Button
            variant="primary"
            icon={<Tags size={13} aria-hidden />}
            disabled={readOnly || meant.length === 0}
            onClick={() => setOpen('promote')}
          >
            Promote to category… <Kbd keys="p" />
          </Button>
          <Button
            icon={<ArrowRight size={13} aria-hidden />}
            disabled={!current}
            onClick={() => current && openNote(current)}
          >
            Open trace <Kbd keys="enter" />
          </Button>
          {(pages.length > 1 || older !== null) && (
            <span className={styles.pages}>
              <Button disabled={pages.length === 1} onClick={() => setPages(pages.slice(0, -1))}>
                Newer
              </Button>
              <Button
                disabled={older === null}
                onClick={() => {
                  if (older === null) return;
                  setPages([...pages, older]);
                  setSelected(NONE);
                  setActive(0);
                }}
              >
                Older
              </Button>
            </span>
          )}
        </div>
        {page.error && !page.data ? (
          <ErrorState error={page.error} onRetry={page.refetch} />
        ) : page.data ? (
          notes.length === 0 ? (
            <EmptyState title="No note is like that">Take a filter away, or choose another group.</EmptyState>
          ) : (
            <NoteList
              notes={notes}
              taxonomies={taxonomies}
              selected={selected}
              active={Math.min(active, notes.length - 1)}
              words={filter.text === undefined ? [] : [filter.text]}
              onActive={setActive}
              onSelect={setSelected}
              onOpen={openNote}
            />
          )
        ) : (
          <Spinner label="Loading notes" />
        )}
      </div>
      {open === 'group' && (
        <NameDialog
          title={`Put ${counted(meant.length, 'note')} under a working title`}
          label="Working title"
          initial={commonGroup(meant) ?? ''}
          action="Group"
          known={titles}
          onClose={() => setOpen(null)}
          onName={(title) => void change((refs) => groupNotes(refs, title))}
        />
      )}
      {open === 'promote' && (
        <PromoteDialog
          count={meant.length}
          taxonomies={taxonomies}
          preferred={chosen}
          suggestion={commonGroup(meant) ?? ''}
          onClose={() => setOpen(null)}
          onPromote={(choice) =>
            void change(async (refs) => {
              const id = await promoteNotes(
                refs,
                choice,
                taxonomies.map((each) => each.id),
              );
              if (id !== null) setChosen(id);
              return id !== null;
            })
          }
        />
      )}
    </div>
  );
}

function openNote({ traceId, place }: NoteRow): void {
  const span = 'spanId' in place ? place.spanId : place.kind === 'absence' ? place.afterSpanId : null;
  go({ view: 'trace', traceId, span });
}

/** The working title that all of them are under. */
function commonGroup(notes: readonly NoteRow[]): string | null {
  const first = notes[0]?.group ?? null;
  return notes.every(({ group }) => group === first) ? first : null;
}

function noteCommand(id: string, title: string, keys: string, when: () => boolean, run: () => void): Command {
  return { id: `coding.${id}`, title, group: 'Open coding', keys, when, run };
}
