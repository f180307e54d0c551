import * as vscode from 'vscode';
import { inert, inertLabel, inertLines } from '../text/inert';
import { Cancelled } from './cancelled';
import { ifSlow } from './ifSlow';

/**
 * The only module that hands text to VS Code's own notifications, progress, quick inputs, status bar and Markdown (the linter
 * refuses them elsewhere). VS Code reads links and icons in all of them and opens a `command:` link at one click, whoever wrote
 * it. So nothing here takes markup, whatever the text: what a server, the DNS or a mail says cannot act.
 */

/** A notification. Resolves to the button that was pressed. */
export function showInformation(message: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(inert(message), ...buttons);
}

export function showWarning(message: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(inert(message), ...buttons);
}

export function showError(message: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(inert(message), ...buttons);
}

/** For some seconds, in the status bar. */
export function showInStatusBar(message: string): void {
  vscode.window.setStatusBarMessage(inert(message, 200), 5000);
}

/** A modal question with one button besides Cancel. @returns whether the button was pressed */
export async function ask(question: string, { detail, button }: { detail: string; button: string }): Promise<boolean> {
  const options = { modal: true, detail: inertLines(detail) };
  return (await vscode.window.showWarningMessage(inert(question), options, button)) === button;
}

/** The same where there is nothing to do without a yes. @throws Cancelled */
export async function confirm(question: string, answer: { detail: string; button: string }): Promise<void> {
  if (!(await ask(question, answer))) throw new Cancelled();
}

/** Says beside the title what is being done. */
export type Tell = (text: string) => void;

/**
 * Work that the user waits for, as a notification that can be cancelled, once it has taken a moment.
 * @throws Cancelled, or what `work` throws
 */
export function inProgress<T>(title: string, work: (signal: AbortSignal, tell: Tell) => Promise<T>): Promise<T> {
  return progress(title, true, async (signal, tell) => {
    try {
      return await work(signal, tell);
    } catch (error) {
      throw signal.aborted ? new Cancelled() : error;
    }
  });
}

/** The same for a change that must not be left half-way. */
export function uninterrupted<T>(title: string, work: () => Promise<T>): Promise<T> {
  return progress(title, false, work);
}

async function progress<T>(
  title: string,
  cancellable: boolean,
  work: (signal: AbortSignal, tell: Tell) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let told: string | undefined;
  let show: Tell | undefined;
  const working = work(abort.signal, text => {
    told = text;
    show?.(text);
  });
  return ifSlow(working, over => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: inert(title), cancellable },
      (shown, token) => {
        token.onCancellationRequested(() => abort.abort(new Cancelled()));
        show = text => shown.report({ message: inert(text) });
        if (told !== undefined) show(told);
        return over;
      },
    );
  });
}

/** As VS Code's own, but its texts are inert. */
export function createInputBox(): vscode.InputBox {
  return guarded(vscode.window.createInputBox(), inputTexts);
}

/** As VS Code's own, but its texts and those of its items are inert; an icon of ours may begin a label. */
export function createQuickPick<T extends vscode.QuickPickItem>(): vscode.QuickPick<T> {
  const items = new WeakMap<T, T>();
  // VS Code knows items by identity: the same one must come out for the list, what is ticked and what is active.
  const same = (item: T): T => {
    const known = items.get(item) ?? inertItem(item);
    items.set(item, known).set(known, known);
    return known;
  };
  const all = (list: readonly T[]): readonly T[] => list.map(same);
  const lists = { items: all, activeItems: all, selectedItems: all };
  return guarded(vscode.window.createQuickPick<T>(), { ...inputTexts, ...lists });
}

/** A row of a tree. VS Code cuts what does not fit; so long a text is nobody's. @param row.tooltip Markdown, as of `markdown` */
export function treeItem(
  row: { label: string; description?: string; tooltip: string },
  state: vscode.TreeItemCollapsibleState,
): vscode.TreeItem {
  const label = inert(row.label, rowLimit);
  const description = row.description === undefined ? undefined : inert(row.description, rowLimit);
  const item = new vscode.TreeItem(label, state);
  if (description !== undefined) item.description = description;
  item.tooltip = markdown(row.tooltip);
  item.accessibilityInformation = { label: description ? `${label}, ${description}` : label };
  return item;
}

/** Markdown that is ours; what others wrote stands in it by `escape`, `code` or `block` (`text/markdown.ts`). */
export function markdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(text);
}

/** Of a label or description in a tree, in characters. */
const rowLimit = 300;

/** By property, what its value becomes when it is set. */
type Guard = Readonly<Record<string, (value: never) => unknown>>;

const optional = (text: string | undefined): string | undefined => text && inert(text);

const inputTexts: Guard = {
  title: optional,
  prompt: optional,
  placeholder: optional,
  validationMessage: (message: vscode.InputBox['validationMessage']) =>
    typeof message === 'object' ? { ...message, message: inert(message.message) } : optional(message),
};

function inertItem<T extends vscode.QuickPickItem>(item: T): T {
  const { label, description, detail } = item;
  return {
    ...item,
    label: inertLabel(label),
    ...(description === undefined ? {} : { description: inert(description) }),
    ...(detail === undefined ? {} : { detail: inert(detail) }),
  };
}

/** `target` whose properties named in `guard` pass through it when they are set. */
function guarded<T extends object>(target: T, guard: Guard): T {
  return new Proxy(target, {
    set(_, key, value) {
      const pass = typeof key === 'string' ? (guard[key] as ((value: unknown) => unknown) | undefined) : undefined;
      return Reflect.set(target, key, pass ? pass(value) : value, target);
    },
    get(_, key) {
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
