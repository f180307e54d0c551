import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { obstacle } from '../../sandbox/privilege';
import { projectRoot } from '../cache';
import { faults, type DemoReport } from '../demo/report';

// The demo with --once is the main job, through the window, on a real mail host: what it reports is asserted here.
test('from an empty server to a signed, delivered mail', { timeout: 900_000 }, () => {
  const problem = obstacle();
  if (problem) {
    console.log(`!!! THE MAIN JOB WAS NOT PLAYED. ${problem} !!!`);
    return;
  }
  const demo = join(projectRoot, 'test', 'vscode', 'demo', 'run.ts');
  // Other tests of the window read what is built, at the same time.
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', demo, '--once', '--built'], {
    cwd: projectRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.equal(status, 0, stdout);
  const report = JSON.parse(readFileSync(join(projectRoot, 'demo-out', 'report.json'), 'utf8')) as DemoReport;
  assert.deepEqual(faults(report), []);
  assert.equal(report.ok, true);
  assert.ok(report.steps.some(step => step.id === 'certificate' && step.state === 'applied'));
  assert.equal(report.secondRun.changed, 0);
  assert.match(report.mail.queueId, /^[A-Za-z0-9_-]{11}$/);
});
