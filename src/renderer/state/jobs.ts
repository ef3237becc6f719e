/** Long work under way: progress from the engine's `job` events; what this window started can be cancelled here. */
import { create } from 'zustand';
import type { EngineEvents } from '#shared/rpc/contract.ts';

export type Job = EngineEvents['job'] & { readonly cancel: (() => void) | null };

const own = new Map<string, AbortController>();

export const useJobs = create<{ readonly jobs: readonly Job[] }>()(() => ({ jobs: [] }));

/** Announces work of this window; its signal cancels the engine call. */
export function startJob(jobId: string, label: string): AbortSignal {
  const controller = new AbortController();
  own.set(jobId, controller);
  updateJob({ jobId, label, done: 0, total: 0, unit: '', finished: false });
  return controller.signal;
}

export function updateJob(event: EngineEvents['job']): void {
  const controller = own.get(event.jobId);
  useJobs.setState(({ jobs }) => {
    const known = jobs.some((job) => job.jobId === event.jobId);
    if (event.finished) return { jobs: jobs.filter((job) => job.jobId !== event.jobId) };
    const job: Job = { ...event, cancel: controller ? () => controller.abort() : null };
    return { jobs: known ? jobs.map((other) => (other.jobId === job.jobId ? job : other)) : [...jobs, job] };
  });
}

/** Also after a failure or a cancel, when no last event comes. */
export function endJob(jobId: string): void {
  own.delete(jobId);
  useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.jobId !== jobId) }));
}
