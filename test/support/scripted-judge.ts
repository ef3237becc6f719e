/** A model server on loopback that answers as its script says, and remembers what it was asked. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '#shared/json.ts';

export type Asked = {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Null for GET. */
  readonly body: JsonObject | null;
};

export type Reply = (asked: Asked, response: ServerResponse) => void | Promise<void>;

export type JudgeServer = {
  readonly baseUrl: string;
  readonly asked: readonly Asked[];
  /** The next requests are answered so, one by one; the last one goes on. */
  readonly script: (...replies: readonly Reply[]) => void;
  /** Requests that are being answered at this moment, and the most there were. */
  readonly busy: () => { readonly now: number; readonly most: number };
  readonly close: () => Promise<void>;
};

/** To be closed by who starts it; `startJudgeServer` in judge-server.ts does that for tests of vitest. */
export async function listenAsJudge(...replies: readonly Reply[]): Promise<JudgeServer> {
  const asked: Asked[] = [];
  let script = [...replies];
  let now = 0;
  let most = 0;
  const server = createServer((request, response) => {
    void handle(request, response);
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const one: Asked = {
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? null : (JSON.parse(text) as JsonObject),
    };
    asked.push(one);
    most = Math.max(most, ++now);
    response.once('close', () => now--);
    const reply = script.length > 1 ? script.shift() : script[0];
    await (reply ?? status(500))(one, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    script: (...next) => {
      script = [...next];
    },
    busy: () => ({ now, most }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The text of the last message that was sent. */
export function lastText({ body }: Asked): string {
  const messages = (body?.messages ?? []) as readonly { readonly content: Json }[];
  const content = messages.at(-1)?.content;
  return typeof content === 'string' ? content : JSON.stringify(content);
}

export function allText({ body }: Asked): string {
  return ((body?.messages ?? []) as readonly { readonly content: Json }[])
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');
}

export function json(value: Json, code = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return (_asked, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
}

/** A chat completion whose message is this; a value that is no text becomes JSON. */
export function says(content: Json, more: JsonObject = {}): Reply {
  return json(completion(content, more));
}

export function completion(content: Json, more: JsonObject = {}): JsonObject {
  return {
    id: 'chat-1',
    object: 'chat.completion',
    model: 'judge-1',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: { role: 'assistant', content: typeof content === 'string' ? content : JSON.stringify(content) },
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    ...more,
  };
}

export function status(code: number, message = '', headers: Readonly<Record<string, string>> = {}): Reply {
  return json({ error: { message, type: 'error' } }, code, headers);
}

/** Gives so many answers and holds the others back: for tests of what is on its way, without a clock. */
export function held(
  reply: Reply,
  answers: number,
): { readonly reply: Reply; readonly release: (more: number) => void } {
  let left = answers;
  let waiting: (() => boolean)[] = [];
  function release(more: number): void {
    left += more;
    const before = waiting;
    waiting = [];
    // Whoever gave up waiting takes no answer.
    for (const go of before) if (left === 0 || !go()) waiting.push(go);
  }
  return {
    release,
    reply: (asked, response) =>
      new Promise((resolve, reject) => {
        const go = (): boolean => {
          if (left === 0) return false;
          if (!response.destroyed) {
            left--;
            Promise.resolve(reply(asked, response)).then(resolve, reject);
          }
          return true;
        };
        if (!go()) waiting.push(go);
      }),
  };
}

/** Answers never. */
export const silent: Reply = () => undefined;

/** Begins to answer and closes the connection. */
export const breaksOff: Reply = (_asked, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  response.write('{"choices":[{"message":{"cont', () => response.destroy());
};

/** Writes and writes. */
export const floods: Reply = (_asked, response) => {
  const block = Buffer.alloc(256 * 1024, 'x');
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', more);
  more();
};

export function redirects(to: string): Reply {
  return (_asked, response) => {
    response.writeHead(307, { location: to }).end();
  };
}
