/** Deriving everything again from the received bytes, from wherever it is asked. */
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../data/engine.ts';
import { formatCount } from '../widgets/format.ts';
import { endJob, startJob } from './jobs.ts';
import { notify, notifyError } from './notices.ts';

export async function rebuildAll(): Promise<void> {
  const jobId = crypto.randomUUID();
  const signal = startJob(jobId, 'Rebuild');
  const result = await attempt(engine.call('rebuild.run', { jobId }, { signal }));
  endJob(jobId);
  if (!result.ok) {
    if (result.error.code === 'cancelled')
      notify({ tone: 'info', title: 'Rebuild cancelled', detail: 'Each trace is either as it was or rebuilt.' });
    else notifyError('The rebuild stopped', result.error);
    return;
  }
  const { traces, changed, staying } = result.value;
  notify({
    tone: 'ok',
    title: `${counted(traces, 'trace')} rebuilt, ${formatCount(changed)} changed`,
    ...(staying > 0
      ? { detail: `${counted(staying, 'span')} stay as they were: the bytes that they came in are gone.` }
      : {}),
  });
}

function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}
