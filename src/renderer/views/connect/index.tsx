import { useState } from 'react';
import { FileDown, Sparkles } from 'lucide-react';
import { useEngine } from '../../data/engine.ts';
import { chooseAndImportFiles, loadSamples } from '../../state/imports.ts';
import { Button } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { ErrorState } from '../../widgets/states.tsx';
import { ArrivalCard } from './arrival-card.tsx';
import { CodeBlock } from './code-block.tsx';
import { fillSnippet, snippets } from './snippets.ts';
import styles from './connect-view.module.css';

export function ConnectView() {
  const info = useEngine('engine.info', undefined);
  const [chosen, setChosen] = useState(snippets[0]?.id ?? '');
  const endpoint = info.data?.httpUrl?.replace(/\/$/, '') ?? null;
  const snippet = snippets.find(({ id }) => id === chosen) ?? snippets[0];
  // As it was when the view opened: nothing should jump when the first trace arrives.
  const [empty, setEmpty] = useState<boolean | null>(null);
  if (info.data && empty === null) setEmpty(info.data.traces === 0);
  if (info.error && !info.data) return <ErrorState error={info.error} onRetry={info.refetch} />;
  return (
    <div className={styles.view}>
      <div className={styles.page}>
        <header className={styles.head}>
          <h1 className={styles.title}>{empty === true ? 'See what your agents did' : 'Connect an app'}</h1>
          <p className={styles.lead}>
            Tracewright collects traces on this computer
            {endpoint === null ? '.' : ', at '}
            {endpoint !== null && (
              <>
                <code className={`${styles.endpoint} selectable`}>{endpoint}</code>
                <CopyButton text={endpoint} label="Copy the address" />
              </>
            )}
          </p>
        </header>

        {empty === true && <Samples primary />}
        <ArrivalCard collecting={info.data === undefined || endpoint !== null} first={empty !== false} />

        <section className={styles.sdks} aria-label="How to send traces">
          <div className={styles.choices} role="radiogroup" aria-label="SDK">
            {snippets.map(({ id, title, subtitle }) => (
              <label key={id} className={`${styles.choice} ${id === snippet?.id ? styles.chosen : ''}`}>
                <input
                  type="radio"
                  className="visually-hidden"
                  name="sdk"
                  checked={id === snippet?.id}
                  onChange={() => setChosen(id)}
                />
                <strong>{title}</strong>
                <span>{subtitle}</span>
              </label>
            ))}
          </div>
          {snippet && (
            <div className={styles.how}>
              {snippet.install !== null && (
                <p className={styles.install}>
                  Needs <code className="selectable">{snippet.install}</code>
                </p>
              )}
              <CodeBlock code={fillSnippet(snippet.code, endpoint)} mark={endpoint ?? ''} label={snippet.language} />
              <h2 className={styles.subtitle}>When nothing arrives</h2>
              <ul className={styles.pitfalls}>
                {snippet.pitfalls.map((pitfall) => (
                  <li key={pitfall} className="selectable">
                    {pitfall}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </section>

        {empty === false && <Samples />}
      </div>
    </div>
  );
}

/** The quick ways to have something to look at. */
function Samples({ primary = false }: { readonly primary?: boolean }) {
  const [busy, setBusy] = useState(false);
  async function load(): Promise<void> {
    setBusy(true);
    await loadSamples();
    setBusy(false);
  }
  return (
    <section className={`${styles.samples} ${primary ? styles.first : ''}`}>
      <div>
        <strong>{primary ? 'Nothing to connect yet?' : 'Without an app'}</strong>
        <p>
          Real traces of several agents that hand off, call each other and fail. Or drop trace files on this window.
        </p>
      </div>
      <Button icon={<FileDown size={14} aria-hidden />} onClick={() => void chooseAndImportFiles()}>
        Import files…
      </Button>
      <Button
        variant={primary ? 'primary' : 'plain'}
        icon={<Sparkles size={14} aria-hidden />}
        disabled={busy}
        onClick={() => void load()}
      >
        {busy ? 'Loading…' : 'Load sample traces'}
      </Button>
    </section>
  );
}
