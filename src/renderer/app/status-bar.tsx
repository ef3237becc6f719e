import { useState } from 'react';
import { Globe, Info, ShieldCheck, X } from 'lucide-react';
import type { EngineEvents } from '#shared/rpc/contract.ts';
import type { Job } from '../state/jobs.ts';
import { useEngine, useEngineEvent } from '../data/engine.ts';
import { useJobs } from '../state/jobs.ts';
import { formatBytes, formatCompact, formatCount } from '../widgets/format.ts';
import { Tooltip } from '../widgets/tooltip.tsx';
import styles from './status-bar.module.css';

export function StatusBar() {
  const info = useEngine('engine.info', undefined).data;
  const jobs = useJobs((state) => state.jobs);
  const [live, setLive] = useState<EngineEvents['collector'] | null>(null);
  const [hidden, setHidden] = useState<string | null>(null);
  useEngineEvent('collector', setLive);

  const bytes = Math.max(live?.fileBytes ?? 0, info?.fileBytes ?? 0);
  const notice = info?.notice ?? null;
  return (
    <footer className={styles.bar}>
      {info && (
        <span className={styles.facts}>
          <Fact count={info.traces} word="trace" />
          <Fact count={info.spans} word="span" compact />
          <span>{formatBytes(bytes)}</span>
        </span>
      )}
      <Outbound />
      {info?.readOnly === true && <span className={styles.warn}>opened read-only</span>}
      {notice !== null && notice !== hidden && (
        <span className={styles.notice}>
          <Info size={12} aria-hidden />
          <Tooltip content={notice} side="top">
            <span className={styles.noticeText}>{notice}</span>
          </Tooltip>
          <button
            type="button"
            className={styles.close}
            aria-label="Hide this notice"
            onClick={() => setHidden(notice)}
          >
            <X size={11} aria-hidden />
          </button>
        </span>
      )}
      <span className={styles.jobs} role="status">
        {jobs.map((job) => (
          <JobProgress key={job.jobId} job={job} />
        ))}
      </span>
    </footer>
  );
}

/** Judges are all that may send something elsewhere; Settings lists what they sent. */
function Outbound() {
  const { data } = useEngine('outbound.list', { limit: 1 });
  if (!data) return null;
  const { elsewhere } = data;
  return (
    <span className={styles.fact}>
      {elsewhere === 0 ? <ShieldCheck size={12} aria-hidden /> : <Globe size={12} aria-hidden />}{' '}
      {elsewhere === 0
        ? 'nothing has left this computer'
        : `${formatCount(elsewhere)} ${elsewhere === 1 ? 'request' : 'requests'} sent to other computers`}
    </span>
  );
}

function Fact({
  count,
  word,
  compact = false,
}: {
  readonly count: number;
  readonly word: string;
  readonly compact?: boolean;
}) {
  return (
    <span title={`${formatCount(count)} ${word}${count === 1 ? '' : 's'}`}>
      {compact ? formatCompact(count) : formatCount(count)} {word}
      {count === 1 ? '' : 's'}
    </span>
  );
}

function JobProgress({ job }: { readonly job: Job }) {
  const known = job.total > 0;
  const share = known ? Math.min(1, job.done / job.total) : 0;
  const amount =
    job.unit === 'bytes' ? formatBytes(job.done) : job.done > 0 ? `${formatCount(job.done)} ${job.unit}` : '';
  return (
    <span className={styles.job}>
      <span className={styles.jobLabel}>{job.label}</span>
      <span
        className={`${styles.track} ${known ? '' : styles.unknown}`}
        role="progressbar"
        aria-label={job.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={known ? Math.round(share * 100) : undefined}
      >
        <span className={styles.done} style={{ width: known ? `${share * 100}%` : '30%' }} />
      </span>
      <span>{known ? `${Math.floor(share * 100)} %` : amount}</span>
      {job.cancel && (
        <button type="button" className={styles.close} aria-label={`Cancel: ${job.label}`} onClick={job.cancel}>
          <X size={11} aria-hidden />
        </button>
      )}
    </span>
  );
}
