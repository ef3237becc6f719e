/** All spans of a name together, on whatever path: what it took itself, and with all that is inside it. */
import { useMemo, useState } from 'react';
import { byName, type NameWeight } from '../../../../charts/flame/left-heavy.ts';
import { useSelection } from '../../../../state/selection.ts';
import { KindIcon } from '../../../../theme/kind-icon.tsx';
import { formatCount } from '../../../../widgets/format.ts';
import { readRow } from '../../model/span-table.ts';
import { useAgentPaint } from '../../tree/agent-paint.ts';
import { spanName } from './flame-paint.ts';
import { share, WEIGHT_LABELS, weightText } from './flame-words.ts';
import type { FlameScene, Folded } from './scene.ts';
import styles from './flame.module.css';

type Key = 'total' | 'self' | 'count' | 'errors';

/** More rows than anybody reads. */
const MOST = 500;

export function NameTable({ scene, folded }: { readonly scene: FlameScene; readonly folded: Folded }) {
  const [sort, setSort] = useState<{ readonly key: Key; readonly down: boolean }>({ key: 'total', down: true });
  const spanId = useSelection((state) => state.spanId);
  const { selectSpan } = useSelection.getState();
  const paint = useAgentPaint();
  const { merged, weighed, weight } = folded;
  const { columns } = scene.table;
  const all = useMemo(() => byName(merged, weighed), [merged, weighed]);
  const rows = useMemo(() => {
    const sign = sort.down ? -1 : 1;
    return [...all].sort((a, b) => sign * (a[sort.key] - b[sort.key]) || b.total - a.total).slice(0, MOST);
  }, [all, sort]);
  const selectedRow = spanId === null ? -1 : scene.table.rowOf(spanId);
  const selectedName = selectedRow < 0 ? -1 : (columns.name[selectedRow] ?? -1);
  const what = WEIGHT_LABELS[weight].toLowerCase();
  const heads: readonly { readonly key: Key; readonly label: string; readonly hint: string }[] = [
    { key: 'count', label: 'Spans', hint: 'How many spans have this name' },
    { key: 'errors', label: 'Errors', hint: 'How many of them failed' },
    { key: 'self', label: 'Self', hint: `Own ${what}, without what is inside` },
    { key: 'total', label: 'Total', hint: `Own ${what} and all that is inside; a name inside itself counts once` },
  ];
  function select({ node }: NameWeight): void {
    selectSpan(columns.ids[scene.face[node] ?? -1] ?? null);
  }
  return (
    <div className={styles.tableBox} tabIndex={0} role="region" aria-label="Weights by name">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {heads.map(({ key, label, hint }) => (
              <th key={key} scope="col" aria-sort={sort.key !== key ? 'none' : sort.down ? 'descending' : 'ascending'}>
                <button
                  type="button"
                  title={hint}
                  onClick={() => setSort({ key, down: sort.key === key ? !sort.down : true })}
                >
                  {label}
                  <span aria-hidden>{sort.key === key ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const span = readRow(scene.table, scene.face[row.node] ?? -1);
            return (
              <tr key={row.name} data-selected={row.name === selectedName || undefined}>
                <th scope="row">
                  <button type="button" onClick={() => select(row)} title={spanName(columns.strings[row.name] ?? '')}>
                    {span && (
                      <span className={styles.kind} style={{ color: paint(span.agent).solid }}>
                        <KindIcon kind={span.kind} size={12} />
                      </span>
                    )}
                    <span className={styles.name}>{spanName(columns.strings[row.name] ?? '')}</span>
                  </button>
                </th>
                <td>{formatCount(row.count)}</td>
                <td data-error={row.errors > 0 || undefined}>{row.errors === 0 ? '' : formatCount(row.errors)}</td>
                <Amount value={row.self} sum={weighed.sum} weight={weight} />
                <Amount value={row.total} sum={weighed.sum} weight={weight} />
              </tr>
            );
          })}
        </tbody>
      </table>
      {all.length > MOST && (
        <p className={styles.more}>
          The first {formatCount(MOST)} of {formatCount(all.length)} names.
        </p>
      )}
    </div>
  );
}

function Amount({
  value,
  sum,
  weight,
}: {
  readonly value: number;
  readonly sum: number;
  readonly weight: Folded['weight'];
}) {
  const percent = sum > 0 ? Math.min(100, (value / sum) * 100) : 0;
  return (
    <td>
      <span className={styles.amount}>
        <span className={styles.bar} style={{ width: `${percent}%` }} aria-hidden />
        <span className={styles.value}>{weightText(weight, value)}</span>
        <span className={styles.share}>{share(value, sum)}</span>
      </span>
    </td>
  );
}
