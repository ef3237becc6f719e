/** What an interpreter of Python hears and says, over a port of its own. One grade is in it at a time. */
import type { CodeRequest } from '../../graders/types.ts';

export type PythonRequest = Pick<CodeRequest, 'source' | 'sample' | 'item'> & { readonly globals: string };

export type ToPython =
  /** The first: `files` are modules of Python by their paths, `memoryMb` is all that Python may have. */
  | { readonly type: 'begin'; readonly files: Readonly<Record<string, string>>; readonly memoryMb: number }
  | { readonly type: 'grade'; readonly id: number; readonly request: PythonRequest };

export type FromPython =
  | { readonly type: 'ready'; readonly environment: string }
  | { readonly type: 'failed'; readonly message: string }
  /** `text` is what the guest said, to be trusted in nothing; null = it broke its interpreter, and `message` says how. */
  | { readonly type: 'answer'; readonly id: number; readonly text: string | null; readonly message: string };
