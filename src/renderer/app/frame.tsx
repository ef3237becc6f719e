import { useEffect } from 'react';
import { usePlace } from '../state/place.ts';
import { useEngineEvent } from '../data/engine.ts';
import { updateJob } from '../state/jobs.ts';
import { DatasetDialog } from './dataset-dialog.tsx';
import { DropZone } from './drop-zone.tsx';
import { EngineGate } from './engine-gate.tsx';
import { EvalDialog } from './eval-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { GradeDialog } from './grade-dialog.tsx';
import { GraderDraftsDialog } from './grader-drafts-dialog.tsx';
import { GraderFromDialog } from './grader-from-dialog.tsx';
import { ImportReportDialog } from './import-report.tsx';
import { Navigation } from './navigation.tsx';
import { NoticeList } from './notice-list.tsx';
import { PatternDialog } from './pattern-dialog.tsx';
import { Palette } from './palette.tsx';
import { QueueDialog } from './queue-dialog.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { ViewHost } from './view-host.tsx';
import { useAppCommands } from './app-commands.ts';
import { useSavedTheme } from '../state/saved-theme.ts';
import styles from './frame.module.css';

export function Frame() {
  const place = usePlace();
  useAppCommands();
  useSavedTheme();
  useEngineEvent('job', updateJob);

  useEffect(() => {
    document.title = place.view === '' ? 'Tracewright' : `Tracewright · ${place.traceId ?? place.view}`;
  }, [place.view, place.traceId]);

  return (
    <DropZone>
      <div className={styles.frame}>
        <TopBar />
        <Navigation />
        <main className={styles.main}>
          <EngineGate>
            <ViewHost />
          </EngineGate>
        </main>
        <StatusBar />
      </div>
      <NoticeList />
      <Palette />
      <ShortcutSheet />
      <ImportReportDialog />
      <ExportDialog />
      <QueueDialog />
      <GradeDialog />
      <EvalDialog />
      <DatasetDialog />
      <GraderFromDialog />
      <GraderDraftsDialog />
      <PatternDialog />
    </DropZone>
  );
}
