/** The bytes that a span came in, as they came. */
import { useEngine } from '../../../data/engine.ts';
import { ReceivedBytes } from '../../../widgets/received-bytes.tsx';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import styles from './inspector.module.css';

export function RawTab({ traceId, spanId }: { traceId: string; spanId: string }) {
  const raw = useEngine('span.raw', { traceId, spanId });
  if (raw.error) return <ErrorState error={raw.error} onRetry={raw.refetch} />;
  if (!raw.data) return <Spinner label="Loading the received bytes" />;
  return (
    <section className={styles.section}>
      <ReceivedBytes raw={raw.data} spanId={spanId} />
    </section>
  );
}
