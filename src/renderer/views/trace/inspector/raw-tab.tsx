/** The bytes that a span came in, as they came. */
import { useMemo, useState } from 'react';
import { nsToIso } from '#shared/time.ts';
import { useEngine } from '../../../data/engine.ts';
import { Chip } from '../../../widgets/chip.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatBytes } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { HexView } from './hex-view.tsx';
import { spanInRaw } from './raw-span.ts';
import { Choice } from './choice.tsx';
import styles from './inspector.module.css';

const EXTENTS = [
  { id: 'span', label: 'This span' },
  { id: 'whole', label: 'Everything received with it' },
] as const;

export function RawTab({ traceId, spanId }: { traceId: string; spanId: string }) {
  const raw = useEngine('span.raw', { traceId, spanId });
  const [extent, setExtent] = useState<'span' | 'whole'>('span');
  const received = raw.data?.text ?? null;
  const own = useMemo(() => (received === null ? null : spanInRaw(received, spanId)), [received, spanId]);
  if (raw.error) return <ErrorState error={raw.error} onRetry={raw.refetch} />;
  if (!raw.data) return <Spinner label="Loading the received bytes" />;
  const { format, contentType, receivedAt, bytes, text, base64, truncated } = raw.data;
  return (
    <section className={styles.section}>
      <div className={styles.rawHead}>
        <Chip title="Format">{visibleString(format)}</Chip>
        {contentType !== null && <Chip title="Content type">{visibleString(contentType.slice(0, 100))}</Chip>}
        <Chip title="Received">{nsToIso(BigInt(Math.round(receivedAt)) * 1_000_000n)}</Chip>
        <Chip>{formatBytes(bytes)}</Chip>
        <span className={styles.end}>
          <CopyButton label="Copy raw" text={own !== null && extent === 'span' ? own : (text ?? base64 ?? '')} />
        </span>
      </div>
      {truncated && <p className={styles.explain}>Only the beginning is shown; {formatBytes(bytes)} were received.</p>}
      {own !== null && (
        <Choice label="How much of what was received" choices={EXTENTS} value={extent} onChange={setExtent} />
      )}
      {own !== null && extent === 'span' ? (
        <TextView text={own} />
      ) : text !== null ? (
        <TextView text={text} highlight={[spanId]} />
      ) : base64 !== null ? (
        <HexView base64={base64} />
      ) : (
        <p className={styles.explain}>Nothing was kept.</p>
      )}
    </section>
  );
}
