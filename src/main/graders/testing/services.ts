/** For tests: nothing outside can be asked. */
import { fail } from '#shared/result.ts';
import type { GradeServices } from '../types.ts';

export const noServices: GradeServices = {
  judge: () =>
    Promise.resolve({
      ok: false,
      error: { flag: 'model_grader_server_error', message: 'No judge endpoint is set.' },
      text: '',
      usage: [],
    }),
  embed: () => Promise.resolve(fail({ flag: 'model_grader_server_error', message: 'Embedding endpoint not set.' })),
  runCode: () => Promise.resolve({ ok: false, kind: 'server', message: 'There is no sandbox.', printed: '' }),
  now: () => performance.now(),
};
