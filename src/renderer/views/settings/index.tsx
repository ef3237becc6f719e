import type { ReactNode } from 'react';
import { FolderOpen, FolderSearch, Plus } from 'lucide-react';
import { chooseTheme, useThemeChoice } from '../../state/saved-theme.ts';
import { bridge } from '../../data/bridge.ts';
import { useEngine } from '../../data/engine.ts';
import { THEME_CHOICES } from '../../theme/theme.ts';
import { Button } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { formatBytes, formatCount } from '../../widgets/format.ts';
import { ErrorState } from '../../widgets/states.tsx';
import { DetectorSection } from './detectors/detector-section.tsx';
import { EndpointSection } from './endpoints/endpoint-section.tsx';
import { PriceSection } from './prices/price-section.tsx';
import { PythonSection } from './python-section.tsx';
import { ReviewerSection } from './reviewer-section.tsx';
import { RulesSection } from './rules/rules-section.tsx';
import styles from './settings-view.module.css';

const THEME_NAMES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

export function SettingsView() {
  const info = useEngine('engine.info', undefined);
  const theme = useThemeChoice();
  if (info.error && !info.data) return <ErrorState error={info.error} onRetry={info.refetch} />;
  const data = info.data;
  const { versions } = bridge;
  return (
    <div className={styles.view}>
      <div className={styles.page}>
        <h1 className={styles.title}>Settings</h1>

        <Section title="Theme">
          <div className={styles.segments} role="radiogroup" aria-label="Theme">
            {THEME_CHOICES.map((choice) => (
              <label key={choice} className={`${styles.segment} ${choice === theme ? styles.on : ''}`}>
                <input
                  type="radio"
                  className="visually-hidden"
                  name="theme"
                  checked={choice === theme}
                  onChange={() => void chooseTheme(choice)}
                />
                {THEME_NAMES[choice]}
              </label>
            ))}
          </div>
        </Section>

        <Section title="Workspace" detail="One file holds all traces, and what was received, byte for byte.">
          {data && (
            <>
              <p className={styles.path}>
                <code className="selectable">{data.workspace}</code>
                <CopyButton text={data.workspace} label="Copy the path" />
              </p>
              <p className={styles.facts}>
                {formatCount(data.traces)} traces · {formatCount(data.spans)} spans · {formatBytes(data.fileBytes)}
                {data.readOnly && ' · opened read-only'}
              </p>
              <div className={styles.buttons}>
                <Button
                  icon={<FolderSearch size={14} aria-hidden />}
                  onClick={() => void bridge.revealFile(data.workspace)}
                >
                  Show in folder
                </Button>
                <Button icon={<FolderOpen size={14} aria-hidden />} onClick={() => void bridge.openWorkspace()}>
                  Open another…
                </Button>
                <Button icon={<Plus size={14} aria-hidden />} onClick={() => void bridge.newWorkspace()}>
                  New…
                </Button>
              </div>
            </>
          )}
        </Section>

        <Section title="Collector" detail="Answers on this computer only; other machines cannot reach it.">
          {data && (
            <>
              {data.httpUrl === null ? (
                <p>Not running.</p>
              ) : (
                <p className={styles.path}>
                  <code className="selectable">{data.httpUrl}</code>
                  <CopyButton text={data.httpUrl} label="Copy the address" />
                </p>
              )}
              {data.notice !== null && <p className={styles.notice}>{data.notice}</p>}
            </>
          )}
        </Section>

        <ReviewerSection readOnly={data?.readOnly ?? true} />

        <EndpointSection readOnly={data?.readOnly ?? true} />

        <PythonSection />

        <PriceSection readOnly={data?.readOnly ?? true} />

        <DetectorSection readOnly={data?.readOnly ?? true} />

        <RulesSection readOnly={data?.readOnly ?? true} />

        <Section title="About">
          <dl className={styles.about}>
            <dt>Tracewright</dt>
            <dd className="selectable">{data?.version ?? versions.app}</dd>
            <dt>Electron</dt>
            <dd className="selectable">{versions.electron || '–'}</dd>
            <dt>Chromium</dt>
            <dd className="selectable">{versions.chrome || '–'}</dd>
            <dt>Node</dt>
            <dd className="selectable">{versions.node || '–'}</dd>
          </dl>
        </Section>
      </div>
    </div>
  );
}

function Section({
  title,
  detail,
  children,
}: {
  readonly title: string;
  readonly detail?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <div>
        <h2>{title}</h2>
        {detail !== undefined && <p className={styles.detail}>{detail}</p>}
      </div>
      <div className={styles.content}>{children}</div>
    </section>
  );
}
