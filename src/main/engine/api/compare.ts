/** Runs side by side. */
import { isAbsolute } from 'node:path';
import { AppFailure } from '#shared/result.ts';
import type { Workspace } from '../../store/open.ts';
import { comparedItemsStored, compareStored } from '../evals/compare-stored.ts';
import { comparisonTexts } from '../evals/report/comparison-texts.ts';
import { resting } from '../evals/rest.ts';
import { openTarget } from '../export-target.ts';
import type { Handlers } from './types.ts';

export const compareReads: Pick<Handlers, 'compare.runs' | 'compare.items'> = {
  'compare.runs': ({ reader, signal }, args) => compareStored(reader, args, signal),
  'compare.items': ({ reader }, { baselineId, otherId }) => comparedItemsStored(reader, baselineId, otherId),
};

export function compareExport(workspace: Pick<Workspace, 'path'>): Pick<Handlers, 'compare.export'> {
  return {
    'compare.export': async ({ reader, signal }, { baselineId, otherIds, path, format }) => {
      if (!isAbsolute(path)) throw new AppFailure({ code: 'bad_request', message: 'The path is not absolute.' });
      const comparison = await compareStored(reader, { baselineId, otherIds }, signal);
      const target = await openTarget({
        path,
        layout: 'file',
        // Whoever chose the path has agreed to it.
        overwrite: true,
        forbidden: ['', '-wal', '-shm', '.lock'].map((suffix) => workspace.path + suffix),
      });
      try {
        const rest = resting(signal);
        const items = (otherId: string) => comparedItemsStored(reader, baselineId, otherId);
        for (const text of comparisonTexts({ comparison, items }, format)) {
          await rest();
          await target.write('', text);
        }
        await target.finish();
        return null;
      } catch (cause) {
        await target.discard();
        throw cause;
      }
    },
  };
}
