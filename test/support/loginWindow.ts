import type { LoginQuestion, LoginWindow } from '../../src/app/login';

export type Typed = { text: string; remember: boolean } | undefined;

/** A user who types answers into the questions of a login; keeps what was asked. */
export class TypingPerson implements LoginWindow {
  readonly asked: LoginQuestion[] = [];

  constructor(private readonly answer: (question: LoginQuestion) => Typed = () => undefined) {}

  async input(question: LoginQuestion): Promise<Typed> {
    this.asked.push(question);
    return this.answer(question);
  }

  async ask(): Promise<boolean> {
    return true;
  }

  titles(): string[] {
    return this.asked.map(question => question.title);
  }
}
