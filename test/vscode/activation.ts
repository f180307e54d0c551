import { Workbench, type WorkbenchOptions } from './window/workbench';

/** What VS Code's own *Developer: Startup Performance* tells of an extension; times in milliseconds. */
export interface Activation {
  /** Whether it was activated while VS Code started. */
  eager: boolean;
  /** Reading and evaluating its main file. */
  loadMs: number;
  /** The call of `activate()` until it returns. */
  callMs: number;
  /** From that return until the promise that it returned is fulfilled. */
  finishMs: number;
  /** The activation event, e.g. `onView:chasquid.servers`. */
  event: string;
}

/** Load and call: what VS Code shows as an extension's activation time in *Show Running Extensions*. */
export function activationMs({ loadMs, callMs }: Activation): number {
  return loadMs + callMs;
}

/** How VS Code in this window activated the extension; waits until it has. */
export async function readActivation(workbench: Workbench, extension: string): Promise<Activation> {
  return (await workbench.until(
    `the activation of ${extension}`,
    async () => {
      await workbench.runCommand('Developer: Startup Performance');
      await workbench.editor.shows('Startup Performance');
      const found = parseActivation(await workbench.editor.text(), extension);
      // The page is written once, when it is opened.
      if (!found) await workbench.runCommand('View: Close Editor');
      return found;
    },
    found => found !== undefined,
  ))!;
}

/** The extension's row in the Markdown table `Extension Activation Stats`. */
export function parseActivation(report: string, extension: string): Activation | undefined {
  const lines = report.split('\n');
  const begin = lines.findIndex(line => /^## Extension Activation Stats/.test(line));
  for (const line of lines.slice(begin + 1)) {
    if (line.startsWith('## ')) break;
    const [, id, eager, load, call, finish, event] = line.split('|').map(cell => cell.trim());
    if (id !== extension) continue;
    return {
      eager: eager === 'true',
      loadMs: Number(load),
      callMs: Number(call),
      finishMs: Number(finish),
      event: event ?? '',
    };
  }
  return undefined;
}

/** Until a window that was just opened has done its own work, which would be counted as the extension's. */
const calmMs = 10_000;

/**
 * Starts VS Code afresh, waits until it is calm, opens the side bars of these extensions (ID → title) one after the
 * other, which activates them, and returns how that went, by ID.
 */
export async function measureActivations(
  views: readonly (readonly [id: string, title: string])[],
  options: WorkbenchOptions,
): Promise<Map<string, Activation>> {
  const workbench = await Workbench.open(options);
  try {
    await workbench.page.waitForTimeout(calmMs);
    for (const [, title] of views) {
      await workbench.sidebar.open(title);
      await workbench.page.waitForTimeout(1_000);
    }
    const seen = new Map<string, Activation>();
    for (const [id] of views) seen.set(id, await readActivation(workbench, id));
    return seen;
  } finally {
    await workbench.close();
  }
}
