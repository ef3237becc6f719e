/** Gemini's generateContent. */
import { asList, asObj, type Move, type Obj, type Reply, type Tool } from './wire.ts';

export function answerGemini(
  path: string,
  body: Obj,
  decide: (tools: readonly Tool[], called: ReadonlySet<string>) => Move,
  reply: Reply,
): void {
  const called = new Set(
    asList(body.contents)
      .flatMap(({ parts }) => asList(parts))
      .flatMap(({ functionCall }) => (functionCall === undefined ? [] : [String(asObj(functionCall).name)])),
  );
  const tools = asList(body.tools)
    .flatMap(({ functionDeclarations }) => asList(functionDeclarations))
    .map(({ name, parameters, parametersJsonSchema, parameters_json_schema }) => ({
      name: String(name),
      schema: asObj(parameters ?? parametersJsonSchema ?? parameters_json_schema),
    }));
  const move = decide(tools, called);
  if ('refuse' in move) {
    reply.json(400, { error: { code: 400, message: move.refuse, status: 'INVALID_ARGUMENT' } });
    return;
  }
  const part: Obj = 'say' in move ? { text: move.say } : { functionCall: { name: move.call, args: move.args } };
  const answer = {
    candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 50, candidatesTokenCount: 17, totalTokenCount: 70, thoughtsTokenCount: 3 },
    modelVersion: /models\/([^:/]+)/.exec(path)?.[1] ?? 'gemini',
    responseId: 'r1',
  };
  if (path.includes(':streamGenerateContent')) reply.events([{ event: null, data: answer }]);
  else reply.json(200, answer);
}
