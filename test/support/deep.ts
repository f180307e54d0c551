/** Whether tests that try many cases try all of them: `DEEP=1 npm run test:unit`. Without it they try a fair share. */
export const deep = Boolean(process.env['DEEP']);
