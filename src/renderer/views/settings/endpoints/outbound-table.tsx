/** Every request that was sent to an endpoint: the only ones that the app makes of its own accord. */
import { useState } from 'react';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { OutboundRow } from '#shared/endpoint.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatBytes, formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { PURPOSE_WORDS } from './wording.ts';
import styles from './endpoints.module.css';

const LISTED = 200;

export function OutboundTable() {
  const [open, setOpen] = useState(false);
  const { data } = useEngine('outbound.list', { limit: LISTED }, { keepPrevious: true });
  if (!data) return null;
  if (data.requests === 0) return <p className={styles.dim}>No request has been sent to any endpoint.</p>;
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <div className={styles.outbound}>
      <Button
        variant="ghost"
        aria-expanded={open}
        icon={<Arrow size={13} aria-hidden />}
        onClick={() => setOpen(!open)}
      >
        {data.requests === 1 ? '1 request' : `${formatCount(data.requests)} requests`} sent,{' '}
        {formatBytes(data.bytesSent)}
      </Button>
      {open && (
        <div className={styles.tableBox} tabIndex={0} role="region" aria-label="Requests that were sent">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Host</th>
                <th scope="col">For</th>
                <th scope="col" className={styles.number}>
                  Sent
                </th>
                <th scope="col" className={styles.number}>
                  Received
                </th>
                <th scope="col">Answer</th>
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row) => (
                <tr key={row.id}>
                  <td>
                    <time dateTime={new Date(row.time).toISOString()}>{new Date(row.time).toLocaleString()}</time>
                  </td>
                  <td className={styles.mono}>{visibleString(row.host)}</td>
                  <td>{PURPOSE_WORDS[row.purpose]}</td>
                  <td className={styles.number}>{formatBytes(row.bytesSent)}</td>
                  <td className={styles.number}>{formatBytes(row.bytesReceived)}</td>
                  <td className={row.error === null ? '' : styles.problem}>{answerOf(row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.requests > data.rows.length && (
            <p className={styles.more}>The last {formatCount(data.rows.length)} are listed.</p>
          )}
        </div>
      )}
    </div>
  );
}

function answerOf({ status, error, durationMs }: OutboundRow): string {
  const after = `${(durationMs / 1_000).toFixed(1)} s`;
  return error === null ? `${status ?? ''} after ${after}` : `${visibleString(error)} (${after})`;
}
