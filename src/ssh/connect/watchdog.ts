/** Bounds the waiting for the other side. It is paused while a user is asked, who may take their time. */
export class Watchdog {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly onTimeout: (waitedFor: string, ms: number) => void) {}

  /** Starts waiting again: `waitedFor` is what must happen within `ms` milliseconds. */
  arm(waitedFor: string, ms: number): void {
    this.pause();
    this.#timer = setTimeout(() => this.onTimeout(waitedFor, ms), ms);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }
}
