/** One message by role, part by part. */
import { useMemo, type ReactNode } from 'react';
import { Brain, ChevronRight, CornerDownRight, File, Link, Wrench } from 'lucide-react';
import type { CallCheck } from '#shared/context.ts';
import { partText, type Message, type MessagePart } from '#shared/message.ts';
import { isJsonObject, type Json } from '#shared/json.ts';
import { Chip } from '../../../widgets/chip.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { indexOfText, useOpenWithFind } from '../../../widgets/find-text.ts';
import { formatBytes } from '../../../widgets/format.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { CallVerdict } from './call-verdict.tsx';
import { dataUrl, mediaIn } from './media-kind.ts';
import { Media } from './media.tsx';
import type { MentionedCall } from './relations.ts';
import { RichText, type Reading } from './rich-text.tsx';
import styles from './content.module.css';

/** Parts beyond this are shown when asked for. */
const MOST_PARTS = 60;

export type MessageActions = {
  /** Goes to the span that executed a call; absent = no such link here. */
  readonly followCall?: (call: MentionedCall) => void;
  /** Id of the call that was looked for in vain. */
  readonly missingCall?: string | null;
};

/** A map: a hostile role such as "constructor" must find nothing. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['system', 'System'],
  ['developer', 'Developer'],
  ['user', 'User'],
  ['assistant', 'Assistant'],
  ['tool', 'Tool'],
]);

export function MessageView({
  message,
  reading,
  actions,
  checks = [],
}: {
  message: Message;
  reading: Reading;
  actions?: MessageActions;
  /** What schemas say of its tool calls. */
  checks?: readonly CallCheck[];
}) {
  const [all, setAll] = useOpenWithFind(false, (find) =>
    message.parts.slice(MOST_PARTS).some((part) => indexOfText(partText(part), find) >= 0),
  );
  const parts = all ? message.parts : message.parts.slice(0, MOST_PARTS);
  const role = ROLES.get(message.role) ?? visibleString(message.role.slice(0, 60));
  return (
    <article className={styles.message} data-role={ROLES.has(message.role) ? message.role : 'other'}>
      <header className={styles.messageHead}>
        <span className={styles.role}>{role}</span>
        {message.name !== undefined && (
          <span className={styles.messageName}>{visibleString(message.name.slice(0, 100))}</span>
        )}
        {message.finishReason !== undefined && message.finishReason !== '' && message.finishReason !== 'stop' && (
          <Chip title="Why the model stopped">{visibleString(message.finishReason.slice(0, 60))}</Chip>
        )}
        <span className={styles.headEnd}>
          <CopyButton label="Copy message" text={() => message.parts.map(partText).join('\n')} />
        </span>
      </header>
      {parts.length === 0 && <p className={styles.nothing}>no content</p>}
      {parts.map((part, index) => (
        <Part
          key={index}
          part={part}
          reading={reading}
          actions={actions ?? {}}
          check={checks.find((each) => each.place?.part === index)}
        />
      ))}
      {parts.length < message.parts.length && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show {message.parts.length - parts.length} more parts
        </button>
      )}
    </article>
  );
}

type PartProps = {
  readonly part: MessagePart;
  readonly reading: Reading;
  readonly actions: MessageActions;
  readonly check: CallCheck | undefined;
};

function Part({ part, reading, actions, check }: PartProps) {
  switch (part.type) {
    case 'text':
      return <RichText text={part.content} reading={reading} />;
    case 'reasoning':
      return (
        <Fold
          icon={<Brain size={13} aria-hidden />}
          title="Reasoning"
          note={part.content === '' ? 'not disclosed' : formatBytes(part.content.length)}
          holds={(find) => indexOfText(part.content, find) >= 0}
        >
          {part.content === '' ? (
            <p className={styles.nothing}>The source gives no text.</p>
          ) : (
            <RichText text={part.content} reading={reading} />
          )}
        </Fold>
      );
    case 'tool_call':
      return (
        <section className={styles.call}>
          <CallHead
            icon={<Wrench size={13} aria-hidden />}
            name={part.name === '' ? 'no name' : part.name}
            id={part.id}
          >
            <FollowCall id={part.id} tool={part.name} type={part.type} value={part.arguments} actions={actions} />
            <CopyButton label="Copy arguments" text={() => jsonText(part.arguments)} />
          </CallHead>
          <JsonContent value={part.arguments} reading={reading} empty="no arguments" />
          {check && <CallVerdict check={check} />}
        </section>
      );
    case 'tool_call_response':
      return (
        <section className={styles.call}>
          <CallHead icon={<CornerDownRight size={13} aria-hidden />} name={part.name ?? 'result'} id={part.id}>
            <FollowCall
              id={part.id}
              tool={part.name ?? null}
              type={part.type}
              value={part.response}
              actions={actions}
            />
            <CopyButton label="Copy result" text={() => jsonText(part.response)} />
          </CallHead>
          <JsonContent value={part.response} reading={reading} empty="empty result" />
        </section>
      );
    case 'blob':
      return <Media base64={part.content} mimeType={part.mimeType} modality={part.modality} />;
    case 'uri': {
      const inline = dataUrl(part.uri);
      if (inline) return <Media {...inline} />;
      return (
        <div className={styles.media}>
          <Link size={14} aria-hidden />
          <span className={styles.uri}>{visibleString(part.uri.slice(0, 400))}</span>
          <span>
            {part.modality === null ? 'not loaded' : `${visibleString(part.modality.slice(0, 40))}, not loaded`}
          </span>
          <CopyButton label="Copy address" text={part.uri} />
        </div>
      );
    }
    case 'file':
      return (
        <div className={styles.media}>
          <File size={14} aria-hidden />
          <span className={styles.uri}>{visibleString(part.fileId.slice(0, 400))}</span>
          <CopyButton label="Copy file id" text={part.fileId} />
        </div>
      );
    case 'other':
      return <JsonContent value={part.value} reading={reading} empty="empty part" />;
  }
}

type FollowProps = Omit<MentionedCall, 'id'> & { readonly id: string | null; readonly actions: MessageActions };

function FollowCall({ id, tool, type, value, actions }: FollowProps) {
  if (id === null || id === '' || !actions.followCall) return null;
  const handoff = tool?.startsWith('transfer_to_') ?? false;
  return (
    <button type="button" className={styles.follow} onClick={() => actions.followCall?.({ id, tool, type, value })}>
      {actions.missingCall === id
        ? 'No span is known to be this call'
        : handoff
          ? 'Go to the handoff'
          : 'Go to the tool call'}
    </button>
  );
}

function CallHead({
  icon,
  name,
  id,
  children,
}: {
  icon: ReactNode;
  name: string;
  id: string | null;
  children: ReactNode;
}) {
  return (
    <header className={styles.callHead}>
      {icon}
      <span className={styles.callName} title={name.slice(0, 600)}>
        {visibleString(name.slice(0, 200))}
      </span>
      {id !== null && id !== '' && (
        <span className={styles.callId} title={`Call id ${id.slice(0, 300)}`}>
          {visibleString(id.slice(0, 80))}
        </span>
      )}
      <span className={styles.headEnd}>{children}</span>
    </header>
  );
}

/** A JSON value: structures as a tree, text as text. */
export function JsonContent({ value, reading, empty }: { value: Json; reading: Reading; empty: string }) {
  if (value === null || value === '' || (isJsonObject(value) && Object.keys(value).length === 0))
    return <p className={styles.nothing}>{empty}</p>;
  if (typeof value === 'string') return <RichText text={value} reading={reading} />;
  if (reading === 'text') return <TextView text={jsonText(value)} />;
  return (
    <>
      <JsonTree value={value} openDepth={2} />
      <MediaInside value={value} />
    </>
  );
}

/** Pictures and sounds that a JSON value holds, as the model saw them. */
function MediaInside({ value }: { value: Json }) {
  const found = useMemo(() => mediaIn(value), [value]);
  return found.map((inline, index) => <Media key={index} {...inline} />);
}

/** A part that is closed at first: there, but not in the way. */
export function Fold({
  icon,
  title,
  note,
  holds = () => false,
  children,
}: {
  icon?: ReactNode;
  title: string;
  note?: string;
  /** It opens for a text that is looked for inside. */
  holds?: (find: string) => boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useOpenWithFind(false, holds);
  return (
    <section className={styles.fold}>
      <button type="button" className={styles.foldHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={13} aria-hidden className={open ? styles.opened : undefined} />
        {icon}
        <span>{title}</span>
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </button>
      {open && <div className={styles.foldBody}>{children}</div>}
    </section>
  );
}

export function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
