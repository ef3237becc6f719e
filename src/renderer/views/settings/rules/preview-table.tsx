/** What would change, span by span. */
import type { RulesPreview } from '#shared/rpc/contract.ts';
import { go } from '../../../state/place.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { FIELD_NAMES, valueText } from './wording.ts';
import styles from './rules.module.css';

type Props = {
  readonly preview: RulesPreview;
  /** Called before a span is opened. */
  readonly onLeave?: () => void;
};

export function PreviewTable({ preview, onLeave }: Props) {
  if (preview.changes.length === 0) return null;
  const listed = preview.changes.filter((change) => change.spanId !== null).length;
  return (
    <div className={styles.tableBox} tabIndex={0} role="region" aria-label="What would change">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Span</th>
            <th scope="col">Trace</th>
            <th scope="col">Before → after</th>
          </tr>
        </thead>
        <tbody>
          {preview.changes.map(({ traceId, traceName, spanId, spanName, fields }) => (
            <tr key={`${traceId} ${spanId ?? ''}`}>
              <td>
                <button
                  type="button"
                  className={styles.link}
                  onClick={() => {
                    onLeave?.();
                    go({ view: 'trace', traceId, span: spanId });
                  }}
                >
                  {spanId === null ? 'the whole trace' : visibleString(spanName === '' ? 'no name' : spanName)}
                </button>
              </td>
              <td className={styles.dim} title={traceName}>
                {visibleString(traceName)}
              </td>
              <td>
                {fields.map((change) => (
                  <span key={change.field} className={styles.change}>
                    <span className={styles.dim}>{FIELD_NAMES[change.field]}</span>
                    <span className={styles.before}>{valueText(change, change.before, false)}</span>
                    <span aria-label="becomes">→</span>
                    <strong>{valueText(change, change.after, true)}</strong>
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {preview.spans > listed && <p className={styles.more}>The first {listed} are listed.</p>}
    </div>
  );
}
