/** Whether tests that try many cases try all of them: `DEEP=1 npm run test:unit`. Without it they try a fair share. */
export const deep = Boolean(process.env['DEEP']);

/** How much of something there is: all of it, or a share in which it still is too much. */
export function share(all: number, some: number): number {
  return deep ? all : some;
}
