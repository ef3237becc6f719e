/** What came of a run, drawn small: its status, its counts as a bar with words, a rate with its interval. */
import { Ban, CircleCheck, CircleX, Clock, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { RunCounts, RunStatus } from '#shared/eval.ts';
import { formatCount } from '../../../widgets/format.ts';
import { rateWords, STATUS_WORDS, type Rate } from '../words.ts';
import styles from './figures.module.css';

const ICONS: Readonly<Record<RunStatus, LucideIcon>> = {
  queued: Clock,
  running: LoaderCircle,
  done: CircleCheck,
  cancelled: Ban,
  failed: CircleX,
};

export function StatusMark({ status }: { readonly status: RunStatus }) {
  const Icon = ICONS[status];
  return (
    <span className={styles.status} data-status={status}>
      <Icon size={13} aria-hidden />
      {STATUS_WORDS[status]}
    </span>
  );
}

const PARTS = ['passed', 'failed', 'errored', 'neither'] as const;

/** All items from left to right; what is due is the empty end. */
export function CountsBar({ counts, words = true }: { readonly counts: RunCounts; readonly words?: boolean }) {
  const parts = PARTS.filter((part) => counts[part] > 0);
  const due = counts.total - counts.done;
  const said = [...parts.map((part) => `${formatCount(counts[part])} ${part}`)];
  if (due > 0) said.push(`${formatCount(due)} due`);
  const whole = said.length === 0 ? 'no items' : said.join(', ');
  return (
    <div className={styles.counts} title={whole}>
      <div className={styles.bar} role="img" aria-label={whole}>
        {parts.map((part) => (
          <span key={part} data-part={part} style={{ flex: `${counts[part]} 0 0` }} />
        ))}
        {due > 0 && <span style={{ flex: `${due} 0 0` }} />}
      </div>
      {words && (
        <div className={styles.words} aria-hidden>
          {parts.map((part) => (
            <span key={part} data-part={part}>
              {formatCount(counts[part])} {part}
            </span>
          ))}
          {due > 0 && <span>{formatCount(due)} due</span>}
          {said.length === 0 && <span>no items</span>}
        </div>
      )}
    </div>
  );
}

/** A rate on the way from 0 to 1, with its interval, and the share that was asked for as a dotted line. */
export function RateBar({ rate, threshold = null }: { readonly rate: Rate; readonly threshold?: number | null }) {
  const said = `${rateWords(rate)}${threshold === null ? '' : `, at least ${Math.round(threshold * 100)} % asked for`}`;
  return (
    <span
      className={styles.rate}
      role="img"
      aria-label={said}
      title={`${said}. The bracket is the 95 % interval ${overWords(rate)}.`}
    >
      <span className={styles.fill} style={{ width: `${rate.share * 100}%` }} />
      <span className={styles.band} style={{ left: `${rate.low * 100}%`, width: `${(rate.high - rate.low) * 100}%` }} />
      <span className={styles.point} style={{ left: `${rate.share * 100}%` }} />
      {threshold !== null && <span className={styles.goal} style={{ left: `${threshold * 100}%` }} />}
    </span>
  );
}

function overWords({ of, tasks }: Rate): string {
  return tasks === of
    ? `(Wilson) over ${formatCount(of)} that passed or failed`
    : `over ${formatCount(of)} that passed or failed, clustered by their ${formatCount(tasks)} tasks`;
}
