import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { DatabaseZap, FolderOpen } from 'lucide-react';
import type { AppError } from '#shared/result.ts';
import { bridge } from '../data/bridge.ts';
import { useEngineState } from '../state/engine-state.ts';
import { Button } from '../widgets/button.tsx';
import { EmptyState, Spinner } from '../widgets/states.tsx';
import styles from './engine-gate.module.css';

/** Shows a view only when there is an engine to ask; else says what is the matter and what to do. */
export function EngineGate({ children }: { readonly children: ReactNode }) {
  const engine = useEngineState();
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (engine.state === 'ready') setSeen(true);
    if (engine.state === 'failed') setSeen(false);
  }, [engine.state]);

  if (engine.state === 'failed') return <EngineFailed error={engine.error} />;
  if (engine.state === 'starting' && !seen) return <Spinner label="Opening the workspace" />;
  if (engine.state === 'ready' || engine.state === 'starting') return children;
  // What was on screen stays underneath: it loads again by itself, with selection and scroll as they were.
  return (
    <>
      {seen && (
        <div className={styles.behind} inert>
          {children}
        </div>
      )}
      <div className={styles.over} role="status">
        <div className={styles.said}>
          <EmptyState
            icon={<DatabaseZap size={24} aria-hidden />}
            title="The engine stopped and is being started again"
          >
            <p className="selectable">{engine.error.message}</p>
            <p>What was acknowledged is in the workspace. SDKs send again what was not.</p>
          </EmptyState>
        </div>
      </div>
    </>
  );
}

function EngineFailed({ error }: { readonly error: AppError }) {
  return (
    <div className={styles.failed} role="alert">
      <EmptyState
        icon={<DatabaseZap size={26} className={styles.red} aria-hidden />}
        title={error.message}
        actions={
          <>
            <Button icon={<FolderOpen size={14} aria-hidden />} onClick={() => void bridge.openWorkspace()}>
              Open another workspace…
            </Button>
            <Button onClick={() => void bridge.newWorkspace()}>New workspace…</Button>
            <Button variant="primary" onClick={() => location.reload()}>
              Try again
            </Button>
          </>
        }
      >
        <p className="selectable">{error.hint ?? adviceFor(error)}</p>
        <p className={styles.code}>{error.code}</p>
      </EmptyState>
    </div>
  );
}

const ADVICE: { readonly [Code in AppError['code']]?: string } = {
  workspace_locked: 'Another Tracewright has this workspace open. Close it there, or open another workspace.',
  workspace_newer: 'A newer version of Tracewright wrote this workspace. Update, or open another workspace.',
  workspace_corrupt: 'The file was left as it is. Open another workspace, or restore a copy of this one.',
  workspace_foreign: 'The file was left as it is: it is no workspace. Open another one.',
  workspace_unwritable: 'Check the permissions of the file and its folder, or open another workspace.',
  store_read_only: 'Check the permissions of the file and its folder, or open another workspace.',
  store_full: 'Free some space on the disk, then try again.',
};

function adviceFor({ code }: AppError): string {
  return ADVICE[code] ?? 'Try again, or open another workspace.';
}
