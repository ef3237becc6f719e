/** One row per agent: what it did, consumed and waited for. Sorted by a click on a head; a click on a row selects the agent. */
import { useMemo, useState } from 'react';
import type { AgentRow, AgentTable as Table } from '#shared/lanes.ts';
import { formatDuration } from '#shared/time.ts';
import { useSelection } from '../../../../state/selection.ts';
import { agentColour } from '../../../../theme/agent-colour.ts';
import { formatCompact, formatCount } from '../../../../widgets/format.ts';
import { Money } from '../../../../widgets/money.tsx';
import { visibleString } from '../../../../widgets/visible-text.ts';
import styles from './lanes-pane.module.css';

type Key = 'generations' | 'toolCalls' | 'errors' | 'tokens' | 'cost' | 'busy' | 'waiting' | 'critical';

const HEADS: readonly { readonly key: Key; readonly label: string; readonly hint: string }[] = [
  { key: 'generations', label: 'Gen', hint: 'Model calls' },
  { key: 'toolCalls', label: 'Tools', hint: 'Tool calls' },
  { key: 'errors', label: 'Errors', hint: 'Spans that failed' },
  { key: 'tokens', label: 'Tokens', hint: 'Tokens in and out' },
  { key: 'cost', label: 'Cost', hint: 'USD' },
  { key: 'busy', label: 'Busy', hint: 'Time in which it worked itself' },
  { key: 'waiting', label: 'Waiting', hint: 'Time in which only what it called worked' },
  { key: 'critical', label: 'On path', hint: 'Its share of the critical path' },
];

/** More rows than anybody reads; the command line gives all. */
const MOST = 500;

export function AgentTable({ table }: { readonly table: Table }) {
  const [sort, setSort] = useState<{ key: Key; down: boolean } | null>(null);
  const { selectSpan } = useSelection.getState();
  // A column in which nothing is known takes room from others.
  const heads = table.cost === null ? HEADS.filter(({ key }) => key !== 'cost') : HEADS;
  const spanId = useSelection((state) => state.spanId);
  const rows = useMemo(() => {
    if (!sort) return table.rows;
    const sign = sort.down ? -1 : 1;
    return [...table.rows].sort((a, b) => sign * (valueOf(a, sort.key) - valueOf(b, sort.key)));
  }, [table, sort]);
  return (
    <div className={styles.tableBox} tabIndex={0} role="region" aria-label="Agents of this trace">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            {heads.map(({ key, label, hint }) => (
              <th key={key} scope="col" aria-sort={sort?.key !== key ? 'none' : sort.down ? 'descending' : 'ascending'}>
                <button
                  type="button"
                  title={hint}
                  onClick={() => setSort(sort?.key === key && !sort.down ? null : { key, down: sort?.key !== key })}
                >
                  {label}
                  <span aria-hidden>{sort?.key === key ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map((row) => (
            <tr key={row.agent} data-selected={(row.spanId !== null && row.spanId === spanId) || undefined}>
              <th scope="row">
                <button type="button" disabled={row.spanId === null} onClick={() => selectSpan(row.spanId)}>
                  <span className={styles.dot} style={{ background: agentColour(row.agent).solid }} />
                  <span className={styles.name} title={visibleString(row.agent)}>
                    {visibleString(row.agent) || 'No agent'}
                  </span>
                  {row.stays > 1 && <span className={styles.times}> ×{row.stays}</span>}
                </button>
              </th>
              <td>{formatCount(row.generations)}</td>
              <td>{formatCount(row.toolCalls)}</td>
              <td data-error={row.errors > 0 || undefined}>{formatCount(row.errors)}</td>
              <td>{tokens(row) === null ? '–' : formatCompact(tokens(row) ?? 0)}</td>
              {table.cost !== null && (
                <td>
                  <Money usd={row.cost} basis={row.costBasis} />
                </td>
              )}
              <td>{time(row.busy)}</td>
              <td>{time(row.waiting)}</td>
              <td>
                {time(row.critical)}
                {row.critical && table.duration ? (
                  <span className={styles.share}> {Math.round((row.critical / table.duration) * 100)} %</span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST && (
        <p className={styles.more}>{formatCount(rows.length - MOST)} more agents are not listed.</p>
      )}
    </div>
  );
}

/** None at all is no "0 ns". */
function time(ns: number | null): string {
  return ns === 0 ? '0' : formatDuration(ns);
}

function tokens({ tokens: { input, output } }: AgentRow): number | null {
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0);
}

function valueOf(row: AgentRow, key: Key): number {
  return (key === 'tokens' ? tokens(row) : row[key]) ?? -1;
}
