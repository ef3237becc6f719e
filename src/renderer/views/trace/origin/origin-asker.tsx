/** "Where did this come from?": a button beside selected text, a key, and the answer. */
import { useEffect, useEffectEvent, useMemo, useRef, useState, type FormEvent, type RefObject } from 'react';
import { Popover } from '@base-ui/react/popover';
import { MessageSquarePlus, Route } from 'lucide-react';
import type { TextPlace } from '#shared/answers.ts';
import { useRegisterCommands, type Command } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button } from '../../../widgets/button.tsx';
import { Kbd } from '../../../widgets/kbd.tsx';
import { useModalFocus } from '../../../widgets/modal-focus.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { annotateSelected, ANNOTATE_KEY } from '../annotations/annotate-commands.ts';
import { OriginAnswer } from './origin-answer.tsx';
import { useOrigin, type Area, type AskedText } from './origin-state.ts';
import { readSelection } from './read-selection.ts';
import styles from './origin.module.css';

const KEY = 'w';
const TITLE = 'Where did this come from?';

export function OriginAsker({ traceId }: { readonly traceId: string }) {
  const selected = useOrigin((state) => state.selected);
  const asked = useOrigin((state) => state.asked);
  const ask = useOrigin((state) => state.ask);
  const field = useRef<HTMLTextAreaElement>(null);
  const popup = useModalFocus(asked !== null, field);
  useRegisterCommands(useMemo(() => commands(), []));
  useFollowSelection();
  // What was asked belongs to the trace that was open.
  useEffect(() => () => useOrigin.setState({ selected: null, asked: null, mark: null }), [traceId]);
  return (
    <>
      {selected && !asked && <AskButton selected={selected} />}
      <Popover.Root open={asked !== null} onOpenChange={(open) => !open && ask(null)}>
        <Popover.Portal>
          <Popover.Positioner
            anchor={asked ? anchorAt(asked.area) : null}
            side="left"
            align="start"
            sideOffset={10}
            collisionPadding={12}
            className={styles.positioner}
          >
            <Popover.Popup ref={popup} finalFocus={false} className={styles.popup}>
              <Popover.Title className={styles.title}>
                {TITLE} <Kbd keys={KEY} />
              </Popover.Title>
              {asked && (
                <Question key={`${asked.spanId} ${asked.text}`} traceId={traceId} asked={asked} field={field} />
              )}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </>
  );
}

function AskButton({ selected }: { readonly selected: AskedText }) {
  const ask = useOrigin((state) => state.ask);
  const { x, y, width, height } = selected.area;
  const above = y > 60;
  return (
    <div
      className={styles.ask}
      style={{
        left: Math.min(Math.max(8, x + width / 2 - 160), window.innerWidth - 350),
        top: above ? Math.max(8, y - 36) : Math.min(y + height + 8, window.innerHeight - 40),
      }}
    >
      {/* A press would clear the selection before the click. */}
      <Button
        variant="primary"
        icon={<Route size={13} aria-hidden />}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => ask(selected)}
      >
        {TITLE} <Kbd keys={KEY} />
      </Button>
      <Button
        icon={<MessageSquarePlus size={13} aria-hidden />}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => void annotateSelected()}
      >
        Annotate <Kbd keys={ANNOTATE_KEY} />
      </Button>
    </div>
  );
}

type QuestionProps = {
  readonly traceId: string;
  readonly asked: AskedText;
  readonly field: RefObject<HTMLTextAreaElement | null>;
};

function Question({ traceId, asked, field }: QuestionProps) {
  const [typed, setTyped] = useState(asked.text);
  const [question, setQuestion] = useState(asked);
  const selectSpan = useSelection((state) => state.selectSpan);
  const show = useOrigin((state) => state.show);
  const { spanId, contentKey, text } = question;
  const query = useEngine(
    'trace.provenance',
    { traceId, spanId, text, ...(contentKey === undefined ? {} : { contentKey }) },
    { enabled: text !== '' },
  );
  function submit(event: FormEvent): void {
    event.preventDefault();
    const next = typed.trim();
    // Other words may stand in another content of the span.
    if (next !== '') setQuestion({ spanId, text: next, area: question.area });
  }
  function go(place: TextPlace): void {
    show({ spanId: place.spanId, side: place.side, contentKey: place.contentKey, text: place.text });
    selectSpan(place.spanId);
  }
  return (
    <>
      <form onSubmit={submit} className={styles.form}>
        <textarea
          ref={field}
          aria-label="Text to trace back"
          className={styles.field}
          rows={Math.min(4, Math.max(1, Math.ceil(typed.length / 56)))}
          value={typed}
          placeholder="Text in the selected span, then Enter"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey) submit(event);
          }}
        />
      </form>
      {query.error && !query.data ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <OriginAnswer origin={query.data} onGo={go} />
      ) : text === '' ? (
        <p className={styles.note}>Select a text in a message, or type one that stands in the selected span.</p>
      ) : (
        <Spinner label="Looking through the trace" />
      )}
    </>
  );
}

/** Offers the question when a selection is made, by pointer or keys; a right click on it does the same. */
function useFollowSelection(): void {
  const select = useOrigin((state) => state.select);
  const pointer = useRef(false);
  const read = useEffectEvent(() => select(readSelection(document.getSelection())));
  useEffect(() => {
    function down(): void {
      pointer.current = true;
    }
    function up(): void {
      pointer.current = false;
      read();
    }
    function change(): void {
      if (document.getSelection()?.isCollapsed !== false) useOrigin.getState().select(null);
      else if (!pointer.current) read();
    }
    function menu(event: MouseEvent): void {
      const selected = readSelection(document.getSelection());
      if (!selected || !(event.target instanceof Element) || !event.target.closest('[data-content-key]')) return;
      event.preventDefault();
      useOrigin.getState().ask(selected);
    }
    function hide(): void {
      useOrigin.getState().select(null);
    }
    document.addEventListener('pointerdown', down);
    document.addEventListener('pointerup', up);
    document.addEventListener('selectionchange', change);
    document.addEventListener('contextmenu', menu);
    document.addEventListener('scroll', hide, true);
    return () => {
      document.removeEventListener('pointerdown', down);
      document.removeEventListener('pointerup', up);
      document.removeEventListener('selectionchange', change);
      document.removeEventListener('contextmenu', menu);
      document.removeEventListener('scroll', hide, true);
    };
  }, []);
}

function commands(): readonly Command[] {
  return [
    {
      id: 'trace.origin',
      title: TITLE,
      group: 'Trace',
      keys: KEY,
      menu: 'Go',
      when: () => readSelection(document.getSelection()) !== null || useSelection.getState().spanId !== null,
      run: () => {
        const selected = readSelection(document.getSelection());
        const { spanId } = useSelection.getState();
        if (selected) useOrigin.getState().ask(selected);
        else if (spanId !== null) useOrigin.getState().ask({ spanId, text: '', area: inspectorArea() });
      },
    },
  ];
}

/** Without a selection the question stands beside the inspector. */
function inspectorArea(): Area {
  const box = document.querySelector('[aria-label="Inspector"]')?.getBoundingClientRect();
  return box ? { x: box.x, y: box.y + 80, width: box.width, height: 20 } : { x: 200, y: 200, width: 1, height: 1 };
}

function anchorAt({ x, y, width, height }: Area) {
  return { getBoundingClientRect: () => new DOMRect(x, y, width, height) };
}
