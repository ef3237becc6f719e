/** The tools of the incident story: a small production that answers as it should, and breaks where the story says so. */
import { tool } from '@openai/agents';
import { z } from 'zod';

/**
 * One set for each run: the tools remember what was done to the service.
 * @param {import('../scripted-model.mjs').Pace} pace
 */
export function makeTools(pace) {
  const service = z.string();
  let rollbacks = 0;
  let repaired = false;
  return {
    getAlert: tool({
      name: 'get_alert',
      description: 'The open alert of a service.',
      parameters: z.object({ service }),
      execute: async ({ service }) => {
        await pace.wait(450);
        return {
          service,
          alert: 'ErrorBudgetBurn',
          severity: 2,
          since: '2026-11-21T14:02:10Z',
          value: '7.8 %',
          objective: '0.5 %',
          region: 'eu-west',
        };
      },
    }),
    getOnCall: tool({
      name: 'get_on_call',
      description: 'Who is on call for a team.',
      parameters: z.object({ team: z.string() }),
      execute: async ({ team }) => {
        await pace.wait(600);
        return { team, name: 'Mira Okafor', until: '2026-11-22T08:00:00Z', acknowledged: true };
      },
    }),
    searchLogs: tool({
      name: 'search_logs',
      description: 'Counts and samples of log lines.',
      parameters: z.object({ service, query: z.string(), from: z.string(), to: z.string() }),
      execute: async ({ service, query, from, to }) => {
        await pace.wait(service === 'checkout-api' ? 1200 : 800);
        if (service !== 'checkout-api')
          return {
            service,
            query,
            window: `${from}–${to}`,
            total: 37,
            samples: ['14:03:21 WARN client closed request (499) route=/v2/authorise'],
          };
        return {
          service,
          query,
          window: `${from}–${to}`,
          total: 5012,
          groups: [
            {
              message: 'PoolTimeout: no connection within 2000 ms',
              count: 4812,
              first: '14:02:10',
              at: 'orders/repository.ts:88',
            },
            {
              message: 'AbortError: request aborted by client',
              count: 187,
              first: '14:02:14',
              at: 'http/server.ts:41',
            },
            { message: 'CartNotFound', count: 13, first: '14:00:02', at: 'cart/service.ts:120' },
          ],
          samples: [
            '14:02:10.412 ERROR PoolTimeout: no connection within 2000 ms (in use 5, max 5, waiting 212) trace=9f21…',
          ],
        };
      },
    }),
    queryMetrics: tool({
      name: 'query_metrics',
      description: 'Recent values of a metric, by minute.',
      parameters: z.object({ metric: z.string(), service, minutes: z.number().int() }),
      execute: async ({ metric, service, minutes }) => {
        await pace.wait(500 + metric.length * 20);
        const values = {
          http_5xx_ratio: repaired ? [0.0019, 0.0021, 0.002, 0.0018, 0.002] : [0.078, 0.051, 0.024, 0.019, 0.019],
          latency_p95_ms: repaired ? [231, 220, 214, 216, 214] : [2140, 1320, 610, 540, 533],
          db_pool_in_use:
            rollbacks > 1
              ? { 'most pods': '8 of 40', 'checkout-api-7d9f-2': '5 of 5', 'checkout-api-7d9f-5': '5 of 5' }
              : { 'all pods': '5 of 5', 'before 14:02': '11 of 40' },
        }[metric];
        return { metric, service, minutes, values: values ?? [] };
      },
    }),
    listReleases: tool({
      name: 'list_releases',
      description: 'Releases of a service since a time.',
      parameters: z.object({ service, since: z.string() }),
      execute: async ({ service, since }) => {
        await pace.wait(550);
        return {
          service,
          since,
          releases: [
            { version: '2026.11.21-3', started: '13:58:02', finished: '14:01:37', by: 'release-bot', commits: 6 },
          ],
          before: '2026.11.20-1',
        };
      },
    }),
    listFlags: tool({
      name: 'list_flag_changes',
      description: 'Feature flags that changed since a time.',
      parameters: z.object({ environment: z.string(), since: z.string() }),
      execute: async ({ environment, since }) => {
        await pace.wait(300);
        return { environment, since, changes: [] };
      },
    }),
    diffConfig: tool({
      name: 'diff_config',
      description: 'Settings that differ between two releases.',
      parameters: z.object({ service, from: z.string(), to: z.string() }),
      execute: async () => {
        await pace.wait(650);
        return '  log.level: info\n- db.pool.max: 40\n+ db.pool.max: 5\n- http.keepAlive: 60s\n+ http.keepAlive: 65s\n- build.sha: 91c0d2e\n+ build.sha: 4be1f0c\n';
      },
    }),
    rollBack: tool({
      name: 'roll_back',
      description: 'Puts an earlier release of a service in production.',
      parameters: z.object({ service, to: z.string() }),
      execute: async ({ service, to }) => {
        rollbacks++;
        await pace.wait(rollbacks === 1 ? 1000 : 1600);
        if (rollbacks === 1)
          throw new Error(
            '409 Conflict: deploy lock of checkout-api is held by release-bot (pipeline 88213, ended 14:01:37)',
          );
        return { service, release: to, pods: { updated: 10, draining: 2, total: 12 }, took: '41 s' };
      },
      errorFunction: (_context, error) =>
        `The rollback did not start. ${error instanceof Error ? error.message : String(error)}`,
    }),
    releaseLock: tool({
      name: 'release_deploy_lock',
      description: 'Releases a deploy lock whose holder is gone.',
      parameters: z.object({ service, reason: z.string() }),
      execute: async ({ service }) => {
        await pace.wait(500);
        return { service, released: true, holder: 'release-bot', age: '12 min' };
      },
    }),
    restartPods: tool({
      name: 'restart_pods',
      description: 'Restarts pods one after the other.',
      parameters: z.object({ service, pods: z.array(z.string()) }),
      execute: async ({ pods }) => {
        await pace.wait(1200);
        repaired = true;
        return { restarted: pods, ready: pods.length, 'db.pool.max': 40 };
      },
    }),
    saveReport: tool({
      name: 'save_report',
      description: 'Files an incident report.',
      parameters: z.object({ incident: z.string(), title: z.string(), status: z.enum(['open', 'resolved']) }),
      execute: async ({ incident }) => {
        await pace.wait(400);
        return { saved: `reports/${incident}.md`, revision: 1 };
      },
    }),
  };
}
