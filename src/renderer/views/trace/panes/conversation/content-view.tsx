/** What an entry reads and writes, item by item. All of it is content from a trace: shown, never obeyed. */
import { useState } from 'react';
import { Brain, ChevronRight, CornerDownRight, CornerUpLeft, File, Link, Wrench } from 'lucide-react';
import type { Json } from '#shared/json.ts';
import { partText, type Message, type MessagePart } from '#shared/message.ts';
import type { ContentView } from '#shared/trace.ts';
import { useEngine } from '../../../../data/engine.ts';
import { indexOfText, useOpenWithFind } from '../../../../widgets/find-text.ts';
import { formatBytes } from '../../../../widgets/format.ts';
import { TextView } from '../../../../widgets/text-view.tsx';
import { visibleString } from '../../../../widgets/visible-text.ts';
import { firstHolding } from '../../inspector/content-list.tsx';
import { Media } from '../../inspector/media.tsx';
import { JsonContent } from '../../inspector/message-view.tsx';
import { RichText } from '../../inspector/rich-text.tsx';
import { compact, oneLine } from './one-line.ts';
import { isHandoffTool, type Pairs, type ToolCall, type ToolResult } from './pair-calls.ts';
import styles from './conversation.module.css';

export type Context = { readonly pairs: Pairs; readonly onSelect: (spanId: string) => void };

/** More items or parts than this wait for a click. */
const AT_ONCE = 30;
const NAME = 120;

type Props = {
  readonly views: readonly ContentView[];
  readonly context: Context;
  /** Said before text and JSON that has no role of its own. */
  readonly role: string;
};

export function Contents({ views, context, role }: Props) {
  const [all, setAll] = useOpenWithFind(false, (find) => firstHolding(views.slice(AT_ONCE), find) >= 0);
  const shown = all ? views : views.slice(0, AT_ONCE);
  return (
    <>
      {shown.map((view, at) => (
        <div key={`${at} ${view.key}`} data-content-key={view.key} className={styles.content}>
          <Content
            view={view}
            context={context}
            role={role}
            again={at > 0 && roleOf(view, role) === roleOf(shown[at - 1], role)}
          />
        </div>
      ))}
      {shown.length < views.length && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show {views.length - shown.length} more
        </button>
      )}
    </>
  );
}

function roleOf(view: ContentView | undefined, role: string): string {
  return view?.item?.kind === 'message' ? view.item.role : role;
}

type ContentProps = Omit<Props, 'views'> & {
  readonly view: ContentView;
  /** The item before had the same role: it need not be said again. */
  readonly again: boolean;
};

function Content({ view, context, role, again }: ContentProps) {
  const [wanted, setWanted] = useState(false);
  const whole = useEngine('content.get', { key: view.key }, { enabled: wanted });
  const item = view.item ?? whole.data ?? null;
  if (item?.kind === 'message') return <MessageBlock message={item} context={context} again={again} />;
  return (
    <Block role={role} again={again}>
      {item === null ? (
        <>
          <TextView text={view.preview ?? ''} mono={false} />
          <button
            type="button"
            className={styles.more}
            disabled={whole.loading}
            onClick={() => (whole.error ? whole.refetch() : setWanted(true))}
          >
            {whole.error
              ? `${whole.error.message} Try again`
              : whole.loading
                ? 'Loading…'
                : `Load all ${formatBytes(view.size)}`}
          </button>
        </>
      ) : item.kind === 'text' ? (
        <RichText text={item.text} reading="rendered" />
      ) : (
        <Value value={item.value} />
      )}
    </Block>
  );
}

function MessageBlock({
  message,
  context,
  again,
}: {
  readonly message: Message;
  readonly context: Context;
  readonly again: boolean;
}) {
  const [all, setAll] = useOpenWithFind(false, (find) =>
    message.parts.slice(AT_ONCE).some((part) => indexOfText(partText(part), find) >= 0),
  );
  const parts = all ? message.parts : message.parts.slice(0, AT_ONCE);
  return (
    <Block role={message.role} again={again}>
      {parts.map((part, at) => (
        <Part key={at} part={part} context={context} />
      ))}
      {parts.length === 0 && <p className={styles.nothing}>no content</p>}
      {parts.length < message.parts.length && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show {message.parts.length - parts.length} more parts
        </button>
      )}
    </Block>
  );
}

type BlockProps = { readonly role: string; readonly again: boolean; readonly children: React.ReactNode };

function Block({ role, again, children }: BlockProps) {
  const said = visibleString(role.slice(0, 40));
  return (
    <div className={styles.block} data-role={role}>
      <span className={`${styles.role} ${again ? styles.unsaid : ''}`}>{said}</span>
      <div className={styles.blockBody}>{children}</div>
    </div>
  );
}

function Part({ part, context }: { readonly part: MessagePart; readonly context: Context }) {
  switch (part.type) {
    case 'text':
      return <RichText text={part.content} reading="rendered" />;
    case 'reasoning':
      return (
        <Fold
          icon={<Brain size={12} aria-hidden />}
          title="Reasoning"
          note={part.content === '' ? 'not disclosed' : formatBytes(part.content.length)}
          holds={(find) => indexOfText(part.content, find) >= 0}
        >
          <RichText text={part.content} reading="rendered" />
        </Fold>
      );
    case 'tool_call':
      return <Call call={part} context={context} />;
    case 'tool_call_response':
      return <Result result={part} context={context} />;
    case 'blob':
      return <Media base64={part.content} mimeType={part.mimeType} modality={part.modality} />;
    case 'uri':
      return (
        <p className={styles.nothing}>
          <Link size={12} aria-hidden /> {visibleString(part.uri.slice(0, 300))} (not loaded)
        </p>
      );
    case 'file':
      return (
        <p className={styles.nothing}>
          <File size={12} aria-hidden /> {visibleString(part.fileId.slice(0, 300))}
        </p>
      );
    case 'other':
      return <Value value={part.value} />;
  }
}

/** A call that a span executed is one line here: arguments and result stand with the span. */
function Call({ call, context }: { readonly call: ToolCall; readonly context: Context }) {
  const span = context.pairs.spanOfCall.get(call);
  const result = context.pairs.resultOfCall.get(call);
  const head = (
    <>
      {isHandoffTool(call.name) ? <CornerDownRight size={12} aria-hidden /> : <Wrench size={12} aria-hidden />}
      <span className={styles.callName}>{visibleString(call.name.slice(0, NAME)) || 'no name'}</span>
    </>
  );
  if (span !== undefined) {
    return (
      <button
        type="button"
        className={styles.callLine}
        onClick={() => context.onSelect(span)}
        title="Go to its span, below"
      >
        calls {head}
        <span className={styles.oneLine}>{oneLine(call.arguments)}</span>
      </button>
    );
  }
  return (
    <div className={styles.call}>
      <p className={styles.callHead}>calls {head}</p>
      <Labelled label="arguments" value={call.arguments} empty="no arguments" />
      {result && <Labelled label="result" value={result.response} empty="empty result" />}
    </div>
  );
}

function Result({ result, context }: { readonly result: ToolResult; readonly context: Context }) {
  const shown = context.pairs.shown.get(result);
  const name = visibleString((result.name ?? shown?.tool ?? 'a tool').slice(0, NAME));
  if (shown?.span === null) return <p className={styles.nothing}>result of {name}, shown with its call</p>;
  if (shown) {
    const { span } = shown;
    return (
      <button
        type="button"
        className={styles.callLine}
        onClick={() => context.onSelect(span)}
        title="Go to its span, above"
      >
        <CornerUpLeft size={12} aria-hidden /> result of <span className={styles.callName}>{name}</span>
        <span className={styles.oneLine}>{oneLine(result.response)}</span>
      </button>
    );
  }
  return (
    <div className={styles.call}>
      <p className={styles.callHead}>
        <CornerUpLeft size={12} aria-hidden /> result of <span className={styles.callName}>{name}</span>
      </p>
      <Value value={result.response} />
    </div>
  );
}

export function Labelled({
  label,
  value,
  empty,
}: {
  readonly label: string;
  readonly value: Json;
  readonly empty: string;
}) {
  return (
    <div className={styles.labelled}>
      <span className={styles.role}>{label}</span>
      <div className={styles.blockBody}>
        <Value value={value} empty={empty} />
      </div>
    </div>
  );
}

/** A small value on one line, a big one as a tree, a text as text. */
function Value({ value, empty = 'empty' }: { readonly value: Json; readonly empty?: string }) {
  const line = typeof value === 'string' ? null : compact(value);
  if (line !== null && line !== '')
    return <code className={`${styles.compact} selectable`}>{visibleString(line)}</code>;
  if (typeof value === 'string' && value !== '') return <RichText text={value} reading="rendered" />;
  return <JsonContent value={value} reading="rendered" empty={empty} />;
}

function Fold({
  icon,
  title,
  note,
  holds,
  children,
}: {
  readonly icon: React.ReactNode;
  readonly title: string;
  readonly note: string;
  /** It opens for a text that is looked for inside. */
  readonly holds: (find: string) => boolean;
  readonly children: React.ReactNode;
}) {
  const [open, setOpen] = useOpenWithFind(false, holds);
  return (
    <div>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={12} className={open ? styles.turned : undefined} aria-hidden />
        {icon} {title} <span className={styles.quiet}>{note}</span>
      </button>
      {open && children}
    </div>
  );
}
