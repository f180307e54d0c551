/** Work of which only one runs at a time. */
export class Joined<Result> {
  private running: Promise<Result> | undefined;

  constructor(private readonly work: () => Promise<Result>) {}

  /** Begins the work, or joins the one that is under way. */
  run(): Promise<Result> {
    return (this.running ??= this.work().finally(() => {
      this.running = undefined;
    }));
  }

  /** The same after a change: what is under way may have looked before it, so another begins when that has ended. */
  async runAfresh(): Promise<Result> {
    await this.running?.catch(() => undefined);
    return this.run();
  }
}
