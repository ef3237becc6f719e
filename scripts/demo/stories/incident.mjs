/**
 * Seven agents work on an outage: the desk takes the report, the commander asks two analysts at once, the release
 * engineer rolls back (the first attempt fails), the verifier sends the work back once, the reporter writes it down.
 */
import { Agent } from '@openai/agents';
import { ScriptedModel } from '../scripted-model.mjs';
import { makeTools } from './incident-tools.mjs';

const title = 'Seven agents on a checkout outage';
/** How long it takes at normal speed. */
const seconds = 24;
const trace = {
  name: 'Checkout incident',
  groupId: 'incident-2417',
  metadata: { service: 'checkout-api', environment: 'demo', severity: '2' },
};

const request = `checkout-api is failing: 5xx at 7.8 % since 14:02 UTC, our objective is 0.5 %.
Customers in the EU see "payment could not be completed". Please find out why and fix it.
You may roll back a release without asking. Tell me before anything touches the orders database.`;

/** @param {import('../scripted-model.mjs').Pace} pace */
function firstAgent(pace) {
  const model = (/** @type {string} */ name, /** @type {import('../scripted-model.mjs').Step[]} */ script) =>
    new ScriptedModel(name, script, pace);
  const tools = makeTools(pace);

  const reporter = new Agent({
    name: 'Reporter',
    instructions:
      'You write incident reports. State facts with times, separate cause from trigger, and end with actions that have an owner. Keep it to one page.',
    model: model('scripted-large', [
      {
        ms: 1000,
        says: 'Saving the report before I answer.',
        calls: [
          [
            'save_report',
            { incident: 'incident-2417', title: 'Checkout errors after release 2026.11.21-3', status: 'resolved' },
          ],
        ],
      },
      { ms: 1600, says: report },
    ]),
    tools: [tools.saveReport],
  });

  const verifier = new Agent({
    name: 'Verifier',
    instructions:
      'You decide whether an incident is over. Read the metrics yourself; never take the word of whoever made the change. Over means: all objectives met for five minutes. If they are not met, hand back to the Release engineer and say what is still wrong.',
    model: model('scripted-small', [
      {
        ms: 700,
        calls: [
          ['query_metrics', { metric: 'http_5xx_ratio', service: 'checkout-api', minutes: 5 }],
          ['query_metrics', { metric: 'latency_p95_ms', service: 'checkout-api', minutes: 5 }],
          ['query_metrics', { metric: 'db_pool_in_use', service: 'checkout-api', minutes: 5 }],
        ],
      },
      {
        ms: 900,
        thinks:
          'Errors fell from 7.8 % to 1.9 %, not below 0.5 %. Pool use is 8 of 40 on most pods but 5 of 5 on two: those two still run the old settings.',
        says: 'Not over. 5xx is 1.9 % (objective 0.5 %). Pods checkout-api-7d9f-2 and -5 still report a pool of 5: they were not restarted by the rollback.',
        handsTo: 'Release engineer',
      },
      {
        ms: 600,
        calls: [
          ['query_metrics', { metric: 'http_5xx_ratio', service: 'checkout-api', minutes: 5 }],
          ['query_metrics', { metric: 'latency_p95_ms', service: 'checkout-api', minutes: 5 }],
        ],
      },
      {
        ms: 700,
        says: '5xx is 0.2 % and p95 latency 214 ms for five minutes: all objectives are met. The incident is over.',
        handsTo: 'Reporter',
      },
    ]),
    tools: [tools.queryMetrics],
    handoffs: [reporter],
  });

  const releaseEngineer = new Agent({
    name: 'Release engineer',
    instructions:
      'You carry out changes in production: rollbacks, restarts, locks. Take the smallest step that can work, check that it did, and never change data. When a tool fails, read the error before you try again.',
    model: model('scripted-large', [
      {
        ms: 900,
        says: 'Rolling back checkout-api to the release before the pool change.',
        calls: [['roll_back', { service: 'checkout-api', to: '2026.11.20-1' }]],
      },
      {
        ms: 800,
        thinks:
          'The lock belongs to release-bot, whose pipeline already ended. Releasing a stale lock changes no data and is within what I may do.',
        says: 'The deploy lock is stale: its pipeline ended at 14:01. I release it and try again.',
        calls: [
          [
            'release_deploy_lock',
            { service: 'checkout-api', reason: 'incident-2417: holder release-bot finished at 14:01 UTC' },
          ],
        ],
      },
      { ms: 600, calls: [['roll_back', { service: 'checkout-api', to: '2026.11.20-1' }]] },
      {
        ms: 600,
        says: 'Rolled back: 10 of 12 pods report 2026.11.20-1, two are still draining. Please check.',
        handsTo: 'Verifier',
      },
      {
        ms: 700,
        calls: [['restart_pods', { service: 'checkout-api', pods: ['checkout-api-7d9f-2', 'checkout-api-7d9f-5'] }]],
      },
      { ms: 500, says: 'Both pods restarted with a pool of 40. Please check again.', handsTo: 'Verifier' },
    ]),
    tools: [tools.rollBack, tools.releaseLock, tools.restartPods],
    handoffs: [verifier],
  });
  verifier.handoffs.push(releaseEngineer);

  const logAnalyst = new Agent({
    name: 'Log analyst',
    instructions:
      'You read logs and metrics. Answer with what they show, with counts and times. Say what you did not find.',
    model: model('scripted-small', [
      {
        ms: 1000,
        calls: [
          ['search_logs', { service: 'checkout-api', query: 'level:error', from: '14:00', to: '14:12' }],
          ['search_logs', { service: 'payments-gateway', query: 'level:error', from: '14:00', to: '14:12' }],
          ['query_metrics', { metric: 'db_pool_in_use', service: 'checkout-api', minutes: 15 }],
        ],
      },
      {
        ms: 1400,
        says: '**96 % of the errors are one error.** 4,812 of 5,012 error lines since 14:02:10 are `PoolTimeout: no connection within 2000 ms` from `orders/repository.ts:88`. Pool use is pinned at 5 of 5 on every pod; before 14:02 it was 11 of 40 at the same traffic. payments-gateway shows no errors of its own, only cancelled requests.',
      },
    ]),
    tools: [tools.searchLogs, tools.queryMetrics],
  });

  const changeAnalyst = new Agent({
    name: 'Change analyst',
    instructions:
      'You find out what changed. Look at releases, configuration and flags around the time of the fault. Report only what could explain it.',
    model: model('scripted-small', [
      {
        ms: 800,
        calls: [
          ['list_releases', { service: 'checkout-api', since: '13:00' }],
          ['list_flag_changes', { environment: 'production', since: '13:00' }],
        ],
      },
      { ms: 700, calls: [['diff_config', { service: 'checkout-api', from: '2026.11.20-1', to: '2026.11.21-3' }]] },
      {
        ms: 1100,
        says: 'Release **2026.11.21-3** went out at 13:58–14:01. Among 3 changed settings one fits: `db.pool.max` went from **40 to 5** (commit 4be1f0c, "use pool defaults from shared config"). No flag changed in that window.',
      },
    ]),
    tools: [tools.listReleases, tools.listFlags, tools.diffConfig],
  });

  const commander = new Agent({
    name: 'Commander',
    instructions:
      'You lead an incident. Form a hypothesis only from evidence, ask the analysts in parallel, choose the least risky action, and hand over with everything that the next person needs. You change nothing yourself.',
    model: model('scripted-large', [
      {
        ms: 1300,
        thinks:
          'Onset is sharp, so a change is likely; but a dependency could also have failed. Ask for logs and for changes at the same time.',
        says: 'A sharp onset at 14:02 points to a change or a failed dependency. I ask both analysts at once.',
        calls: [
          [
            'analyse_logs',
            {
              input:
                'checkout-api 5xx since 14:02 UTC. Which errors, where do they come from, and do the metrics of the database pool or the payment gateway move with them?',
            },
          ],
          [
            'analyse_changes',
            { input: 'What was released, reconfigured or flagged for checkout-api between 13:00 and 14:05 UTC?' },
          ],
        ],
      },
      {
        ms: 1200,
        says: 'Cause: release 2026.11.21-3 cut the database pool from 40 to 5 connections; 96 % of the errors are pool timeouts. Action: roll checkout-api back to 2026.11.20-1. The orders database is not touched.',
        handsTo: 'Release engineer',
      },
    ]),
    tools: [
      logAnalyst.asTool({
        toolName: 'analyse_logs',
        toolDescription: 'Asks the log analyst a question about logs and metrics.',
      }),
      changeAnalyst.asTool({
        toolName: 'analyse_changes',
        toolDescription: 'Asks the change analyst what changed in a time window.',
      }),
    ],
    handoffs: [releaseEngineer],
  });

  return new Agent({
    name: 'Incident desk',
    instructions:
      'You take incident reports. Check that the alert is real, find who is on call, and hand over to the Commander. Do not investigate.',
    model: model('scripted-small', [
      {
        ms: 900,
        calls: [
          ['get_alert', { service: 'checkout-api' }],
          ['get_on_call', { team: 'checkout' }],
        ],
      },
      {
        ms: 600,
        says: 'The alert is real (severity 2, burning for 11 minutes). Mira Okafor is on call and informed.',
        handsTo: 'Commander',
      },
    ]),
    tools: [tools.getAlert, tools.getOnCall],
    handoffs: [commander],
    inputGuardrails: [
      {
        name: 'no_cardholder_data',
        execute: async ({ input }) => {
          await pace.wait(250);
          const text = typeof input === 'string' ? input : JSON.stringify(input);
          const found = /\b(?:\d[ -]?){13,16}\b/.test(text);
          return { tripwireTriggered: found, outputInfo: { checked: 'card numbers', found } };
        },
      },
    ],
  });
}

const report = `## Checkout errors after release 2026.11.21-3 — resolved

**Impact.** 14:02–14:27 UTC, up to 7.8 % of checkouts in eu-west failed (objective 0.5 %). About 5,000 requests; no order was lost or charged twice.

| Time (UTC) | What happened |
|---|---|
| 13:58 | Release 2026.11.21-3 begins |
| 14:02 | 5xx rises to 7.8 %, alert fires |
| 14:13 | Log and change analysis agree on the connection pool |
| 14:16 | First rollback refused: stale deploy lock |
| 14:19 | Rolled back to 2026.11.20-1; errors fall to 1.9 % |
| 14:24 | Two pods restarted by hand |
| 14:27 | 5xx at 0.2 %, all objectives met |

**Cause.** \`db.pool.max\` fell from 40 to 5 because the service moved to the shared pool defaults (commit 4be1f0c).
**Why it took 25 minutes.** The deploy lock outlived its pipeline, and the rollback reported success while two pods kept their old settings.

1. Alert when pool use is above 90 % for two minutes — *Checkout, Mira Okafor*
2. Deploy locks end with their pipeline — *Release tooling*
3. A rollback is done when **every** pod reports the release — *Release tooling*

The orders database was not touched.`;

/** @type {import('../scripted-model.mjs').Story} */
export const incident = { title, seconds, trace, request, firstAgent };
