/**
 * A model server for tests: OpenAI Responses and Chat Completions, Anthropic Messages and Gemini, plain and streamed, on
 * loopback. It does not think: it calls each tool that it is offered once, in the order offered, and then answers with
 * one sentence, so that any framework runs through handoffs and tools without a script of its own. A request whose text
 * holds FAIL_NOW is refused.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asObj, type Move, type Obj, type Reply, type Tool } from './wire.ts';
import { answerAnthropic } from './wire-anthropic.ts';
import { answerGemini } from './wire-gemini.ts';
import { answerChat, answerResponses } from './wire-openai.ts';

export type ModelOptions = {
  /** Tools that are called if offered; all when absent. Clients with dozens of built-in tools need it. */
  readonly only?: readonly string[];
  readonly args?: Readonly<Record<string, Obj>>;
  /** Awaited before each answer. */
  readonly before?: (body: Obj) => Promise<void> | void;
};

export type ObedientModel = {
  /** Without a path: OpenAI clients want `/v1` behind it. */
  readonly url: string;
  readonly requests: readonly { readonly path: string; readonly body: Obj }[];
  readonly close: () => Promise<void>;
};

export const LAST_WORDS = 'Paris is sunny, and the order is not to be found.';

export async function startModel(options: ModelOptions = {}): Promise<ObedientModel> {
  const requests: { path: string; body: Obj }[] = [];
  const server = createServer((request, response) => {
    void read(request).then(async (body) => {
      const path = request.url ?? '';
      requests.push({ path, body });
      await options.before?.(body);
      answer(path, body, options, replyTo(response));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

function answer(path: string, body: Obj, options: ModelOptions, reply: Reply): void {
  const decide = (tools: readonly Tool[], called: ReadonlySet<string>): Move => nextMove(body, tools, called, options);
  if (path.includes(':generateContent') || path.includes(':streamGenerateContent'))
    answerGemini(path, body, decide, reply);
  else if (path.includes('/messages')) answerAnthropic(path, body, decide, reply);
  else if (path.includes('/responses')) answerResponses(body, decide, reply);
  else if (path.includes('/chat/completions')) answerChat(body, decide, reply);
  else if (path.includes('/models')) reply.json(200, { object: 'list', data: [], models: [] });
  else reply.json(404, { error: { message: `no ${path} here`, type: 'not_found' } });
}

function nextMove(body: Obj, tools: readonly Tool[], called: ReadonlySet<string>, options: ModelOptions): Move {
  if (JSON.stringify(body).includes('FAIL_NOW')) return { refuse: 'The model does not want to.' };
  const wanted = tools.filter(({ name }) => options.only === undefined || options.only.includes(name));
  // Some frameworks end a run by a tool: it comes when there is nothing else to do.
  const ordered = [...wanted.filter(({ name }) => name !== 'final_answer'), ...wanted.filter(isLast)];
  const next = ordered.find(({ name }) => !called.has(name));
  if (!next) return { say: LAST_WORDS };
  return { call: next.name, args: options.args?.[next.name] ?? argumentsFor(next.schema) };
}

function isLast({ name }: Tool): boolean {
  return name === 'final_answer';
}

const VALUES: Readonly<Record<string, string>> = {
  city: 'Paris',
  order_id: 'A-17',
  answer: LAST_WORDS,
  agent_name: 'OrderAgent',
};

/** Something that fits the schema of a tool's parameters. */
function argumentsFor(schema: Obj): Obj {
  const properties = asObj(schema.properties);
  const required = Array.isArray(schema.required) ? (schema.required as string[]) : Object.keys(properties);
  return Object.fromEntries(required.map((name) => [name, valueFor(name, asObj(properties[name]))]));
}

function valueFor(name: string, schema: Obj): unknown {
  if (Array.isArray(schema.enum)) return (schema.enum as unknown[])[0];
  const type = typeof schema.type === 'string' ? schema.type.toLowerCase() : 'string';
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  if (type === 'object') return argumentsFor(schema);
  return VALUES[name] ?? 'Paris';
}

async function read(request: IncomingMessage): Promise<Obj> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return asObj(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch {
    return {};
  }
}

function replyTo(response: ServerResponse): Reply {
  return {
    json: (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-should-retry': 'false' });
      response.end(JSON.stringify(body));
    },
    events: (list) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const { event, data } of list) {
        if (event !== null) response.write(`event: ${event}\n`);
        response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
      }
      response.end();
    },
  };
}
