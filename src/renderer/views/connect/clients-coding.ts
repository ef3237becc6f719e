/** Coding agents on the command line, which say much in logs and little in spans. */
import type { ConnectClient } from './client.ts';

export const CODING_CLIS: readonly ConnectClient[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    languages: ['Command line'],
    alsoCalled: ['anthropic', 'claude'],
    snippets: [{ label: 'Variables', file: 'claude-code.sh', install: null }],
    arrives:
      'Prompts, model calls with tokens and cost, tools with their output, sub-agents, and waits for permission.',
    lacks: 'What a single model call read is not sent: only the prompt of the user, and tools with their output.',
    pitfalls: [
      'Spans are a beta of Claude Code: without CLAUDE_CODE_ENHANCED_TELEMETRY_BETA only logs arrive, and are shown as spans.',
      'The variables may also stand under "env" in ~/.claude/settings.json.',
    ],
    tell: { dialects: ['claude_code'] },
  },
  {
    id: 'codex',
    title: 'Codex CLI',
    languages: ['Command line'],
    alsoCalled: ['openai'],
    snippets: [{ label: 'Settings', file: 'codex.toml', install: null }],
    arrives:
      'Prompts, model calls with tokens, tool calls with arguments and output, decisions, and the turns of a conversation.',
    lacks: 'Codex never sends what the model answered, and nothing at all for a run that ends in an error of the API.',
    pitfalls: [
      'Each address needs its full path: /v1/logs and /v1/traces.',
      'If the file has an [otel] section already, its lines have to be joined.',
    ],
    tell: { dialects: ['codex'] },
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    languages: ['Command line'],
    alsoCalled: ['google'],
    snippets: [{ label: 'Variables', file: 'gemini-cli.sh', install: null }],
    arrives:
      'Prompts, model calls with messages and tokens, tools, and sub-agents; a conversation reads as one session.',
    lacks: 'Each model call is a trace of its own: only the session joins them.',
    pitfalls: ['"telemetry" in .gemini/settings.json of the project may say otherwise than the variables.'],
    tell: { dialects: ['gemini_cli'] },
  },
];
