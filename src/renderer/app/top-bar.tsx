import { useEffect, useState } from 'react';
import { Search } from 'lucide-react';
import { useEngine, useEngineEvent } from '../data/engine.ts';
import { runCommand } from '../commands/registry.ts';
import { formatCompact } from '../widgets/format.ts';
import { Kbd } from '../widgets/kbd.tsx';
import { Tooltip } from '../widgets/tooltip.tsx';
import { useEngineState } from '../state/engine-state.ts';
import { go } from '../state/place.ts';
import { Mark } from './mark.tsx';
import { workspaceName } from './workspace-name.ts';
import styles from './top-bar.module.css';

export function TopBar() {
  const info = useEngine('engine.info', undefined);
  const workspace = info.data?.workspace ?? '';
  return (
    <header className={styles.bar}>
      <div className={styles.identity}>
        <Mark />
        <span className={styles.product}>Tracewright</span>
        {workspace !== '' && (
          <Tooltip content={workspace}>
            <button type="button" className={styles.workspace} onClick={() => go({ view: 'settings' })}>
              {workspaceName(workspace)}
            </button>
          </Tooltip>
        )}
      </div>
      <button type="button" className={styles.search} onClick={() => runCommand('palette.open')}>
        <Search size={13} aria-hidden />
        <span>Search or command</span>
        <Kbd keys="mod+k" />
      </button>
      <div className={styles.end}>
        <Collector address={info.data?.httpUrl ?? null} />
      </div>
    </header>
  );
}

/** How long after the last spans the dot still pulses. */
const QUIET_AFTER = 2_500;

function Collector({ address }: { readonly address: string | null }) {
  const { state } = useEngineState();
  // An object per event: the same rate again starts the wait anew, a render for another reason does not.
  const [meter, setMeter] = useState({ rate: 0 });
  useEngineEvent('collector', (event) => setMeter({ rate: event.spansPerSecond }));
  useEffect(() => {
    if (meter.rate === 0) return undefined;
    const timer = setTimeout(() => setMeter({ rate: 0 }), QUIET_AFTER);
    return () => clearTimeout(timer);
  }, [meter]);
  const { rate } = meter;

  if (state !== 'ready')
    return <span className={styles.off}>{state === 'failed' ? 'not collecting' : 'starting…'}</span>;
  if (address === null) return <span className={styles.off}>not collecting</span>;
  const host = address.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return (
    <Tooltip content="How to send traces here" keys="mod+3">
      <button type="button" className={styles.collector} onClick={() => go({ view: 'connect' })}>
        <span className={`${styles.dot} ${rate > 0 ? styles.pulse : ''}`} />
        <span>
          collecting <span className={styles.address}>{host}</span>
        </span>
        <span className={styles.rate}>{rate > 0 ? `${formatCompact(Math.round(rate))} spans/s` : 'idle'}</span>
      </button>
    </Tooltip>
  );
}
