/** Which items are shown, as text of the place: `status=failed`, `criterion=0&outcome=failed&text=refund`. */
import type { RunItemFilter, RunItemRow } from '#shared/eval.ts';

export const ITEM_STATUSES: readonly RunItemRow['status'][] = ['passed', 'failed', 'errored', 'neither', 'due'];
export const OUTCOMES = ['passed', 'failed', 'errored', 'not_applicable'] as const;

export function readFilter(text: string): RunItemFilter {
  const params = new URLSearchParams(text);
  const status = ITEM_STATUSES.find((each) => each === params.get('status'));
  const outcome = OUTCOMES.find((each) => each === params.get('outcome'));
  const criterion = /^\d{1,4}$/.test(params.get('criterion') ?? '') ? Number(params.get('criterion')) : undefined;
  const words = params.get('text') ?? '';
  return {
    ...(status === undefined ? {} : { status }),
    ...(criterion === undefined || outcome === undefined ? {} : { criterion, outcome }),
    ...(words === '' ? {} : { text: words }),
  };
}

export function writeFilter({ status, criterion, outcome, text }: RunItemFilter): string {
  const params = new URLSearchParams();
  if (status !== undefined) params.set('status', status);
  if (criterion !== undefined && outcome !== undefined) {
    params.set('criterion', String(criterion));
    params.set('outcome', outcome);
  }
  if (text !== undefined && text !== '') params.set('text', text);
  return params.toString();
}

export function isFiltered(filter: RunItemFilter): boolean {
  return writeFilter(filter) !== '';
}
