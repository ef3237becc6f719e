/** The scripted model server for tests of vitest: it is closed when the test ends. */
import { onTestFinished } from 'vitest';
import type { JudgeServer, Reply } from './scripted-judge.ts';
import { listenAsJudge } from './scripted-judge.ts';

export async function startJudgeServer(...replies: readonly Reply[]): Promise<JudgeServer> {
  const server = await listenAsJudge(...replies);
  onTestFinished(server.close);
  return server;
}
