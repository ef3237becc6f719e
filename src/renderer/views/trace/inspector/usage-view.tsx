/** Tokens and cost of one span, and what the numbers mean. */
import type { SpanDetail } from '#shared/trace.ts';
import type { Usage } from '#shared/record.ts';
import { formatCount } from '../../../widgets/format.ts';
import { Money } from '../../../widgets/money.tsx';
import type { SpanRow } from '../model/span-table.ts';
import styles from './inspector.module.css';

export function UsageView({ detail, row }: { detail: SpanDetail; row: SpanRow | null }) {
  const { usage, reportedUsage } = detail;
  // A stated cost that is a total of the spans below counts nowhere; it is shown where it was said.
  const cost = detail.cost ?? row?.cost ?? null;
  const basis = detail.cost === null ? (row?.costBasis ?? null) : 'stated';
  if (!usage && !reportedUsage && cost === null) return null;
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>Tokens and cost</h3>
      {usage && <UsageTable usage={usage} title="this span" />}
      {reportedUsage && (
        <UsageTable usage={reportedUsage} title={usage ? 'reported total' : 'total with nested spans'} />
      )}
      {cost !== null && (
        <dl className={styles.facts}>
          <dt>Cost</dt>
          <dd>
            <Money usd={cost} basis={basis} of={{ tokens: usage, models: [detail.model ?? ''], single: true }} />
          </dd>
        </dl>
      )}
      {reportedUsage && (
        <p className={styles.explain}>
          The source reports this total. It includes nested spans and is not added to them.
        </p>
      )}
    </section>
  );
}

function UsageTable({ usage, title }: { usage: Usage; title: string }) {
  return (
    <table className={styles.usage}>
      <caption>{title}</caption>
      <tbody>
        <Line name="Input" value={usage.input} />
        <Line name="from cache" value={usage.cacheRead} part />
        <Line name="written to cache" value={usage.cacheWrite} part />
        <Line name="Output" value={usage.output} />
        <Line name="reasoning" value={usage.reasoning} part />
      </tbody>
    </table>
  );
}

function Line({ name, value, part = false }: { name: string; value: number | null; part?: boolean }) {
  // Parts that the source does not mention are left out; the two main figures say that they are unknown.
  if (value === null && part) return null;
  return (
    <tr data-part={part || undefined}>
      <th scope="row">{name}</th>
      <td>{value === null ? 'not stated' : formatCount(value)}</td>
    </tr>
  );
}
