/** Graders: the list of them, one in its editor, its stored verdicts, and what was graded when. */
import { useMemo, useState } from 'react';
import { Download, Plus, Upload } from 'lucide-react';
import type { GraderKindInfo } from '#shared/grader.ts';
import { useRegisterCommands, type Command } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import { askGrading } from '../../state/gradings.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { Button } from '../../widgets/button.tsx';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { tabPanelProps, Tabs } from '../../widgets/tabs.tsx';
import { EditorView } from './editor-view.tsx';
import { ExportDialog } from './exchange/export-dialog.tsx';
import { ImportReportDialog } from './exchange/import-report.tsx';
import { importGraders, type ImportNews } from './exchange/acts.ts';
import { GraderList } from './grader-list.tsx';
import { GradingList } from './grading-list.tsx';
import { NewDialog } from './new-dialog.tsx';
import { VerdictsView, VERDICTS } from './verdicts-view.tsx';
import styles from './graders.module.css';

const TABS = [
  { id: 'list', label: 'Graders' },
  { id: 'gradings', label: 'Gradings' },
] as const;
const NO_KINDS: readonly GraderKindInfo[] = [];

export function GradersView() {
  const { tab, span } = usePlace();
  const kinds = useEngine('grader.kinds', undefined);
  const info = useEngine('engine.info', undefined);
  const [making, setMaking] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [news, setNews] = useState<ImportNews | null>(null);
  const readOnly = info.data?.readOnly ?? false;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'graders.new',
        title: 'New grader…',
        group: 'Graders',
        keys: 'mod+alt+n',
        menu: 'File',
        when: () => !readOnly,
        run: () => setMaking(true),
      },
      {
        id: 'graders.grade',
        title: 'Grade traces…',
        group: 'Graders',
        when: () => !readOnly,
        run: () => askGrading([], ''),
      },
      {
        id: 'graders.import',
        title: 'Import graders…',
        group: 'Graders',
        menu: 'File',
        when: () => !readOnly,
        run: () => void importGraders(setNews),
      },
      {
        id: 'graders.export',
        title: 'Export graders…',
        group: 'Graders',
        menu: 'File',
        run: () => setExporting(true),
      },
    ],
    [readOnly],
  );
  useRegisterCommands(commands);
  const dialog = (
    <>
      {making && <NewDialog kinds={kinds.data ?? NO_KINDS} onClose={() => setMaking(false)} />}
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
      {news && <ImportReportDialog news={news} onClose={() => setNews(null)} />}
    </>
  );

  if (tab !== null && tab !== 'gradings') {
    if (kinds.error && !kinds.data) return <ErrorState error={kinds.error} onRetry={kinds.refetch} />;
    if (!kinds.data)
      return (
        <>
          <h1 className="visually-hidden">Graders</h1>
          <Spinner label="Loading graders" />
        </>
      );
    return (
      <>
        {span?.startsWith(VERDICTS) ? (
          <VerdictsView graderId={tab} shown={span} />
        ) : (
          <EditorView id={tab} kinds={kinds.data} readOnly={readOnly} />
        )}
        {dialog}
      </>
    );
  }
  const shown = tab === 'gradings' ? 'gradings' : 'list';
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h1 className={styles.title}>Graders</h1>
        <p className={styles.dim}>
          What passes and what fails, said by rules, code or models, with the spans it rests on.
        </p>
        <span className={styles.headEnd}>
          <Button
            icon={<Upload size={13} aria-hidden />}
            title="Grader JSON, evals of OpenAI, configurations of promptfoo"
            disabled={readOnly}
            onClick={() => void importGraders(setNews)}
          >
            Import…
          </Button>
          <Button icon={<Download size={13} aria-hidden />} onClick={() => setExporting(true)}>
            Export…
          </Button>
          <Button
            variant="primary"
            icon={<Plus size={13} aria-hidden />}
            disabled={readOnly || kinds.data === undefined}
            onClick={() => setMaking(true)}
          >
            New grader…
          </Button>
        </span>
      </header>
      <Tabs
        label="Graders"
        idBase="graders"
        tabs={TABS}
        value={shown}
        onChange={(id) => replacePlace({ tab: id === 'list' ? null : id, span: null })}
      />
      <div {...tabPanelProps('graders', shown)} className={styles.panel}>
        {shown === 'list' ? (
          <GraderList kinds={kinds.data ?? NO_KINDS} readOnly={readOnly} onNew={() => setMaking(true)} />
        ) : (
          <GradingList />
        )}
      </div>
      {dialog}
    </div>
  );
}
