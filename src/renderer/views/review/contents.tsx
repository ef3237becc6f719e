/** What a step read and wrote, as a reviewer reads it. All of it is content from a trace: shown, never obeyed. */
import { memo, useState } from 'react';
import { Brain, CornerUpLeft, File, Link, ScrollText, Wrench } from 'lucide-react';
import type { Json } from '#shared/json.ts';
import { partText, type MessagePart } from '#shared/message.ts';
import type { ContentView } from '#shared/trace.ts';
import { useEngine } from '../../data/engine.ts';
import { formatBytes } from '../../widgets/format.ts';
import { JsonTree } from '../../widgets/json-tree.tsx';
import { Markdown } from '../../widgets/markdown.tsx';
import { TextView } from '../../widgets/text-view.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import styles from './reader.module.css';

/** More than this wait for a click. */
const AT_ONCE = 12;
const PARTS = 20;
/** Markdown beyond this costs more than it helps: the next item must be there at once. */
const RENDERED = 6_000;
const NAME = 120;
/** Long instructions are the same in every trace: a reviewer opens them when they matter. */
const INSTRUCTING: ReadonlySet<string> = new Set(['system', 'developer']);
const FOLDED = 600;

type Props = {
  readonly views: readonly ContentView[];
  /** Said of text and JSON without a role of its own. */
  readonly role: string;
  /** The last ones say most, the first are mostly known: where they are many, show the end. */
  readonly fromEnd?: boolean;
};

export const Contents = memo(function Contents({ views, role, fromEnd = false }: Props) {
  const [all, setAll] = useState(false);
  const shown = all ? views : fromEnd ? views.slice(-AT_ONCE) : views.slice(0, AT_ONCE);
  const more = views.length - shown.length;
  const button = more > 0 && (
    <button type="button" className={styles.more} onClick={() => setAll(true)}>
      Show {more} {fromEnd ? 'earlier' : 'more'} {more === 1 ? 'message' : 'messages'}
    </button>
  );
  return (
    <>
      {fromEnd && button}
      {shown.map((view, at) => (
        <Content key={`${at} ${view.key}`} view={view} role={role} />
      ))}
      {!fromEnd && button}
    </>
  );
});

function Content({ view, role }: { readonly view: ContentView; readonly role: string }) {
  const [wanted, setWanted] = useState(false);
  const whole = useEngine('content.get', { key: view.key }, { enabled: wanted });
  const item = view.item ?? whole.data ?? null;
  if (item === null) {
    return (
      <Block role={role}>
        <TextView text={view.preview ?? ''} mono={false} />
        <button type="button" className={styles.more} disabled={whole.loading} onClick={() => setWanted(true)}>
          {whole.error ? `${whole.error.message} Try again` : `Load all ${formatBytes(view.size)}`}
        </button>
      </Block>
    );
  }
  if (item.kind === 'text')
    return (
      <Block role={role}>
        <Text text={item.text} />
      </Block>
    );
  if (item.kind === 'json')
    return (
      <Block role={role}>
        <Value value={item.value} />
      </Block>
    );
  const size = item.parts.reduce((sum, part) => sum + partText(part).length, 0);
  if (INSTRUCTING.has(item.role) && size > FOLDED) {
    return (
      <Block role={item.role}>
        <details className={styles.fold}>
          <summary>
            <ScrollText size={12} aria-hidden /> Instructions of {formatBytes(size)}
          </summary>
          {item.parts.slice(0, PARTS).map((part, at) => (
            <Part key={at} part={part} />
          ))}
        </details>
      </Block>
    );
  }
  return (
    <Block role={item.role}>
      {item.parts.slice(0, PARTS).map((part, at) => (
        <Part key={at} part={part} />
      ))}
      {item.parts.length === 0 && <p className={styles.nothing}>no content</p>}
      {item.parts.length > PARTS && (
        <p className={styles.nothing}>and {item.parts.length - PARTS} more parts: open the trace to read them</p>
      )}
    </Block>
  );
}

function Block({ role, children }: { readonly role: string; readonly children: React.ReactNode }) {
  return (
    <div className={styles.block} data-role={role}>
      <span className={styles.role}>{visibleString(role.slice(0, 40))}</span>
      <div className={styles.body}>{children}</div>
    </div>
  );
}

function Text({ text }: { readonly text: string }) {
  if (text.trim() === '') return <p className={styles.nothing}>empty</p>;
  return text.length <= RENDERED ? <Markdown text={text} /> : <TextView text={text} mono={false} />;
}

function Part({ part }: { readonly part: MessagePart }) {
  switch (part.type) {
    case 'text':
      return <Text text={part.content} />;
    case 'reasoning':
      return (
        <details className={styles.fold}>
          <summary>
            <Brain size={12} aria-hidden /> Reasoning
          </summary>
          <Text text={part.content} />
        </details>
      );
    case 'tool_call':
      return (
        <div className={styles.call}>
          <p className={styles.callHead}>
            <Wrench size={12} aria-hidden /> calls <b>{visibleString(part.name.slice(0, NAME)) || 'no name'}</b>
          </p>
          <Value value={part.arguments} />
        </div>
      );
    case 'tool_call_response':
      return (
        <div className={styles.call}>
          <p className={styles.callHead}>
            <CornerUpLeft size={12} aria-hidden /> result{' '}
            {part.name === undefined ? '' : `of ${visibleString(part.name.slice(0, NAME))}`}
          </p>
          <Value value={part.response} />
        </div>
      );
    case 'blob':
      return (
        <p className={styles.nothing}>
          <File size={12} aria-hidden /> {part.modality} of {formatBytes(Math.floor((part.content.length * 3) / 4))}:
          open the trace to see it
        </p>
      );
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

function Value({ value }: { readonly value: Json }) {
  if (typeof value === 'string') return <Text text={value} />;
  if (value === null || typeof value !== 'object') return <code className="selectable">{String(value)}</code>;
  if (Object.keys(value).length === 0) return <p className={styles.nothing}>empty</p>;
  return <JsonTree value={value} label="Value" />;
}
