import * as vscode from 'vscode';
import { Cancelled } from '../app/cancelled';
import { createInputBox, createQuickPick } from '../app/window';

class Back extends Error {}

export interface Ask {
  /** Secondary line of the input. */
  prompt: string;
  placeholder?: string;
  value?: string;
  password?: boolean;
  /** Returns a reason to refuse the text, or undefined. */
  validate?: (text: string) => string | undefined | Promise<string | undefined>;
}

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

type Step = (wizard: Wizard) => Promise<void>;

/**
 * A chain of quick inputs under one title, with Back. Steps that ask nothing (because the input was given) are passed
 * over in both directions.
 */
export class Wizard {
  private index = 0;
  private asked = false;
  private history: number[] = [];

  constructor(
    private readonly title: string,
    private readonly steps: Step[],
  ) {}

  /** @throws Cancelled when the user leaves. */
  async run(): Promise<void> {
    while (this.index < this.steps.length) {
      this.asked = false;
      try {
        await this.steps[this.index]!(this);
        if (this.asked) this.history.push(this.index);
        this.index++;
      } catch (error) {
        if (!(error instanceof Back)) throw error;
        this.index = this.history.pop() ?? 0;
      }
    }
  }

  async text(ask: Ask): Promise<string> {
    const input = createInputBox();
    input.prompt = ask.prompt;
    input.placeholder = ask.placeholder;
    input.value = ask.value ?? '';
    input.password = ask.password ?? false;
    return this.show(input, (done, disposables) => {
      let generation = 0;
      const check = async (): Promise<boolean> => {
        const mine = ++generation;
        const reason = await ask.validate?.(input.value);
        if (mine === generation) input.validationMessage = reason;
        return reason === undefined;
      };
      disposables.push(
        input.onDidChangeValue(() => {
          if (input.validationMessage) void check();
        }),
        input.onDidAccept(async () => {
          if (await check()) done(input.value);
        }),
      );
    });
  }

  async pick<T>(placeholder: string, items: readonly Choice<T>[], active?: T): Promise<T> {
    const input = createQuickPick<Choice<T>>();
    input.placeholder = placeholder;
    input.items = items;
    input.matchOnDescription = true;
    input.activeItems = items.filter(item => item.value === active);
    return this.show(input, (done, disposables) => {
      disposables.push(
        input.onDidAccept(() => {
          const item = input.selectedItems[0] ?? input.activeItems[0];
          if (item) done(item.value);
        }),
      );
    });
  }

  async pickMany<T>(
    placeholder: string,
    items: readonly (Choice<T> | vscode.QuickPickItem)[],
    ticked: readonly T[],
  ): Promise<T[]> {
    const input = createQuickPick<vscode.QuickPickItem>();
    input.placeholder = placeholder;
    input.canSelectMany = true;
    input.items = items;
    input.matchOnDescription = true;
    input.selectedItems = items.filter(item => 'value' in item && ticked.includes(item.value));
    return this.show(input, (done, disposables) => {
      disposables.push(
        input.onDidAccept(() => done(input.selectedItems.flatMap(item => ('value' in item ? [item.value as T] : [])))),
      );
    });
  }

  private show<T>(
    input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
    wire: (done: (value: T) => void, disposables: vscode.Disposable[]) => void,
  ): Promise<T> {
    this.asked = true;
    input.title = this.title;
    input.step = this.steps.length > 1 ? this.index + 1 : undefined;
    input.totalSteps = this.steps.length > 1 ? this.steps.length : undefined;
    input.ignoreFocusOut = true;
    input.buttons = this.history.length > 0 ? [vscode.QuickInputButtons.Back] : [];
    const disposables: vscode.Disposable[] = [input];
    return new Promise<T>((resolve, reject) => {
      disposables.push(
        input.onDidTriggerButton(button => {
          if (button === vscode.QuickInputButtons.Back) reject(new Back());
        }),
        input.onDidHide(() => reject(new Cancelled())),
      );
      wire(resolve, disposables);
      input.show();
    }).finally(() => void vscode.Disposable.from(...disposables).dispose());
  }
}

/** One question on its own. */
export async function askText(title: string, ask: Ask): Promise<string> {
  let answer = '';
  await new Wizard(title, [async wizard => void (answer = await wizard.text(ask))]).run();
  return answer;
}

export async function askChoice<T>(title: string, placeholder: string, items: readonly Choice<T>[]): Promise<T> {
  let answer: T | undefined;
  await new Wizard(title, [async wizard => void (answer = await wizard.pick(placeholder, items))]).run();
  return answer as T;
}

/** Of several, those that are ticked; none at first. */
export async function askChoices<T>(title: string, placeholder: string, items: readonly Choice<T>[]): Promise<T[]> {
  let answer: T[] = [];
  await new Wizard(title, [async wizard => void (answer = await wizard.pickMany(placeholder, items, []))]).run();
  return answer;
}
