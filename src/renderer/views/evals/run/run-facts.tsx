/** What a run took, when, what that cost, and what was frozen into it so that it can be repeated exactly. */
import type { EvalRunRow } from '#shared/eval.ts';
import { scoreText } from '../../../grades/words.ts';
import { formatCost, formatCount, formatRelative } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { useDatasets } from '../use-datasets.ts';
import { useNow } from '../use-now.ts';
import { counted, isOpen, lengthWords, modelWords, remainingWords, sourceWords } from '../words.ts';
import styles from './run.module.css';

export function RunFacts({ run, onEval }: { readonly run: EvalRunRow; readonly onEval: () => void }) {
  const { names } = useDatasets();
  const now = useNow(isOpen(run) ? 1_000 : 30_000);
  const { counts } = run;
  const took = run.startedAt === null ? null : (run.finishedAt ?? now) - run.startedAt;
  const left = remainingWords(run, now);
  const asked = run.modelUse.reduce((sum, { calls }) => sum + calls, 0);
  const spent = run.modelUse.some(({ cost }) => cost === null)
    ? null
    : run.modelUse.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  return (
    <>
      <p className={styles.facts}>
        <span>
          <button type="button" className={styles.link} onClick={onEval} title="Open the eval">
            {visibleString(run.evalName.slice(0, 120))}
          </button>
        </span>
        <span>
          <strong>{counted(counts.total, 'item')}</strong>: {sourceWords(run.source, names)}
          {run.limit !== null && `, sample of ${formatCount(run.limit)} with seed ${run.seed}`}
        </span>
        {run.missing > 0 && (
          <span>
            {run.source.kind === 'dataset'
              ? `${counted(run.missing, 'example')} without a trace`
              : `${counted(run.missing, 'trace')} not here any more`}
          </span>
        )}
        <span role={isOpen(run) ? 'status' : undefined}>
          {isOpen(run)
            ? [
                run.status === 'queued'
                  ? 'waits for its turn'
                  : `${formatCount(counts.done)} of ${formatCount(counts.total)}`,
                left,
              ]
                .filter((part) => part !== null)
                .join(' · ')
            : `${formatRelative(run.startedAt ?? run.createdAt, now)}${took === null ? '' : `, took ${lengthWords(Math.max(0, took))}`}`}
        </span>
        {(run.cost !== null || run.durationMs !== null) && (
          <span>
            agents: {run.cost === null ? 'cost unknown' : formatCost(run.cost)}
            {run.durationMs !== null && `, ${lengthWords(run.durationMs)}`}
          </span>
        )}
        {asked > 0 && (
          <span>
            judges: {counted(asked, 'call')}, {spent === null ? 'price unknown' : formatCost(spent)}
          </span>
        )}
      </p>
      <details className={styles.details}>
        <summary>What was frozen</summary>
        <dl className={`${styles.frozen} selectable`} tabIndex={0} role="group" aria-label="What was frozen">
          <dt>Run</dt>
          <dd>
            <code>{run.id}</code>
          </dd>
          <dt>Started</dt>
          <dd>{run.startedAt === null ? 'not yet' : new Date(run.startedAt).toLocaleString()}</dd>
          <dt>Seed</dt>
          <dd>{run.seed}</dd>
          {run.criteria.map(({ name, versionNumber, versionHash, threshold, weight }, index) => (
            <Frozen
              key={index}
              name={`Criterion ${index + 1}`}
              value={[
                visibleString(name.slice(0, 200)),
                versionNumber === null ? 'imported' : `version ${versionNumber}`,
                versionHash.slice(0, 12),
                ...(threshold === null ? [] : [`at least ${scoreText(threshold * 100)} %`]),
                `weight ${scoreText(weight)}`,
              ].join(' · ')}
            />
          ))}
          {run.judges.map(({ grader, endpoint, models, parameters }, index) => (
            <Frozen
              key={`judge ${index}`}
              name="Judge"
              value={[
                visibleString(grader.slice(0, 100)),
                endpoint === null ? 'no endpoint' : visibleString(endpoint.label.slice(0, 100)),
                visibleString(models.join(', ').slice(0, 300)),
                visibleString(JSON.stringify(parameters).slice(0, 300)),
              ].join(' · ')}
            />
          ))}
          {modelWords(run.modelUse, formatCost).map((words, index) => (
            <Frozen key={`model ${index}`} name="Asked" value={words} />
          ))}
          {Object.entries(run.metadata)
            .slice(0, 16)
            .map(([key, value]) => (
              <Frozen
                key={`metadata ${key}`}
                name={visibleString(key.slice(0, 64))}
                value={visibleString(value.slice(0, 512))}
              />
            ))}
        </dl>
      </details>
    </>
  );
}

function Frozen({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
