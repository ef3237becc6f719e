/** Where it went wrong: a sentence for each finding, most severe first; a click goes to the span. */
import { useState } from 'react';
import { Bug } from 'lucide-react';
import type { Detection, Finding } from '#shared/detect.ts';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { SuspectList } from './suspect-list.tsx';
import styles from './faults.module.css';

type Props = {
  readonly detection: Detection;
  /** How many are shown before the rest is asked for. */
  readonly first: number;
  readonly onGo: (spanId: string) => void;
};

export function FaultList({ detection, first, onGo }: Props) {
  const [all, setAll] = useState(false);
  const { findings, detectors } = detection;
  const titles = new Map(detectors.map((detector) => [detector.id, detector]));
  const shown = all ? findings.slice(0, MOST) : findings.slice(0, first);
  const rest = findings.length - shown.length;
  return (
    <>
      <ul className={styles.list}>
        {shown.map((finding, index) => (
          <li key={index}>
            <Row finding={finding} detector={titles.get(finding.detector)} onGo={onGo} />
          </li>
        ))}
      </ul>
      {rest > 0 && !all && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {formatCount(rest)} more
        </button>
      )}
      {rest > 0 && all && <p className={styles.note}>{formatCount(rest)} more are not shown.</p>}
      <SuspectList suspects={detection.suspects} onGo={onGo} />
      {!detection.complete && (
        <p className={styles.note}>Some contents are too large for the rules to read, so there may be more.</p>
      )}
    </>
  );
}

const MOST = 500;

type RowProps = {
  readonly finding: Finding;
  readonly detector: Detection['detectors'][number] | undefined;
  readonly onGo: (spanId: string) => void;
};

function Row({ finding, detector, onGo }: RowProps) {
  const [first] = finding.spanIds;
  return (
    <button
      type="button"
      className={styles.finding}
      data-severity={finding.severity}
      title={[detector?.definition ?? '', ...finding.evidence.map((text) => `“${text}”`)].join('\n\n').slice(0, 1_500)}
      onClick={() => {
        if (first !== undefined) onGo(first);
      }}
    >
      <Bug size={13} role="img" aria-label={`${finding.severity} severity`} />
      <span className={styles.text}>
        <span className={styles.kind}>{detector?.title ?? finding.detector}</span>
        <span className={styles.reason}>{visibleString(finding.reason.slice(0, 400))}</span>
      </span>
    </button>
  );
}
