/** Runs inside the extension host: all families of lies, against the product there. */
import { writeFileSync } from 'node:fs';
import { tryHere } from '../../support/hostile/here';

export async function run(): Promise<void> {
  const { CHASQUID_TEST_ROOT: root, CHASQUID_TEST_NODE: node, CHASQUID_TEST_RESULT: result } = process.env;
  writeFileSync(result!, JSON.stringify(await tryHere({ root: root!, node: node!, exact: true })));
}
