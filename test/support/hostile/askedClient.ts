import type { Asked } from './acts/index';
import type { Questions, Reply } from './answering';

/** Asks before anything is measured: programs are loaded once in the life of an editor. */
export type WarmUp = (client: Client) => Promise<void>;

/** Megabytes above idle that an earlier question may leave behind for the next, as freeing them each time takes long. */
const leftBehind = 40;

/** Where the product runs, and what it needs when nothing is asked. */
export abstract class Client {
  /** Megabytes. */
  idleMemory = 0;

  /** @param exact whether all memory is freed before each question */
  constructor(
    private readonly warmUp: WarmUp,
    readonly exact: boolean,
  ) {}

  /** Asks all of it at once. @param speed how much faster the product's clock runs */
  ask(asked: readonly Asked[], speed?: number): Promise<Reply> {
    const mostBefore = this.exact ? 0 : this.idleMemory + leftBehind;
    return this.send({ asked, ...(speed !== undefined && { speed }), mostBefore });
  }

  /** Begins again where that can be done, so that what one lie left behind is not counted for the next. */
  abstract restart(): Promise<void>;

  protected abstract send(questions: Questions): Promise<Reply>;

  protected async warm(): Promise<void> {
    this.idleMemory = Infinity;
    await this.warmUp(this);
    const { cost } = await this.send({ asked: [], mostBefore: 0 });
    this.idleMemory = cost.peakMemory;
  }
}
