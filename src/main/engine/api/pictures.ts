/** Pictures and tables that the page drew, on their way into a file that its user chose. */
import { writeFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { AppFailure, toAppError } from '#shared/result.ts';
import type { DomainHandlers } from './types.ts';

/** Characters. A chart of thousands of marks has a few million. */
const LARGEST = 64_000_000;

export const pictureHandlers: DomainHandlers<'picture'> = {
  'picture.export': async (_context, { path, text, format }) => {
    if (!isAbsolute(path)) throw new AppFailure({ code: 'bad_request', message: 'The path is not absolute.' });
    if (text.length > LARGEST)
      throw new AppFailure({
        code: 'too_large',
        message: 'The picture is too large for a file.',
        hint: 'Narrow down what it shows, or export the table instead.',
      });
    if (format === 'svg' && !text.startsWith('<svg'))
      throw new AppFailure({ code: 'bad_request', message: 'This is no SVG picture.' });
    try {
      await writeFile(path, text);
    } catch (cause) {
      throw new AppFailure({
        code: 'unwritable_file',
        message: `The file could not be written: ${toAppError(cause).message}`,
        hint: 'Choose another folder.',
      });
    }
    return null;
  },
};
