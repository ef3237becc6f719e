/** What of the log is shown, and what can be done with it. */
import { SPAN_KINDS } from '#shared/record.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { useMemo } from 'react';
import { KIND_LABELS } from '../../../../theme/kind-icon.tsx';
import { CopyButton } from '../../../../widgets/copy-button.tsx';
import { formatCount } from '../../../../widgets/format.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';
import type { LogFilter, LogKind } from './log-filter.ts';
import styles from './log.module.css';

/** A list of more names than this is no list to choose from: the field for text finds the others. */
const MOST_AGENTS = 300;

type Props = {
  readonly columns: SpanColumns;
  readonly hasEvents: boolean;
  readonly hasFindings: boolean;
  readonly hasAnnotations: boolean;
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
  readonly shown: number;
  readonly total: number;
  /** Null = everything that is shown. */
  readonly chosen: number | null;
  readonly copy: () => Promise<string>;
};

export function LogBar(props: Props) {
  const { columns, filter, onFilter, shown, total, chosen, copy } = props;
  const kinds = useMemo(() => SPAN_KINDS.filter((_, code) => columns.kind.includes(code)), [columns]);
  const agents = useMemo(() => {
    const codes = new Set(columns.agent);
    return [...codes].slice(0, MOST_AGENTS).map((code) => columns.strings[code] ?? '');
  }, [columns]);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Log">
      <input
        className={styles.search}
        type="search"
        placeholder="Filter by text"
        aria-label="Filter the log by text"
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && filter.text !== '') {
            event.stopPropagation();
            onFilter({ ...filter, text: '' });
          }
        }}
      />
      <select
        className={styles.select}
        aria-label="Kind"
        value={filter.kind}
        onChange={(event) => onFilter({ ...filter, kind: event.target.value as LogKind })}
      >
        <option value="all">All kinds</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {KIND_LABELS[kind]}
          </option>
        ))}
        {props.hasEvents && <option value="event">Events</option>}
        <option value="error">Errors</option>
        {props.hasFindings && <option value="finding">Findings</option>}
        {props.hasAnnotations && <option value="annotation">Annotations</option>}
      </select>
      {agents.length > 1 && (
        <select
          className={styles.select}
          aria-label="Agent"
          value={filter.agent === null ? 'all' : `=${filter.agent}`}
          onChange={(event) =>
            onFilter({ ...filter, agent: event.target.value === 'all' ? null : event.target.value.slice(1) })
          }
        >
          <option value="all">All agents</option>
          {agents.map((agent) => (
            <option key={agent} value={`=${agent}`}>
              {agent === '' ? 'No agent' : visibleString(agent.slice(0, 60))}
            </option>
          ))}
        </select>
      )}
      <span className={styles.fill} />
      <span className={styles.counted} role="status">
        {shown === total ? `${formatCount(total)} entries` : `${formatCount(shown)} of ${formatCount(total)}`}
      </span>
      <CopyButton
        text={copy}
        label={chosen === null ? 'Copy the log as text' : `Copy ${formatCount(chosen)} entries`}
      />
    </div>
  );
}
