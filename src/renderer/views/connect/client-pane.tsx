import { useState } from 'react';
import { ArrowRight } from 'lucide-react';
import type { TraceRow } from '#shared/trace.ts';
import { useSelection } from '../../state/selection.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import type { ConnectClient } from './client.ts';
import { languageOf, snippetText } from './clients.ts';
import { CodeBlock } from './code-block.tsx';
import { fillSnippet, type SnippetValues } from './fill-snippet.ts';
import styles from './connect-view.module.css';

type Props = {
  readonly client: ConnectClient;
  readonly values: SnippetValues;
  /** Its last trace since the view was opened. */
  readonly arrived: TraceRow | null;
};

/** How to connect one client. Mount it anew for another. */
export function ClientPane({ client, values, arrived }: Props) {
  const [chosen, setChosen] = useState(0);
  const snippet = client.snippets[chosen] ?? client.snippets[0];
  return (
    <div className={styles.how}>
      <h2 className={styles.clientTitle}>
        {client.title} <span>{client.languages.join(', ')}</span>
      </h2>
      {client.snippets.length > 1 && (
        <div className={styles.ways} role="radiogroup" aria-label={`Ways to connect ${client.title}`}>
          {client.snippets.map(({ label, file }, index) => (
            <label key={file} className={`${styles.way} ${index === chosen ? styles.chosenWay : ''}`}>
              <input
                type="radio"
                className="visually-hidden"
                name="way"
                checked={index === chosen}
                onChange={() => setChosen(index)}
              />
              {label}
            </label>
          ))}
        </div>
      )}
      {snippet && (
        <>
          {snippet.install !== null && (
            <p className={styles.install}>
              Needs <code className="selectable">{snippet.install}</code>
            </p>
          )}
          <CodeBlock
            code={fillSnippet(snippetText(snippet), values)}
            mark={values.endpoint ?? ''}
            label={languageOf(snippet.file)}
          />
        </>
      )}
      <Arrived client={client} row={arrived} />
      <dl className={styles.facts}>
        <dt>What arrives</dt>
        <dd className="selectable">{client.arrives}</dd>
        <dt>What does not</dt>
        <dd className="selectable">{client.lacks}</dd>
      </dl>
      <h3 className={styles.subtitle}>When nothing arrives</h3>
      <ul className={styles.pitfalls}>
        {client.pitfalls.map((pitfall) => (
          <li key={pitfall} className="selectable">
            {pitfall}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Arrived({ client, row }: { readonly client: ConnectClient; readonly row: TraceRow | null }) {
  if (client.tell === null) return null;
  if (!row) {
    return (
      <p className={styles.state} role="status">
        <span className={styles.waitingDot} aria-hidden /> Nothing from {client.title} since this page was opened.
      </p>
    );
  }
  return (
    <p className={styles.state} role="status">
      <span className={styles.arrivedDot} aria-hidden /> {client.title} arrives:
      <button type="button" className={styles.link} onClick={() => useSelection.getState().openTrace(row.id)}>
        {visibleString(row.name === '' ? row.id : row.name)} <ArrowRight size={13} aria-hidden />
      </button>
    </p>
  );
}
