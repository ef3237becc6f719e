import { listMetrics } from '../../store/metric-store.ts';
import type { Handlers } from './types.ts';

export const metricHandlers: Pick<Handlers, 'metrics.list'> = {
  'metrics.list': ({ reader }, args) => listMetrics(reader, args),
};
