/** Short news at the edge of the window: what was done, or what failed where there is no better place to say it. */
import { create } from 'zustand';
import type { AppError } from '#shared/result.ts';

export type Notice = {
  readonly id: number;
  readonly tone: 'ok' | 'error' | 'info';
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
};

const MAX = 4;
let nextId = 1;

export const useNotices = create<{ readonly notices: readonly Notice[] }>()(() => ({ notices: [] }));

export function notify(notice: Omit<Notice, 'id'>): number {
  const id = nextId++;
  useNotices.setState(({ notices }) => ({ notices: [...notices, { ...notice, id }].slice(-MAX) }));
  return id;
}

export function notifyError(what: string, error: AppError): void {
  notify({
    tone: 'error',
    title: `${what}: ${error.message}`,
    ...(error.hint === undefined ? {} : { detail: error.hint }),
  });
}

export function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
