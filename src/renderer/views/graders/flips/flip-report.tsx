/** What the text in the editor would change, wherever that is asked: by itself, or before it is saved. */
import type { FlipPreview } from '#shared/flips.ts';
import type { JsonObject } from '#shared/json.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCompact, formatCost, formatCount } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { AgreementTable, RateTable } from './agreement-table.tsx';
import { FlipList } from './flip-list.tsx';
import type { Flips, FlipSource } from './use-flips.ts';
import { flipWords } from './words.ts';
import styles from './flips.module.css';

type Props = {
  readonly flips: Flips;
  readonly definition: JsonObject;
  readonly name: string;
  readonly query: string;
  /** The sentence stands above it already. */
  readonly isNested?: boolean;
};

export function FlipReport({ flips, definition, name, query, isNested = false }: Props) {
  const { data, error, waits } = flips;
  if (waits) return <Waiting definition={definition} query={query} onAsk={flips.ask} />;
  if (error) return <ErrorState error={error} onRetry={flips.refetch} />;
  if (!data) return <Spinner label="Grading with the text in the editor" />;
  return (
    <div className={styles.report}>
      {!isNested && <Summary preview={data} />}
      <SourceChoice flips={flips} />
      <div className={styles.tables} tabIndex={0} role="group" aria-label="Figures">
        <AgreementTable preview={data} />
        <RateTable preview={data} />
      </div>
      {data.remarks.length > 0 && (
        <ul className={styles.remarks}>
          {data.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
      {data.flipCount > 0 && <FlipList preview={data} name={name} />}
    </div>
  );
}

/** In one sentence. */
export function Summary({ preview }: { readonly preview: FlipPreview }) {
  const { counts, traces, oldVersion, from } = preview;
  const what = flipWords(counts);
  return (
    <p className={styles.summary} role="status">
      {oldVersion === null ? (
        <>{formatCount(traces)} traces graded. It was never saved, so nothing flips.</>
      ) : what === '' ? (
        <>
          No verdict of version {oldVersion} changes on {formatCount(counts.compared)} traces
          {counts.scoreOnly > 0 && `; ${formatCount(counts.scoreOnly)} scores move`}.
        </>
      ) : (
        <>
          <strong>{what}</strong> of {formatCount(counts.compared)} {from === 'stored' ? 'stored verdicts' : 'verdicts'}{' '}
          of version {oldVersion}.
        </>
      )}
    </p>
  );
}

type WaitingProps = { readonly definition: JsonObject; readonly query: string; readonly onAsk: () => void };

function Waiting({ definition, query, onAsk }: WaitingProps) {
  const cost = useEngine('grading.cost', { definition, ...(query === '' ? {} : { query }) });
  return (
    <div className={styles.report}>
      <p>
        This grader asks a model, so nothing is graded until you say so.{' '}
        {cost.data &&
          `At most about ${formatCount(cost.data.calls)} calls, ${formatCompact(cost.data.promptTokens)} tokens, ${cost.data.cost === null ? 'price unknown' : formatCost(cost.data.cost)}; answers that are in the cache are not asked for again.`}
      </p>
      <p>
        <Button onClick={onAsk}>Ask, and compare</Button>
      </p>
    </div>
  );
}

const MOST_CATEGORIES = 500;
const DIVIDER = '\n';

/** What counts as the truth: verdicts of people, or one category as failed. */
function SourceChoice({ flips }: { readonly flips: Flips }) {
  const taxonomies = useEngine('taxonomy.list', undefined);
  const { source, setSource, data } = flips;
  const labels = data?.labels;
  const value = source === null ? '' : `${source.taxonomy}${DIVIDER}${source.category}`;
  return (
    <label className={styles.source}>
      <span>What people say</span>
      <select
        value={value}
        onChange={({ target }) => {
          const [taxonomy = '', category = ''] = target.value.split(DIVIDER);
          setSource(target.value === '' ? null : ({ taxonomy, category } satisfies FlipSource));
        }}
      >
        <option value="">Their verdicts: pass or fail</option>
        {taxonomies.data?.map((taxonomy) => (
          <optgroup key={taxonomy.id} label={`Fails when labelled: ${visibleString(taxonomy.title.slice(0, 80))}`}>
            {taxonomy.categories
              .filter(({ retired }) => !retired)
              .slice(0, MOST_CATEGORIES)
              .map(({ code, title }) => (
                <option key={code} value={`${taxonomy.id}${DIVIDER}${code}`}>
                  {visibleString(title.slice(0, 80))}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      {labels && (
        <span className={styles.dim}>
          {formatCount(labels.pass)} pass, {formatCount(labels.fail)} fail
        </span>
      )}
    </label>
  );
}
