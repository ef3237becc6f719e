/** A received body, as it came. */
import { useMemo, useState } from 'react';
import { nsToIso } from '#shared/time.ts';
import type { RawBody } from '#shared/trace.ts';
import { Chip } from './chip.tsx';
import { Choice } from './choice.tsx';
import { CopyButton } from './copy-button.tsx';
import { formatBytes } from './format.ts';
import { HexView } from './hex-view.tsx';
import { spanInRaw } from './raw-span.ts';
import { TextView } from './text-view.tsx';
import { visibleString } from './visible-text.ts';
import styles from './received-bytes.module.css';

const EXTENTS = [
  { id: 'span', label: 'This span' },
  { id: 'whole', label: 'Everything received with it' },
] as const;

/** With `spanId` that span alone is shown first, where the text says where it begins and ends. */
export function ReceivedBytes({ raw, spanId }: { readonly raw: RawBody; readonly spanId: string | null }) {
  const [extent, setExtent] = useState<'span' | 'whole'>('span');
  const { format, contentType, receivedAt, bytes, text, base64, truncated } = raw;
  const own = useMemo(() => (text === null || spanId === null ? null : spanInRaw(text, spanId)), [text, spanId]);
  return (
    <>
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
        <TextView text={text} highlight={spanId === null ? [] : [spanId]} />
      ) : base64 !== null ? (
        <HexView base64={base64} />
      ) : (
        <p className={styles.explain}>Nothing was kept.</p>
      )}
    </>
  );
}
