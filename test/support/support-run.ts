/** A run of two agents in the layout of the Agents SDK: Triage hands a question to Support, who looks an order up. */

type Item = Readonly<Record<string, unknown>>;

export type SupportRun = {
  readonly id: string;
  readonly order?: string;
  readonly answer?: string;
  readonly failed?: boolean;
  readonly metadata?: Item | null;
  readonly session?: string | null;
  /** Minutes after the first. */
  readonly minute?: number;
};

export function supportRun(run: SupportRun): Item[] {
  const { id, order = 'W1', answer = 'Your order is on its way.', failed = false, metadata = null, minute = 0 } = run;
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute, second)).toISOString();
  function span(
    spanId: string,
    parent: string | null,
    from: number,
    to: number,
    data: Item,
    error: unknown = null,
  ): Item {
    return {
      object: 'trace.span',
      id: `${spanId}-${id}`,
      trace_id: id,
      parent_id: parent === null ? null : `${parent}-${id}`,
      started_at: at(from),
      ended_at: at(to),
      span_data: data,
      error,
    };
  }
  const system = { role: 'system', content: 'You help customers.' };
  const user = { role: 'user', content: `Where is my order ${order}?` };
  const tools = [
    {
      id: `call-${id}`,
      type: 'function',
      function: { name: 'get_order', arguments: JSON.stringify({ order_id: order }) },
    },
  ];
  const generation = (input: readonly Item[], output: Item): Item => ({
    type: 'generation',
    model: 'gpt-5-mini',
    input,
    output: [output],
    usage: { input_tokens: 100, output_tokens: 20 },
  });
  return [
    {
      object: 'trace',
      id,
      workflow_name: 'Support',
      group_id: run.session ?? null,
      metadata,
    },
    span('triage', null, 0, 3, { type: 'agent', name: 'Triage', handoffs: ['Support'], tools: [], output_type: 'str' }),
    span('g1', 'triage', 0, 2, generation([system, user], { role: 'assistant', content: 'Support knows more.' })),
    span('handoff', 'triage', 2, 3, { type: 'handoff', from_agent: 'Triage', to_agent: 'Support' }),
    span('support', null, 3, 9, {
      type: 'agent',
      name: 'Support',
      handoffs: [],
      tools: ['get_order'],
      output_type: 'str',
    }),
    span('g2', 'support', 3, 4, generation([system, user], { role: 'assistant', content: null, tool_calls: tools })),
    span(
      'tool',
      'support',
      4,
      6,
      {
        type: 'function',
        name: 'get_order',
        input: JSON.stringify({ order_id: order }),
        output: failed ? 'no such order' : '{"status":"shipped"}',
      },
      failed ? { message: 'lookup failed', data: null } : null,
    ),
    span('g3', 'support', 6, 9, generation([system, user], { role: 'assistant', content: answer })),
  ];
}
