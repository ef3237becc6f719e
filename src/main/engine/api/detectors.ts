/** What a person may change of detectors. */
import type { DetectorEdits } from '#shared/detect.ts';
import { AppFailure } from '#shared/result.ts';
import { parseDetectorEdits } from '../../analysis/detectors/tuning.ts';
import { writeDetectorEdits } from '../../store/finding-store.ts';
import type { Writing } from '../create-engine.ts';
import { detectorSheet } from '../detector-settings.ts';
import type { DomainHandlers } from './types.ts';

export function detectorHandlers(writing: () => Writing): DomainHandlers<'detectors'> {
  return {
    'detectors.get': ({ reader }) => detectorSheet(reader),
    'detectors.set': (_signal, { edits }) => {
      const { workspace, findings, feed } = writing();
      const checked = checkedEdits(edits ?? {});
      workspace.connection?.transaction((writer) => {
        writeDetectorEdits(writer, Object.keys(checked).length === 0 ? null : JSON.stringify(checked));
      });
      findings.rulesChanged();
      feed.changed(['setting.detectors'], []);
      return detectorSheet(workspace.reader);
    },
  };
}

export function checkedEdits(edits: unknown): DetectorEdits {
  const parsed = parseDetectorEdits(edits);
  if (!parsed.ok) throw new AppFailure(parsed.error);
  return parsed.value;
}
