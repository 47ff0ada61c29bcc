import type { ControlPlane, ControlPlaneOptions } from './control-plane-options.ts';

/** Starts the control plane; whatever was started is stopped again when a later part fails. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of undo.splice(0).toReversed()) await end();
  };
  try {
    // Loaded here, so that commands which only look a cluster up start at once.
    const { startParts } = await import('./control-plane-parts.ts');
    return { ...(await startParts(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
