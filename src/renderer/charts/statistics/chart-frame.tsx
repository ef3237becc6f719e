/** Around every chart: what it shows, the value under the pointer, the same as a table, and both as files. */
import type { PointerEvent, ReactNode } from 'react';
import { useId, useRef, useState } from 'react';
import { FileOutput, Table2 } from 'lucide-react';
import { Button } from '../../widgets/button.tsx';
import { formatCount } from '../../widgets/format.ts';
import { savePicture, saveTable, type Rows } from '../save-picture.ts';
import { useWidth } from './use-width.ts';
import styles from './statistics.module.css';

const MOST_ROWS = 200;

type Props = {
  readonly title: string;
  /** What is to be seen in it, also for those who cannot see it. */
  readonly description: string;
  /** Of proposed files, without an extension. */
  readonly name: string;
  readonly height: number;
  /** The numbers behind it, the first row being heads; made when asked for. */
  readonly table: () => Rows;
  readonly controls?: ReactNode;
  /** Marks with `data-says` are told of under the pointer. */
  readonly children: (width: number) => ReactNode;
};

export function ChartFrame({ title, description, name, height, table, controls, children }: Props) {
  const id = useId();
  const svg = useRef<SVGSVGElement>(null);
  const [width, measure] = useWidth(520);
  const [says, setSays] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);

  function point(event: PointerEvent): void {
    const mark = event.target instanceof Element ? event.target.closest('[data-says]') : null;
    setSays(mark?.getAttribute('data-says') ?? null);
  }

  return (
    <figure className={styles.figure} aria-labelledby={`${id}-title`}>
      <div className={styles.head}>
        <h3 id={`${id}-title`} className={styles.title}>
          {title}
        </h3>
        <span className={styles.buttons}>
          <Button
            variant="ghost"
            aria-pressed={asTable}
            aria-label={`${title} as a table`}
            icon={<Table2 size={13} aria-hidden />}
            onClick={() => setAsTable(!asTable)}
          >
            Table
          </Button>
          <Button
            variant="ghost"
            aria-label={`Export ${title} as SVG`}
            disabled={asTable}
            icon={<FileOutput size={13} aria-hidden />}
            onClick={() => svg.current && void savePicture(svg.current, name, title)}
          >
            SVG…
          </Button>
          <Button
            variant="ghost"
            aria-label={`Export ${title} as CSV`}
            icon={<FileOutput size={13} aria-hidden />}
            onClick={() => void saveTable(table(), name)}
          >
            CSV…
          </Button>
        </span>
      </div>
      <p className={styles.description} id={`${id}-description`}>
        {description}
      </p>
      {controls}
      <div ref={measure} className={styles.canvas}>
        {asTable ? (
          <DataTable title={title} rows={table()} />
        ) : (
          <svg
            ref={svg}
            className={styles.chart}
            width={width}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
            role="img"
            aria-label={title}
            aria-describedby={`${id}-description`}
            onPointerMove={point}
            onPointerLeave={() => setSays(null)}
          >
            {children(width)}
          </svg>
        )}
      </div>
      {!asTable && (
        <figcaption className={styles.says} aria-hidden>
          {says ?? 'Point at a mark for its values.'}
        </figcaption>
      )}
    </figure>
  );
}

function DataTable({ title, rows }: { readonly title: string; readonly rows: Rows }) {
  const [head = [], ...body] = rows;
  return (
    <div className={styles.tableScroll} tabIndex={0} role="region" aria-label={`${title}, table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.slice(0, MOST_ROWS).map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} data-number={typeof cell === 'number'}>
                  {typeof cell === 'number'
                    ? Number.isNaN(cell)
                      ? '–'
                      : String(Number(cell.toFixed(4)))
                    : (cell ?? '–')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {body.length > MOST_ROWS && (
        <p className={styles.description}>
          {formatCount(MOST_ROWS)} of {formatCount(body.length)} rows; the CSV file has all.
        </p>
      )}
    </div>
  );
}
