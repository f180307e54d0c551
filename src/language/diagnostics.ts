import * as vscode from 'vscode';
import type { LineSource } from '../chasquid/aliases/file';
import { checkingConfig } from '../chasquid/config/check';
import type { Diagnostic } from '../chasquid/diagnostics';
import { checkingUsers } from '../chasquid/users/check';
import { AliasesDocument } from './aliasesDocument';
import { type FixableDiagnostic, toDiagnostic } from './convert';
import type { Roots } from './roots';
import { runSliced } from '../input/slices';

/** How soon after a keystroke a file's findings are shown, in milliseconds. */
const restBeforeCheck = 15;

/** Keeps the Problems panel up to date for the documents of our languages. */
export class Diagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('chasquid');
  private readonly aliases = new Map<string, AliasesDocument>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly shown = new Map<string, FixableDiagnostic[]>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly roots: Roots) {
    this.disposables = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument(document => this.open(document)),
      vscode.workspace.onDidChangeTextDocument(event => this.change(event)),
      vscode.workspace.onDidCloseTextDocument(document => this.close(document)),
      roots.onChange(() => vscode.workspace.textDocuments.forEach(document => this.open(document))),
    ];
    vscode.workspace.textDocuments.forEach(document => this.open(document));
  }

  /** Resolves when the findings of a document are those of its text as it then stands. */
  async settled(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    if (this.timers.has(key)) this.check(document);
    await this.aliases.get(key)?.settled();
  }

  /** The findings shown for a document, with their fixes. */
  of(document: vscode.TextDocument): readonly FixableDiagnostic[] {
    return this.shown.get(document.uri.toString()) ?? [];
  }

  /** All findings of a document, also those that are not shown because there are too many. */
  fixable(document: vscode.TextDocument): Iterable<FixableDiagnostic> {
    return this.aliases.get(document.uri.toString())?.fixable() ?? this.of(document);
  }

  /** The lines of an open aliases file, which follow the typing; what is put together of them may be a moment old. */
  async live(document: vscode.TextDocument): Promise<LineSource | undefined> {
    for (;;) {
      const opened = this.aliases.get(document.uri.toString());
      const lines = await opened?.lines;
      // It may have been opened again in the meantime.
      if (lines || !opened || opened === this.aliases.get(document.uri.toString())) return lines;
    }
  }

  private publish = (document: vscode.TextDocument, found: FixableDiagnostic[]): void => {
    this.shown.set(document.uri.toString(), found);
    this.collection.set(document.uri, found);
  };

  private open(document: vscode.TextDocument): void {
    if (document.languageId === 'chasquid-aliases') {
      const key = document.uri.toString();
      this.aliases.get(key)?.dispose();
      this.aliases.set(key, new AliasesDocument(document, this.roots, this.publish));
    } else if (document.languageId === 'chasquid-conf' || document.languageId === 'chasquid-users')
      this.check(document);
  }

  private change({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const key = document.uri.toString();
    if (document.languageId === 'chasquid-aliases') this.aliases.get(key)?.change(contentChanges);
    else if (document.languageId === 'chasquid-conf' || document.languageId === 'chasquid-users') {
      clearTimeout(this.timers.get(key));
      this.timers.set(
        key,
        setTimeout(() => this.check(document), restBeforeCheck),
      );
    }
  }

  private check(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    void this.checkSliced(document, document.languageId === 'chasquid-conf' ? checkingConfig : checkingUsers);
  }

  /** A large file takes its time. */
  private async checkSliced(document: vscode.TextDocument, checking: typeof checkingUsers): Promise<void> {
    const { version } = document;
    const stale = () => document.isClosed || document.version !== version;
    const found = await runSliced(checking(document.getText(), this.roots.version(document.uri)), stale);
    if (found && !stale()) this.publishAll(document, found);
  }

  private publishAll(document: vscode.TextDocument, found: readonly Diagnostic[]): void {
    this.publish(
      document,
      found.map(each => toDiagnostic(document, each)),
    );
  }

  private close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.aliases.get(key)?.dispose();
    this.aliases.delete(key);
    this.shown.delete(key);
    this.collection.delete(document.uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const each of this.aliases.values()) each.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }
}
