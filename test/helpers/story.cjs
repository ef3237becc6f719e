/**
 * What the apps of these tests do, whichever way they load the SDK: Triage hands off to OrderAgent, whose first tool
 * works and whose second fails. MODEL_URL says where the model is; EXIT how the process ends: by itself, by process.exit()
 * or by an exception that nobody catches while a span is open.
 * @param {typeof import('@openai/agents')} agents
 * @param {typeof import('zod').z} z
 */
exports.play = async (agents, z) => {
  agents.setDefaultModelProvider(
    new agents.OpenAIProvider({ apiKey: 'none', baseURL: `${process.env.MODEL_URL}/v1`, useResponses: true }),
  );
  const weather = agents.tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => ({ city, sky: 'sunny' }),
  });
  const order = agents.tool({
    name: 'lookup_order',
    description: 'An order.',
    parameters: z.object({ order_id: z.string() }),
    execute: async () => {
      throw new Error('the order store is offline');
    },
  });
  const desk = new agents.Agent({
    name: 'OrderAgent',
    instructions: 'Look it up.',
    model: 'm',
    tools: [weather, order],
  });
  const triage = new agents.Agent({ name: 'Triage', instructions: 'Send it on.', model: 'm', handoffs: [desk] });
  const runner = new agents.Runner({
    workflowName: 'Order desk',
    groupId: 'thread-7',
    traceMetadata: { tier: 'gold' },
  });
  const end = process.env.EXIT ?? 'natural';
  if (end === 'throw') {
    await agents.withTrace('Order desk', async () => {
      await agents.withCustomSpan(
        async () => {
          await runner.run(triage, 'Where is my order?');
          setImmediate(() => {
            throw new Error('nobody catches this');
          });
          await new Promise(() => undefined);
        },
        { data: { name: 'never ends', data: {} } },
      );
    });
  }
  await runner.run(triage, 'Where is my order?');
  if (end === 'exit') process.exit(3);
};
