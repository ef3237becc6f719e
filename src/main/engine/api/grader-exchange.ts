/** Graders out of files of other tools, and into them. */
import { randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import { GRADER_EXPORTS } from '#shared/grader-exchange.ts';
import { AppFailure } from '#shared/result.ts';
import { readGraders } from '../../graders/exchange/read-graders.ts';
import { writeGraders } from '../../graders/exchange/write-graders.ts';
import { graderByHash, graderById, putVersion } from '../../store/grader-store.ts';
import type { Writing } from '../create-engine.ts';
import { reviewerOf } from './annotations.ts';
import { existingGrader } from './grader-reads.ts';
import { hashOf } from './graders.ts';
import type { Handlers } from './types.ts';

const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_PROBLEMS = 2_000;

export function graderExchange(writing: () => Writing): Pick<Handlers, 'grader.import' | 'grader.export'> {
  return {
    'grader.import': async (signal, { text, path }) => {
      const { workspace, feed } = writing();
      const { connection } = workspace;
      if (!connection) throw new Error('a workspace that is written has a connection');
      const read = readGraders(text ?? (await contentOf(path)));
      if (!read.ok) throw new AppFailure(read.error);
      if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
      const { format, definitions } = read.value;
      const problems: ExchangeProblem[] = [...read.value.problems];
      const note = path === undefined ? `Imported: ${format}` : `Imported from ${path.split(/[\\/]/).at(-1) ?? path}`;
      const ids: string[] = [];
      connection.transaction((writer) => {
        for (const { path: at, definition } of definitions) {
          const body = canonicalJson(definition);
          const hash = hashOf(body);
          const known = graderByHash(writer, hash);
          if (known !== null) {
            problems.push({
              severity: 'info',
              path: at,
              message: `“${definition.name}” is here already, with the same definition.`,
            });
            if (!ids.includes(known)) ids.push(known);
            continue;
          }
          const graderId = randomUUID();
          putVersion(writer, { graderId, definition, body, hash, author: reviewerOf(writer), note, now: Date.now() });
          ids.push(graderId);
        }
      });
      if (ids.length > 0) feed.changed(['grader'], []);
      return {
        format,
        imported: ids.flatMap((id) => graderById(connection, id) ?? []),
        problems: problems.slice(0, MOST_PROBLEMS),
      };
    },
    'grader.export': async ({ reader }, { graderIds, path, format }) => {
      if (!isAbsolute(path)) throw new AppFailure({ code: 'bad_request', message: 'The path is not absolute.' });
      const known = GRADER_EXPORTS.find((each) => each === format);
      if (known === undefined)
        throw new AppFailure({
          code: 'bad_request',
          message: `There is no format "${String(format).slice(0, 60)}".`,
          hint: `Choose one of ${GRADER_EXPORTS.join(', ')}.`,
        });
      const definitions = graderIds.map((id) => existingGrader(reader, id).current.definition);
      const { text, written, problems } = writeGraders(definitions, known);
      if (written === 0)
        throw new AppFailure({
          code: 'bad_request',
          message: `None of ${definitions.length === 1 ? 'it' : 'them'} can be written in this format. ${problems[0]?.message ?? 'No grader was chosen.'}`,
          hint: 'Choose other graders, or another format.',
        });
      try {
        await writeFile(path, text, 'utf8');
      } catch (cause) {
        throw new AppFailure({
          code: 'unwritable_file',
          message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
          hint: 'Choose another place.',
        });
      }
      return { written, problems: problems.slice(0, MOST_PROBLEMS) };
    },
  };
}

async function contentOf(path: string | undefined): Promise<string> {
  if (path === undefined) throw new AppFailure({ code: 'bad_request', message: 'Neither a text nor a path is given.' });
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE)
      throw new AppFailure({
        code: 'too_large',
        message: `${path} is larger than 16 MB.`,
        hint: 'Cut it into several.',
      });
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof AppFailure) throw cause;
    throw new AppFailure({
      code: 'unreadable_file',
      message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      hint: 'Check the path.',
    });
  }
}
