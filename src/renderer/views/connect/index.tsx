import { useState } from 'react';
import { FileDown, Sparkles } from 'lucide-react';
import { useEngine } from '../../data/engine.ts';
import { chooseAndImportFiles, loadSamples } from '../../state/imports.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { ErrorState } from '../../widgets/states.tsx';
import { ArrivalCard } from './arrival-card.tsx';
import { isFrom } from './client.ts';
import { ClientList } from './client-list.tsx';
import { ClientPane } from './client-pane.tsx';
import { clients, findClients } from './clients.ts';
import { useArrivals } from './use-arrival.ts';
import styles from './connect-view.module.css';

export function ConnectView() {
  const info = useEngine('engine.info', undefined);
  const helpers = useEngine('connect.helpers', undefined);
  const place = usePlace();
  const arrivals = useArrivals();
  const endpoint = info.data?.httpUrl?.replace(/\/$/, '') ?? null;
  // The address names the client, so that a link leads to it: #/connect?tab=codex
  const client = clients.find(({ id }) => id === place.tab) ?? findClients(place.q)[0] ?? clients[0];
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
        <ArrivalCard
          collecting={info.data === undefined || endpoint !== null}
          first={empty !== false}
          row={arrivals[0] ?? null}
        />

        <section className={styles.sdks} aria-label="How to send traces">
          <ClientList
            search={place.q}
            chosen={client?.id ?? ''}
            arrivals={arrivals}
            onSearch={(q) => replacePlace({ q })}
            onChoose={({ id }) => replacePlace({ tab: id })}
          />
          {client && (
            <ClientPane
              key={client.id}
              client={client}
              values={{ endpoint, helpers: helpers.data?.folder ?? null }}
              arrived={arrivals.find((row) => isFrom(client, row)) ?? null}
            />
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
