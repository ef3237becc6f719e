/** Checks of this installation and workspace that a person can act on. */
import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DoctorCheck, EngineInfo } from '#shared/rpc/contract.ts';
import { toAppError } from '#shared/result.ts';
import { indexedThrough } from '../../store/search-index.ts';
import type { Workspace } from '../../store/open.ts';
import type { Reading } from '../reader/reading.ts';

const LOW_DISK_BYTES = 1024 ** 3;

export function doctor(workspace: Workspace, info: EngineInfo, reading: Reading | null): { checks: DoctorCheck[] } {
  const { reader, path } = workspace;
  return {
    checks: [
      check(
        'runtime',
        () =>
          `Node ${process.versions.node}, SQLite ${reader.get<{ v: string }>('SELECT sqlite_version() AS v')?.v ?? '?'}`,
      ),
      check(
        'workspace',
        () => `${path}, ${info.traces} traces, ${info.spans} spans, ${Math.round(info.fileBytes / 1024 / 1024)} MB`,
      ),
      check(
        'integrity',
        () => {
          const answer = reader.get<{ quick_check: string }>('PRAGMA quick_check')?.quick_check;
          if (answer !== 'ok') throw new Error(answer ?? 'no answer');
          return 'The file is sound.';
        },
        'Open a backup: part of the file is damaged.',
      ),
      check(
        'writable',
        () => {
          accessSync(dirname(path), constants.W_OK);
          accessSync(path, constants.W_OK);
          return workspace.readOnly
            ? 'The file can be written; it was opened for reading.'
            : 'The file can be written.';
        },
        'Change the permissions of the file and its folder.',
      ),
      check(
        'disk',
        () => {
          const disk = statfsSync(dirname(path));
          const free = disk.bavail * disk.bsize;
          if (free < LOW_DISK_BYTES) throw new Error(`Only ${Math.round(free / 1024 / 1024)} MB are free.`);
          return `${Math.round(free / LOW_DISK_BYTES)} GB are free.`;
        },
        'Free some space; senders are told to try again while the disk is full.',
      ),
      check('search index', () => {
        const newest = reader.get<{ key: number | null }>('SELECT max(content_key) AS key FROM content')?.key ?? 0;
        const behind = Math.max(0, newest - indexedThrough(reader));
        return behind === 0 ? 'Everything is indexed.' : `${behind} contents wait to be indexed; it happens by itself.`;
      }),
      check('ledger', () => {
        const rows = reader.all<{ severity: string; n: number }>(
          'SELECT severity, count(*) AS n FROM issue GROUP BY severity ORDER BY severity',
        );
        return rows.length === 0
          ? 'Nothing was refused or guessed.'
          : rows.map((row) => `${row.n} ${row.severity}`).join(', ');
      }),
      ...(reading
        ? [
            check(
              'reading thread',
              () => {
                const { ok, detail } = reading.state();
                if (!ok) throw new Error(detail);
                return detail;
              },
              'All works, but a large trace that is opened makes senders wait. Install Tracewright again.',
            ),
          ]
        : []),
    ],
  };
}

function check(name: string, run: () => string, hint: string | null = null): DoctorCheck {
  try {
    return { name, ok: true, detail: run(), hint: null };
  } catch (cause) {
    return { name, ok: false, detail: toAppError(cause).message, hint };
  }
}
