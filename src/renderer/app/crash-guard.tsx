import type { ReactNode } from 'react';
import { Component } from 'react';
import { Button } from '../widgets/button.tsx';
import { CopyButton } from '../widgets/copy-button.tsx';
import { EmptyState } from '../widgets/states.tsx';

type Props = { readonly name: string; readonly children: ReactNode };

/** A bug in one part of the page must not take the rest with it; the engine goes on collecting meanwhile. */
export class CrashGuard extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(cause: unknown): { error: Error } {
    return { error: cause instanceof Error ? cause : new Error(String(cause)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <EmptyState
        title={`${this.props.name} could not be drawn`}
        actions={
          <>
            <CopyButton variant="button" text={`${error.message}\n${error.stack ?? ''}`} label="Copy details" />
            <Button variant="primary" onClick={() => this.setState({ error: null })}>
              Draw again
            </Button>
          </>
        }
      >
        This is a bug in Tracewright. Traces are still being collected. {error.message}
      </EmptyState>
    );
  }
}
