/** How the input of a generation differs from what the same agent's generation before was given. */
import { useState } from 'react';
import { ArrowLeft, ArrowRight, History, Scissors } from 'lucide-react';
import type { ContextChanges, InputEdit, SpanContext } from '#shared/context.ts';
import type { Json } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import type { ContentView, SpanDetail } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button } from '../../../widgets/button.tsx';
import { Chip } from '../../../widgets/chip.tsx';
import { formatBytes, formatCount } from '../../../widgets/format.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { TextDiff } from '../../../widgets/text-diff.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { ContentList } from './content-list.tsx';
import { useCallActions } from './follow-calls.ts';
import type { MessageActions } from './message-view.tsx';
import { SectionHead } from './section-head.tsx';
import inspector from './inspector.module.css';
import styles from './changes.module.css';

const AT_ONCE = 60;

type Props = { readonly detail: SpanDetail; readonly tree: SpanTree; readonly context: SpanContext };

export function ChangesTab({ detail, tree, context }: Props) {
  const actions = useCallActions(detail, tree);
  const { previous, next, changes } = context;
  const before = useEngine(
    'span.get',
    { traceId: detail.traceId, spanId: previous ?? '' },
    { enabled: previous !== null },
  );
  return (
    <div data-testid="changes">
      <Neighbours previous={previous} next={next} />
      {previous === null || changes === null ? (
        <p className={inspector.explain}>
          This is the agent’s first generation in the trace: there is nothing to compare it with.
        </p>
      ) : before.error ? (
        <ErrorState error={before.error} onRetry={before.refetch} />
      ) : !before.data ? (
        <Spinner label="Loading the generation before" />
      ) : (
        <>
          <Outcome changes={changes} />
          <Settings changes={changes} />
          <Messages
            detail={detail}
            before={before.data}
            edits={changes.inputs}
            apart={changes.fresh && !changes.compacted}
            actions={actions}
          />
        </>
      )}
    </div>
  );
}

function Neighbours({ previous, next }: { readonly previous: string | null; readonly next: string | null }) {
  const selectSpan = useSelection((state) => state.selectSpan);
  return (
    <nav className={styles.neighbours} aria-label="Generations of this agent">
      <Button
        variant="ghost"
        icon={<ArrowLeft size={13} aria-hidden />}
        disabled={previous === null}
        onClick={() => selectSpan(previous)}
      >
        Generation before <Kbd keys="q" />
      </Button>
      <Button variant="ghost" disabled={next === null} onClick={() => selectSpan(next)}>
        after <Kbd keys="shift+q" />
        <ArrowRight size={13} aria-hidden />
      </Button>
    </nav>
  );
}

function Outcome({ changes }: { readonly changes: ContextChanges }) {
  const { kept, added, removed, changed, compacted, fresh } = changes;
  const counts = [
    added > 0 && `${formatCount(added)} added`,
    removed > 0 && `${formatCount(removed)} removed`,
    changed > 0 && `${formatCount(changed)} changed`,
    `${formatCount(kept)} unchanged`,
  ].filter((each) => each !== false);
  return (
    <>
      <p className={styles.outcome}>
        {fresh && !compacted
          ? `${kept > 0 ? 'Only instructions' : 'Nothing'} in common with the generation before.`
          : added + removed + changed === 0
            ? 'The same messages as in the generation before.'
            : counts.join(', ')}
      </p>
      {compacted && (
        <p className={styles.note} data-tone="warn">
          <Scissors size={14} aria-hidden />
          <span>
            <strong>The history was shortened.</strong> {messages(compacted.removed)} (
            {formatBytes(compacted.removedBytes)}) went
            {compacted.added === 0
              ? ', and nothing came in their place.'
              : `; ${messages(compacted.added)} (${formatBytes(compacted.addedBytes)}) came in their place.`}
          </span>
        </p>
      )}
      {fresh && !compacted && (
        <p className={styles.note}>
          It is another conversation of the agent, or the source records only what was new for each call.
        </p>
      )}
    </>
  );
}

function messages(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'message' : 'messages'}`;
}

function Settings({ changes: { parameters, tools } }: { readonly changes: ContextChanges }) {
  const any = tools.added.length + tools.removed.length + tools.changed.length > 0;
  return (
    <>
      {parameters.length > 0 && (
        <section className={inspector.section}>
          <SectionHead title="Model settings" />
          <table className={styles.settings}>
            <tbody>
              {parameters.map(({ name, before, after }) => (
                <tr key={name}>
                  <th scope="row">{visibleString(name.slice(0, 100))}</th>
                  <td>
                    <Setting value={before} className={styles.del} />
                  </td>
                  <td>
                    <ArrowRight size={12} aria-label="became" />
                  </td>
                  <td>
                    <Setting value={after} className={styles.ins} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {any && (
        <section className={inspector.section}>
          <SectionHead title="Tools on offer" />
          <ToolNames label="New" names={tools.added} tone="ok" />
          <ToolNames label="No longer" names={tools.removed} tone="error" />
          <ToolNames label="Described differently" names={tools.changed} tone="warn" />
        </section>
      )}
    </>
  );
}

function Setting({ value, className }: { readonly value: Json | undefined; readonly className: string | undefined }) {
  if (value === undefined) return <span className={styles.quiet}>not set</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return <span className={className}>{visibleString(text.slice(0, 300))}</span>;
}

type NamesProps = {
  readonly label: string;
  readonly names: readonly string[];
  readonly tone: 'ok' | 'error' | 'warn';
};

function ToolNames({ label, names, tone }: NamesProps) {
  if (names.length === 0) return null;
  return (
    <div className={styles.names}>
      <span className={styles.quiet}>{label}</span>
      {names.slice(0, 40).map((name) => (
        <Chip key={name} tone={tone} title={name.slice(0, 500)}>
          {visibleString(name.slice(0, 100))}
        </Chip>
      ))}
      {names.length > 40 && <span className={styles.quiet}>and {formatCount(names.length - 40)} more</span>}
    </div>
  );
}

type MessagesProps = {
  readonly detail: SpanDetail;
  readonly before: SpanDetail;
  readonly edits: readonly InputEdit[];
  /** The two have nothing in common: what is not here was not removed from it. */
  readonly apart: boolean;
  readonly actions: MessageActions;
};

function Messages({ detail, before, edits, apart, actions }: MessagesProps) {
  const [shown, setShown] = useState(AT_ONCE);
  const drawn = apart ? edits.filter((edit) => edit.type !== 'removed') : edits;
  if (edits.length === 0) return <p className={inspector.explain}>No input is recorded for either of the two.</p>;
  return (
    <section className={inspector.section}>
      <SectionHead title="Messages" />
      <ol className={styles.edits}>
        {apart && edits.length > drawn.length && (
          <Folded items={before.input} title={`${messages(edits.length - drawn.length)} of the generation before`} />
        )}
        {drawn.slice(0, shown).map((edit) => (
          <Edit key={keyOf(edit)} edit={edit} detail={detail} before={before} actions={actions} />
        ))}
      </ol>
      {drawn.length > shown && (
        <Button onClick={() => setShown(shown + 4 * AT_ONCE)}>Show more of {formatCount(drawn.length)}</Button>
      )}
    </section>
  );
}

function keyOf(edit: InputEdit): string {
  return `${edit.type} ${edit.type === 'removed' ? edit.before : edit.at}`;
}

type EditProps = Omit<MessagesProps, 'edits' | 'apart'> & { readonly edit: InputEdit };

function Edit({ edit, detail, before, actions }: EditProps) {
  switch (edit.type) {
    case 'same':
      return (
        <Folded
          items={detail.input.slice(edit.at, edit.at + edit.count)}
          title={`${formatCount(edit.count)} unchanged ${edit.count === 1 ? 'message' : 'messages'}`}
          actions={actions}
        />
      );
    case 'added':
      return (
        <Marked tone="added" title={edit.answer ? 'New: its own answer' : 'New'}>
          <ContentList items={detail.input.slice(edit.at, edit.at + 1)} reading="rendered" actions={actions} empty="" />
        </Marked>
      );
    case 'removed':
      return (
        <Marked tone="removed" title="Removed">
          <ContentList items={before.input.slice(edit.before, edit.before + 1)} reading="rendered" empty="" />
        </Marked>
      );
    case 'changed': {
      const [was, is] = [before.input[edit.before], detail.input[edit.at]];
      return (
        <Marked tone="changed" title={`Changed${is?.item?.kind === 'message' ? `: ${is.item.role.slice(0, 60)}` : ''}`}>
          {was && is ? <Compared was={was} is={is} /> : null}
        </Marked>
      );
    }
  }
}

type MarkedProps = {
  readonly tone: 'added' | 'removed' | 'changed';
  readonly title: string;
  readonly children: React.ReactNode;
};

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

function Marked({ tone, title, children }: MarkedProps) {
  return (
    <li className={styles.edit} data-tone={tone}>
      <div className={styles.editHead}>
        <span aria-hidden>{SIGNS[tone]}</span> {visibleString(title)}
      </div>
      {children}
    </li>
  );
}

type FoldedProps = {
  readonly items: readonly ContentView[];
  readonly title: string;
  readonly actions?: MessageActions;
};

function Folded({ items, title, actions = {} }: FoldedProps) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button type="button" className={styles.unchanged} aria-expanded={open} onClick={() => setOpen(!open)}>
        <History size={13} aria-hidden />
        {title}
      </button>
      {open && <ContentList items={items} reading="rendered" actions={actions} empty="" />}
    </li>
  );
}

/** Large contents cross the port only when somebody wants to compare them. */
function Compared({ was, is }: { readonly was: ContentView; readonly is: ContentView }) {
  const [wanted, setWanted] = useState(was.item !== null && is.item !== null);
  const old = useEngine('content.get', { key: was.key }, { enabled: wanted && was.item === null });
  const now = useEngine('content.get', { key: is.key }, { enabled: wanted && is.item === null });
  const [before, after] = [was.item ?? old.data, is.item ?? now.data];
  const error = old.error ?? now.error;
  if (error) return <p className={styles.quiet}>{error.message}</p>;
  if (!wanted)
    return <Button onClick={() => setWanted(true)}>Load {formatBytes(was.size + is.size)} and compare</Button>;
  if (!before || !after) return <Spinner label="Loading both messages" />;
  const [oldText, newText] = [contentText(before), contentText(after)];
  if (oldText === newText)
    return (
      <p className={styles.quiet}>The text is the same; what differs is how it is wrapped: ids, names or media.</p>
    );
  return <TextDiff before={oldText} after={newText} />;
}
