import { TooltipProvider } from '../widgets/tooltip.tsx';
import { CrashGuard } from './crash-guard.tsx';
import { Frame } from './frame.tsx';

export function App() {
  return (
    <CrashGuard name="The window">
      <TooltipProvider delay={450} closeDelay={0}>
        <Frame />
      </TooltipProvider>
    </CrashGuard>
  );
}
