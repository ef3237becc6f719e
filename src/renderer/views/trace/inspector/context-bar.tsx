/** What the input of a generation is made of, by share of tokens. */
import { useId, useState } from 'react';
import { ChevronRight } from 'lucide-react';
import type { ContextPart, OfferedTool, SpanContext } from '#shared/context.ts';
import { TOKEN_RULE } from '#shared/context.ts';
import { formatBytes, formatCount } from '../../../widgets/format.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { CONTEXT_LABELS, CONTEXT_MEANINGS, itemsOf, share } from './context-words.ts';
import { SectionHead } from './section-head.tsx';
import inspector from './inspector.module.css';
import styles from './context.module.css';

const MOST_TOOLS = 60;

type Props = {
  readonly context: SpanContext;
  /** Goes to the messages of a part. */
  readonly onPart: (part: ContextPart) => void;
};

export function ContextBar({ context, onPart }: Props) {
  const { parts, total, stated, cached, tools } = context;
  const [toolsOpen, setToolsOpen] = useState(false);
  const toolsId = useId();
  if (parts.length === 0) return null;
  const choose = (part: ContextPart): void => (part.kind === 'tools' ? setToolsOpen(!toolsOpen) : onPart(part));
  return (
    <section className={inspector.section} aria-label="Context" data-testid="context">
      <SectionHead title="Context">
        <span className={styles.total}>
          {stated ? '' : 'about '}
          {formatCount(total)} tokens
        </span>
      </SectionHead>
      <div className={styles.bar} aria-hidden>
        {parts.map((part) => (
          <span
            key={part.kind}
            className={styles.piece}
            data-part={part.kind}
            style={{ flexGrow: Math.max(part.tokens, total / 200) }}
            title={`${CONTEXT_LABELS[part.kind]} · ${formatCount(part.tokens)} tokens · ${share(part.tokens, total)}`}
            onClick={() => choose(part)}
          />
        ))}
      </div>
      {cached !== null && cached > 0 && (
        <div className={styles.cache} aria-hidden>
          <span style={{ width: `${Math.min(100, (cached / Math.max(1, total)) * 100)}%` }} />
        </div>
      )}
      <table className={styles.legend}>
        <caption className={styles.unseen}>Parts of the context, by tokens</caption>
        <tbody>
          {parts.map((part) => (
            <tr key={part.kind}>
              <th scope="row">
                <PartName part={part} open={part.kind === 'tools' ? toolsOpen : null} panel={toolsId} onPart={choose} />
              </th>
              <td className={styles.items}>{itemsOf(part)}</td>
              <td>{formatCount(part.tokens)}</td>
              <td className={styles.share}>{share(part.tokens, total)}</td>
            </tr>
          ))}
          {cached !== null && cached > 0 && (
            <tr className={styles.cacheRow}>
              <th scope="row">
                <span className={styles.swatch} data-part="cache" aria-hidden />
                from cache
              </th>
              <td />
              <td>{formatCount(cached)}</td>
              <td className={styles.share}>{share(cached, total)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {toolsOpen && <Tools id={toolsId} tools={tools} />}
      <p className={styles.rule} title={TOKEN_RULE}>
        {!stated
          ? `Estimated from what was recorded, for the source states no input tokens. ${TOKEN_RULE}`
          : parts.some((part) => part.estimated)
            ? 'The total is stated; how it divides is estimated by the length of what was recorded.'
            : 'As the source states it.'}
      </p>
    </section>
  );
}

type NameProps = {
  readonly part: ContextPart;
  /** Whether its panel is open; null = it has none. */
  readonly open: boolean | null;
  readonly panel: string;
  readonly onPart: (part: ContextPart) => void;
};

function PartName({ part, open, panel, onPart }: NameProps) {
  const { kind } = part;
  const name = (
    <>
      <span className={styles.swatch} data-part={kind} aria-hidden />
      {CONTEXT_LABELS[kind]}
    </>
  );
  if (kind === 'unrecorded') {
    return (
      <span className={styles.plainName} title={CONTEXT_MEANINGS[kind]}>
        {name}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={styles.name}
      title={CONTEXT_MEANINGS[kind]}
      {...(open === null ? {} : { 'aria-expanded': open, 'aria-controls': open ? panel : undefined })}
      onClick={() => onPart(part)}
    >
      {name}
      {open !== null && <ChevronRight size={12} aria-hidden className={open ? styles.opened : undefined} />}
    </button>
  );
}

function Tools({ id, tools }: { id: string; tools: readonly OfferedTool[] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <ul id={id} className={styles.tools}>
      {tools.slice(0, MOST_TOOLS).map((tool) => (
        <li key={tool.name}>
          <button
            type="button"
            className={styles.tool}
            aria-expanded={open === tool.name}
            onClick={() => setOpen(open === tool.name ? null : tool.name)}
          >
            <ChevronRight size={12} aria-hidden className={open === tool.name ? styles.opened : undefined} />
            <span className={styles.toolName}>{visibleString(tool.name.slice(0, 200))}</span>
            <span className={styles.quiet}>{formatBytes(tool.bytes)}</span>
          </button>
          {open === tool.name && (
            <div className={styles.toolBody}>
              {tool.description !== null && tool.description !== '' && (
                <p>{visibleString(tool.description.slice(0, 4_000))}</p>
              )}
              {tool.schema === null ? (
                <p className={styles.quiet}>No schema is recorded.</p>
              ) : (
                <JsonTree value={tool.schema} openDepth={2} label={`Schema of ${tool.name.slice(0, 100)}`} />
              )}
            </div>
          )}
        </li>
      ))}
      {tools.length > MOST_TOOLS && <li className={styles.quiet}>and {formatCount(tools.length - MOST_TOOLS)} more</li>}
    </ul>
  );
}
