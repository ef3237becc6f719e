/** Coding agents on the command line, against model servers of their own kind. */
import type { Client } from './client.ts';

export const CLI_CLIENTS: readonly Client[] = [
  {
    id: 'claude-code',
    folder: 'claude-code',
    snippet: 'claude-code.sh',
    install: { kind: 'npm', folder: 'claude-code', packages: ['@anthropic-ai/claude-code'] },
    command: '"$BIN/claude" -p "Say hello" --allowedTools Bash',
    env: (model) => ({
      ANTHROPIC_BASE_URL: model,
      ANTHROPIC_API_KEY: 'local',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      // As this client's own default asks for it when it runs as root.
      IS_SANDBOX: '1',
    }),
    model: { only: ['Bash'], args: { Bash: { command: 'echo hello', description: 'Says hello' } } },
    expect: { tools: ['Bash'], generations: 2, tokens: 460 },
  },
  {
    id: 'codex',
    folder: 'codex',
    snippet: 'codex.toml',
    install: { kind: 'npm', folder: 'codex', packages: ['@openai/codex'] },
    command:
      '"$BIN/codex" exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox ' +
      '-c model_provider=local -c model=m -c model_providers.local.name=local ' +
      '-c "model_providers.local.base_url=$MODEL_URL/v1" -c model_providers.local.env_key=LOCAL_KEY ' +
      '-c model_providers.local.wire_api=responses "Say hello"',
    env: () => ({ LOCAL_KEY: 'local' }),
    model: {
      only: ['exec_command', 'shell'],
      args: { exec_command: { cmd: 'echo hello' }, shell: { command: ['echo', 'hello'] } },
    },
    expect: { tools: ['exec_command'], generations: 2, tokens: 117 },
  },
  {
    id: 'gemini-cli',
    folder: 'gemini-cli',
    snippet: 'gemini-cli.sh',
    install: { kind: 'npm', folder: 'gemini-cli', packages: ['@google/gemini-cli'] },
    command:
      'mkdir -p "$HOME/.gemini"; echo \'{"security":{"auth":{"selectedType":"gemini-api-key"}}}\' > "$HOME/.gemini/settings.json"; ' +
      '"$BIN/gemini" --yolo --skip-trust -m gemini-2.5-flash -p "Say hello"',
    env: (model) => ({
      GEMINI_API_KEY: 'local',
      GOOGLE_GEMINI_BASE_URL: model,
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_CLI_NO_RELAUNCH: '1',
    }),
    model: { only: ['run_shell_command'], args: { run_shell_command: { command: 'echo hello' } } },
    expect: { tools: ['run_shell_command'], generations: 2, readable: 2, tokens: 140 },
  },
];
