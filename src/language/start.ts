import * as vscode from 'vscode';
import { Diagnostics } from './diagnostics';
import { registerFeatures } from './features';
import { registerFixes } from './fixes';
import type { LanguageOptions } from './options';
import { registerNavigation } from './navigation';
import { aliasesOpener } from './openAliases';
import { Roots } from './roots';
import { registerSemanticTokens } from './semanticTokens';

/** Everything that serves the languages. */
export function startLanguages(options: LanguageOptions): vscode.Disposable {
  const roots = new Roots(options);
  const diagnostics = new Diagnostics(roots);
  const open = aliasesOpener(roots, diagnostics);
  return vscode.Disposable.from(
    roots,
    diagnostics,
    registerFixes(diagnostics),
    registerFeatures(roots, open),
    registerNavigation(roots, open),
    registerSemanticTokens(open),
  );
}
