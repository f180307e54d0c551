import * as vscode from 'vscode';
import type { PageState } from '../../../webview/messages';
import type { DnsPanelSource } from './panel';
import { dnsPanelType } from './panelType';

/** Brings panels back after the window was reloaded; `sourceOf` gives undefined for a server that is gone. */
export function registerDnsPanels(
  context: vscode.ExtensionContext,
  sourceOf: (server: string, domain: string) => Promise<DnsPanelSource | undefined>,
): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(dnsPanelType, {
    async deserializeWebviewPanel(view, state: PageState | undefined) {
      const source = state?.server && state.domain ? await sourceOf(state.server, state.domain) : undefined;
      if (!source) {
        view.dispose();
        return;
      }
      (await import('./panel')).restoreDnsPanel(context, source, view);
    },
  });
}
