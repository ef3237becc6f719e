// npm run demo: a real program on the OpenAI Agents SDK with a scripted model. Reports live to a running collector.
import { Runner, withTrace } from '@openai/agents';
import { parseArgs } from 'node:util';
import { checkCollector, DemoError, flush, recordTo, reportTo } from './demo/reporting.mjs';
import { Pace } from './demo/scripted-model.mjs';
import { cardNumber } from './demo/stories/card-number.mjs';
import { incident } from './demo/stories/incident.mjs';
import { refund } from './demo/stories/refund.mjs';

/** @typedef {import('./demo/scripted-model.mjs').Story} Story */

/** @type {ReadonlyMap<string, Story>} */
const stories = new Map(Object.entries({ incident, refund, 'card-number': cardNumber }));

const help = `npm run demo -- [options]

Runs agents with a scripted model (no network, no key) and reports their trace to Tracewright while they run.

  --endpoint URL   where Tracewright collects (default: $TRACEWRIGHT_ENDPOINT, else http://127.0.0.1:4318)
  --seconds N      how long it takes (default: 20)
  --story NAME     ${[...stories.keys()].join(', ')} (default: incident)
  --record FILE    write the requests to a file instead of sending them
  --help
`;

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main() {
  const options = readOptions();
  if (options === null) return 0;
  const { story, endpoint, seconds, record } = options;
  const finish = record === null ? null : await recordTo(record);
  if (finish === null) {
    await checkCollector(endpoint);
    reportTo(endpoint, { starts: true });
  }
  console.log(
    `${story.title}: about ${Math.round(seconds)} s, ${record === null ? `reported to ${endpoint}` : `recorded to ${record}`}.\n`,
  );
  const traceId = await play(story, new Pace(seconds / story.seconds));
  await flush();
  if (finish !== null) console.log(`${await finish()} requests recorded.`);
  console.log(`\nTrace ${traceId}`);
  return 0;
}

/**
 * @param {Story} story
 * @param {Pace} pace
 */
async function play(story, pace) {
  const began = Date.now();
  const say = (/** @type {string} */ text) =>
    console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  const runner = new Runner({ workflowName: story.trace.name });
  runner.on('agent_start', (_context, agent) => say(agent.name));
  runner.on('agent_handoff', (_context, from, to) => say(`  ${from.name} hands off to ${to.name}`));
  runner.on('agent_tool_start', (_context, agent, tool) => say(`  ${agent.name} calls ${tool.name}`));
  let traceId = '';
  await withTrace(
    story.trace.name,
    async (trace) => {
      traceId = trace.traceId;
      try {
        const result = await runner.run(story.firstAgent(pace), story.request, { maxTurns: story.maxTurns ?? 40 });
        console.log(`\n${String(result.finalOutput)}`);
      } catch (error) {
        // Some stories end badly: that is what they are there to show.
        say(`stopped: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    { groupId: story.trace.groupId, metadata: story.trace.metadata },
  );
  return traceId;
}

/** @returns {{ story: Story, endpoint: string, seconds: number, record: string | null } | null} */
function readOptions() {
  const option = /** @type {const} */ ({ type: 'string' });
  let values;
  try {
    ({ values } = parseArgs({
      options: { endpoint: option, seconds: option, story: option, record: option, help: { type: 'boolean' } },
    }));
  } catch (error) {
    throw new DemoError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
  if (values.help) {
    console.log(help);
    return null;
  }
  const story = stories.get(values.story ?? 'incident');
  if (!story) throw new DemoError(`There is no story "${values.story}". Known: ${[...stories.keys()].join(', ')}.`);
  const endpoint = (values.endpoint ?? process.env.TRACEWRIGHT_ENDPOINT ?? 'http://127.0.0.1:4318').replace(/\/+$/, '');
  if (!URL.canParse(endpoint)) throw new DemoError(`"${endpoint}" is not an address such as http://127.0.0.1:4318.`);
  const seconds = values.seconds === undefined ? Math.min(20, story.seconds) : Number(values.seconds);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new DemoError(`--seconds takes a number, not "${values.seconds}".`);
  return { story, endpoint, seconds, record: values.record ?? null };
}
