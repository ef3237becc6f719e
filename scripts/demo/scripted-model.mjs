/**
 * A language model that follows a script: the SDK around it is real, what it answers is written down, so that the demo
 * needs no network, no key and no luck. Like every model provider of one's own it must open its generation span itself.
 */
import { Usage, withGenerationSpan } from '@openai/agents';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One answer. `ms` is how long it takes at normal speed.
 * @typedef {object} Step
 * @property {number} ms
 * @property {string} [thinks] reasoning before the answer
 * @property {string} [says]
 * @property {readonly (readonly [name: string, args: Record<string, unknown>])[]} [calls] tool calls, made in parallel
 * @property {string} [handsTo] name of the agent to hand off to
 * @property {string} [fails] the provider's error message
 */

/**
 * What a demo plays.
 * @typedef {object} Story
 * @property {string} title
 * @property {number} seconds how long it takes at normal speed
 * @property {{ name: string, groupId: string, metadata: Record<string, string> }} trace
 * @property {string} request what the user asks
 * @property {number} [maxTurns]
 * @property {(pace: Pace) => import('@openai/agents').Agent<any, any>} firstAgent
 */

/** What stretches or shortens every wait of a demo. */
export class Pace {
  /** @param {number} factor 1 = normal speed */
  constructor(factor) {
    this.factor = factor;
  }

  /** @param {number} ms at normal speed */
  async wait(ms) {
    await sleep(Math.round(ms * this.factor));
  }
}

// Roughly what tokenizers make of English and JSON.
const CHARACTERS_PER_TOKEN = 3.9;
// Providers cache prompts in blocks, from a first length on.
const CACHE_FROM = 1024;
const CACHE_BLOCK = 128;

let calls = 0;

/** @typedef {import('@openai/agents').Model} Model */

/** @implements {Model} */
export class ScriptedModel {
  /**
   * @param {string} name
   * @param {readonly Step[]} script answered one by one; after the last it is an error to ask again
   * @param {Pace} pace
   */
  constructor(name, script, pace) {
    this.name = name;
    this.script = script;
    this.pace = pace;
    this.asked = 0;
    this.seenTokens = 0;
  }

  /** @param {import('@openai/agents').ModelRequest} request */
  async getResponse(request) {
    if (!request.tracing) return this.#answer(request);
    return withGenerationSpan((span) => this.#answer(request, span), {
      data: {
        model: this.name,
        model_config: { temperature: request.modelSettings.temperature ?? 1, provider: 'scripted' },
      },
    });
  }

  /** @param {import('@openai/agents').ModelRequest} request */
  async *getStreamedResponse(request) {
    throw new Error(`The scripted model does not stream (${request.systemInstructions?.slice(0, 40) ?? ''}).`);
  }

  /**
   * @param {import('@openai/agents').ModelRequest} request
   * @param {import('@openai/agents').Span<import('@openai/agents').GenerationSpanData>} [span]
   */
  async #answer(request, span) {
    const step = this.script[this.asked++];
    if (!step) throw new Error(`The script of ${this.name} has no answer number ${this.asked}.`);
    const input = [
      ...(request.systemInstructions ? [{ role: 'system', content: request.systemInstructions }] : []),
      ...(typeof request.input === 'string' ? [{ role: 'user', content: request.input }] : request.input),
    ];
    if (span && request.tracing === true) span.spanData.input = input;
    await this.pace.wait(step.ms);
    if (step.fails) throw new Error(step.fails);
    const output = itemsOf(step);
    const usage = this.#usage(request, input, step);
    if (span) {
      if (request.tracing === true) span.spanData.output = output;
      span.spanData.usage = usage;
    }
    return {
      usage: new Usage({
        requests: 1,
        inputTokens: usage.input_tokens,
        outputTokens: usage.output_tokens,
        totalTokens: usage.total_tokens,
        inputTokensDetails: [usage.input_tokens_details],
        outputTokensDetails: [usage.output_tokens_details],
      }),
      output,
      responseId: `resp_demo_${++calls}`,
    };
  }

  /**
   * @param {import('@openai/agents').ModelRequest} request
   * @param {readonly unknown[]} input
   * @param {Step} step
   */
  #usage(request, input, step) {
    const tokens = (/** @type {unknown} */ value) => Math.ceil(JSON.stringify(value).length / CHARACTERS_PER_TOKEN);
    const read = tokens(input) + tokens(request.tools) + tokens(request.handoffs.map((handoff) => handoff.toolName));
    const reasoning = step.thinks ? tokens(step.thinks) : 0;
    const written = tokens([step.says ?? '', step.calls ?? [], step.handsTo ?? '']) + reasoning;
    const cached = this.seenTokens < CACHE_FROM ? 0 : this.seenTokens - (this.seenTokens % CACHE_BLOCK);
    this.seenTokens = read;
    return {
      input_tokens: read,
      output_tokens: written,
      total_tokens: read + written,
      input_tokens_details: { cached_tokens: cached },
      output_tokens_details: { reasoning_tokens: reasoning },
    };
  }
}

let ids = 0;

/**
 * @param {Step} step
 * @returns {import('@openai/agents').AgentOutputItem[]}
 */
function itemsOf({ thinks, says, calls = [], handsTo }) {
  const id = (/** @type {string} */ kind) => `${kind}_demo_${String(++ids).padStart(4, '0')}`;
  const all = handsTo ? [...calls, /** @type {const} */ ([`transfer_to_${handsTo.replaceAll(' ', '_')}`, {}])] : calls;
  return [
    ...(thinks
      ? [
          {
            type: /** @type {const} */ ('reasoning'),
            id: id('rs'),
            content: [{ type: /** @type {const} */ ('input_text'), text: thinks }],
          },
        ]
      : []),
    ...(says
      ? [
          {
            type: /** @type {const} */ ('message'),
            id: id('msg'),
            role: /** @type {const} */ ('assistant'),
            status: /** @type {const} */ ('completed'),
            content: [{ type: /** @type {const} */ ('output_text'), text: says }],
          },
        ]
      : []),
    ...all.map(([name, args]) => ({
      type: /** @type {const} */ ('function_call'),
      id: id('fc'),
      callId: id('call'),
      name,
      status: /** @type {const} */ ('completed'),
      arguments: JSON.stringify(args),
    })),
  ];
}
