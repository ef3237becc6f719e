/** Which traces a run takes: chosen ones, what a filter finds, or those that belong to examples of a dataset. */
import { useRef, useState } from 'react';
import { X } from 'lucide-react';
import type { EvalDefinition, EvalSource, ExampleLink } from '#shared/eval.ts';
import { useEngine } from '../../../data/engine.ts';
import { go } from '../../../state/place.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { Choice } from '../../../widgets/choice.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import { useDatasets } from '../use-datasets.ts';
import { LINK_WORDS } from '../words.ts';
import { FilterFields } from './filter-fields.tsx';
import { NumberInput } from './number-input.tsx';
import styles from './editor.module.css';

type Props = {
  readonly source: EvalSource;
  readonly sample: EvalDefinition['sample'];
  readonly readOnly: boolean;
  readonly onSource: (source: EvalSource, field: string | null) => void;
  readonly onSample: (sample: EvalDefinition['sample'], field: string | null) => void;
};

const KINDS = [
  { id: 'filter', label: 'A filter' },
  { id: 'traces', label: 'Chosen traces' },
  { id: 'dataset', label: 'A dataset' },
] as const;

const ABOUT = {
  filter: 'Looked up when a run starts.',
  traces: 'Always these.',
  dataset: 'Traces are linked to examples: their row is what graders see as item, and those of one example are trials.',
} as const;

export function SourceEditor({ source, sample, readOnly, onSource, onSample }: Props) {
  // Going to another kind and back loses nothing.
  const left = useRef<{ [K in EvalSource['kind']]?: EvalSource }>({});
  function choose(kind: EvalSource['kind']): void {
    left.current[source.kind] = source;
    onSource(left.current[kind] ?? emptySource(kind, source), null);
  }
  return (
    <section className={styles.section} aria-labelledby="eval-source">
      <div className={styles.sectionHead}>
        <h2 id="eval-source">Traces</h2>
        {!readOnly && <Choice label="Where traces come from" choices={KINDS} value={source.kind} onChange={choose} />}
        <span className={styles.dim}>{ABOUT[source.kind]}</span>
      </div>
      {source.kind === 'filter' && (
        <FilterFields
          label="Filter"
          query={source.query}
          readOnly={readOnly}
          onChange={(query, field) => onSource({ kind: 'filter', query }, field)}
        />
      )}
      {source.kind === 'traces' && <ChosenTraces source={source} readOnly={readOnly} onSource={onSource} />}
      {source.kind === 'dataset' && <DatasetFields source={source} readOnly={readOnly} onSource={onSource} />}
      <div className={styles.sample}>
        <label className={styles.sample}>
          <input
            type="checkbox"
            checked={sample !== null && sample !== undefined}
            disabled={readOnly}
            onChange={(event) => onSample(event.target.checked ? { limit: 50, seed: 1 } : null, null)}
          />
          Only a sample
        </label>
        {sample && (
          <>
            of
            <NumberInputSlot>
              <NumberInput
                label="Traces of the sample"
                value={sample.limit}
                min={1}
                max={null}
                whole
                required
                readOnly={readOnly}
                onChange={(limit) => limit !== null && onSample({ ...sample, limit }, 'limit')}
              />
            </NumberInputSlot>
            drawn with seed
            <NumberInputSlot>
              <NumberInput
                label="Seed of the sample"
                value={sample.seed}
                min={0}
                max={null}
                whole
                required
                readOnly={readOnly}
                onChange={(seed) => seed !== null && onSample({ ...sample, seed }, 'seed')}
              />
            </NumberInputSlot>
            <span className={styles.dim}>The same seed draws the same.</span>
          </>
        )}
      </div>
    </section>
  );
}

function NumberInputSlot({ children }: { readonly children: React.ReactNode }) {
  return <span className={styles.slot}>{children}</span>;
}

function emptySource(kind: EvalSource['kind'], from: EvalSource): EvalSource {
  const query = from.kind === 'traces' ? '' : from.query;
  switch (kind) {
    case 'filter':
      return { kind, query };
    case 'traces':
      return { kind, traceIds: [] };
    case 'dataset':
      return { kind, datasetId: '', version: null, query, link: { by: 'any' } };
  }
}

type TracesSource = Extract<EvalSource, { kind: 'traces' }>;
type DatasetSource = Extract<EvalSource, { kind: 'dataset' }>;
type OnSource = (source: EvalSource, field: string | null) => void;

const FIRST_CHOSEN = 20;
const MORE_CHOSEN = 100;

function ChosenTraces(props: {
  readonly source: TracesSource;
  readonly readOnly: boolean;
  readonly onSource: OnSource;
}) {
  const { source, readOnly, onSource } = props;
  const [most, setMost] = useState(FIRST_CHOSEN);
  const { traceIds } = source;
  if (traceIds.length === 0)
    return (
      <div className={styles.empty}>
        Choose traces in their list, then “Grade all…”.
        <Button onClick={() => go({ view: 'traces' })}>Go to Traces</Button>
      </div>
    );
  return (
    <>
      <p className={styles.count}>
        <strong>
          {formatCount(traceIds.length)} {traceIds.length === 1 ? 'trace' : 'traces'}
        </strong>
      </p>
      <ul className={styles.chosen} aria-label="Chosen traces">
        {traceIds.slice(0, most).map((id) => (
          <Chosen
            key={id}
            id={id}
            readOnly={readOnly}
            onRemove={() => onSource({ ...source, traceIds: traceIds.filter((each) => each !== id) }, null)}
          />
        ))}
        {traceIds.length > most && (
          <li>
            <Button variant="ghost" onClick={() => setMost(most + MORE_CHOSEN)}>
              Show {formatCount(Math.min(MORE_CHOSEN, traceIds.length - most))} more
            </Button>
          </li>
        )}
      </ul>
    </>
  );
}

function Chosen(props: { readonly id: string; readonly readOnly: boolean; readonly onRemove: () => void }) {
  const { id, readOnly, onRemove } = props;
  const trace = useEngine('trace.get', { traceId: id });
  const name = visibleString((trace.data?.name || id).slice(0, 200));
  const gone = trace.error?.code === 'not_found';
  return (
    <li>
      <button
        type="button"
        className={styles.link}
        disabled={gone}
        title={name}
        onClick={() => useSelection.getState().openTrace(id)}
      >
        {name}
        {gone && ' (deleted)'}
      </button>
      {!readOnly && (
        <IconButton label={`Remove ${name.slice(0, 60)}`} icon={<X size={13} aria-hidden />} onClick={onRemove} />
      )}
    </li>
  );
}

function DatasetFields(props: {
  readonly source: DatasetSource;
  readonly readOnly: boolean;
  readonly onSource: OnSource;
}) {
  const { source, readOnly, onSource } = props;
  const { rows } = useDatasets();
  const known = rows.find(({ id }) => id === source.datasetId);
  const stored = useEngine('dataset.get', { id: source.datasetId }, { enabled: known !== undefined });
  const versions = stored.data?.versions ?? [];
  const { link } = source;
  return (
    <>
      <div className={styles.pair}>
        <label className={styles.labelled}>
          Dataset
          <select
            className={styles.select}
            value={source.datasetId}
            disabled={readOnly}
            onChange={(event) => onSource({ ...source, datasetId: event.target.value, version: null }, null)}
          >
            <option value="">{rows.length === 0 ? 'there is none yet' : 'choose…'}</option>
            {source.datasetId !== '' && !known && <option value={source.datasetId}>a dataset that is not here</option>}
            {rows
              .filter(({ archived, id }) => !archived || id === source.datasetId)
              .map(({ id, name, examples }) => (
                <option key={id} value={id}>
                  {visibleString(name.slice(0, 100))} ({formatCount(examples)})
                </option>
              ))}
          </select>
        </label>
        <label className={styles.labelled}>
          Version
          <select
            className={styles.select}
            value={source.version ?? ''}
            disabled={readOnly || !known}
            onChange={(event) =>
              onSource({ ...source, version: event.target.value === '' ? null : Number(event.target.value) }, null)
            }
          >
            <option value="">newest at start{known ? ` (now ${known.version})` : ''}</option>
            {source.version !== null && !versions.some(({ version }) => version === source.version) && (
              <option value={source.version}>always {source.version}</option>
            )}
            {versions.map(({ version, note }) => (
              <option key={version} value={version}>
                always {version}
                {note === null || note === '' ? '' : `: ${visibleString(note.slice(0, 60))}`}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.labelled}>
          Traces belong to examples
          <select
            className={styles.select}
            value={link.by}
            disabled={readOnly}
            onChange={(event) => onSource({ ...source, link: linkOf(event.target.value) }, null)}
          >
            {Object.entries(LINK_WORDS).map(([by, words]) => (
              <option key={by} value={by}>
                {words}
              </option>
            ))}
          </select>
        </label>
        {link.by === 'metadata' && (
          <label className={styles.labelled}>
            Field that holds the example’s key
            <input
              className={styles.input}
              value={link.field}
              readOnly={readOnly}
              maxLength={200}
              placeholder="task_id"
              onChange={(event) =>
                onSource({ ...source, link: { by: 'metadata', field: event.target.value } }, 'link field')
              }
            />
          </label>
        )}
      </div>
      {rows.length === 0 && (
        <div className={styles.empty}>
          A dataset holds inputs with what is expected of them.
          <Button onClick={() => go({ view: 'evals', tab: 'datasets', span: null, of: [], q: '' })}>Make one</Button>
        </div>
      )}
      <FilterFields
        label="Among traces"
        query={source.query}
        readOnly={readOnly}
        onChange={(query, field) => onSource({ ...source, query }, field)}
      />
    </>
  );
}

function linkOf(by: string): ExampleLink {
  return by === 'metadata' ? { by, field: '' } : { by: by === 'input' ? 'input' : 'any' };
}
