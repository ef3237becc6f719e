/** Evals: what is measured, the runs that measured it, and the datasets that they were tried on. */
import { useMemo, useState } from 'react';
import { Plus, Upload } from 'lucide-react';
import { useRegisterCommands, type Command } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import { openNewEval } from '../../state/eval-drafts.ts';
import { askEval } from '../../state/evals.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { tabPanelProps, Tabs } from '../../widgets/tabs.tsx';
import { DatasetsTab } from './datasets/datasets-tab.tsx';
import { EvalPage } from './editor/eval-page.tsx';
import { EvalList } from './eval-list.tsx';
import { RunPage } from './run/run-page.tsx';
import { importRuns, type ImportNews } from './runs/acts.ts';
import { ImportReportDialog } from './runs/import-report.tsx';
import { RunsTab } from './runs/runs-tab.tsx';
import styles from './evals.module.css';

const TABS = [
  { id: 'evals', label: 'Evals' },
  { id: 'runs', label: 'Runs' },
  { id: 'datasets', label: 'Datasets' },
] as const;
type TabId = (typeof TABS)[number]['id'];

export function EvalsView() {
  const { tab, span } = usePlace();
  const info = useEngine('engine.info', undefined);
  const [news, setNews] = useState<ImportNews | null>(null);
  const readOnly = info.data?.readOnly ?? false;
  const shown: TabId = TABS.find(({ id }) => id === tab)?.id ?? 'evals';
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'evals.new',
        title: 'New eval',
        group: 'Evals',
        keys: 'mod+alt+n',
        menu: 'File',
        when: () => !readOnly,
        run: () => openNewEval(),
      },
      {
        id: 'evals.gradeAll',
        title: 'Grade all traces…',
        group: 'Evals',
        keys: 'mod+j',
        when: () => !readOnly,
        run: () => askEval([], ''),
      },
      {
        id: 'evals.import',
        title: 'Import evals and runs…',
        group: 'Evals',
        menu: 'File',
        when: () => !readOnly,
        run: () => void importRuns(setNews),
      },
    ],
    [readOnly],
  );
  useRegisterCommands(commands);
  const report = news && <ImportReportDialog news={news} onClose={() => setNews(null)} />;

  if (span !== null && shown !== 'datasets')
    return (
      <>
        {shown === 'evals' ? <EvalPage id={span} readOnly={readOnly} /> : <RunPage id={span} readOnly={readOnly} />}
        {report}
      </>
    );
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h1 className={styles.title}>Evals</h1>
        <p className={styles.dim}>Graders over many traces: what share passes, and is it better than before?</p>
        {shown !== 'datasets' && (
          <span className={styles.headEnd}>
            <Button
              icon={<Upload size={13} aria-hidden />}
              title="Evals, runs and output items of OpenAI, results of promptfoo"
              disabled={readOnly}
              onClick={() => void importRuns(setNews)}
            >
              Import…
            </Button>
            <Button
              variant="primary"
              icon={<Plus size={13} aria-hidden />}
              disabled={readOnly}
              onClick={() => openNewEval()}
            >
              New eval
            </Button>
          </span>
        )}
      </header>
      <Tabs
        idBase="evals"
        label="Evals, runs and datasets"
        tabs={TABS}
        value={shown}
        onChange={(id) => replacePlace({ tab: id, span: null, of: [], q: '' })}
      />
      <div className={styles.panel} {...tabPanelProps('evals', shown)}>
        {shown === 'datasets' ? (
          <DatasetsTab />
        ) : shown === 'runs' ? (
          <RunsTab readOnly={readOnly} onImport={() => void importRuns(setNews)} />
        ) : (
          <EvalList readOnly={readOnly} onImport={() => void importRuns(setNews)} />
        )}
      </div>
      {report}
    </div>
  );
}
