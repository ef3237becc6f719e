/** Where the app keeps its own files, checked before Chromium takes a lock there. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The wanted folder, or a temporary one when that cannot be written. The window must open to say what is wrong: a
 * workspace in the wanted folder then fails with its own message.
 */
export function writableFolder(wanted: string): string {
  try {
    makeFolder(wanted);
    const probe = join(wanted, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    return wanted;
  } catch {
    return mkdtempSync(join(tmpdir(), 'tracewright-'));
  }
}

/** Not mkdir's recursive form: that one never returns where the file system denies the existence of what it refuses. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}
