import { readdirSync, readFileSync } from 'node:fs';
import { cgroups } from '../sandbox/cgroups';
import { worldName } from '../sandbox/ownership';
import { must } from '../sandbox/processes';

/** Whatever a sandbox could leave in the namespaces it lives in. Two equal answers mean that nothing was left between them. */
export async function traces() {
  const processes = (await must('ps', ['-e', '-o', 'pid=,args=']))
    .split('\n')
    .filter(line => line && !/ ps -e /.test(line));
  return {
    processes: processes.sort(),
    mounts: readFileSync('/proc/self/mounts', 'utf8').split('\n').sort(),
    links: (await must('ip', ['-o', 'link'])).split('\n').map(line => line.split(':')[1]?.trim()),
    addresses: (await must('ip', ['-o', '-br', 'addr'])).trim().split('\n'),
    cgroups: cgroups(worldName()!),
    files: readdirSync(process.env['CHASQUID_SANDBOX_RUN']!).sort(),
  };
}
