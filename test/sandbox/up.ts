// npm run sandbox:up [-- SUITE…]   boots a world with one host per suite and keeps it until Ctrl-C.
import { once } from 'node:events';
import { Sandbox } from './index';
import { worldName } from './ownership';
import { suites } from './prepare';

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const start = Date.now();
  const world = await Sandbox.boot({
    hosts: suites.filter(suite => wanted.length === 0 || wanted.includes(suite)).map(suite => ({ name: suite, suite })),
  });
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  for (const { name, ipv4, ipv6 } of world.all()) console.log(`${name.padEnd(10)} root@${ipv4}  root@${ipv6}`);
  console.log(`key        ${world.clientKeyFile}`);
  console.log(`DNS        ${world.dns.endpoint}, updates with ${world.dns.tsigFile}`);
  console.log(`ACME       ${world.acme.directory}`);
  console.log(`mail to    anything@sink.test, kept in ${world.receiver.folder}`);
  const namespaces = `nsenter -n -m -t "$(pgrep -of ${worldName()})"`;
  console.log(`join       ${namespaces} ssh -i ${world.clientKeyFile} root@10.77.0.2`);
  console.log(`Up after ${Date.now() - start} ms. Ctrl-C ends it.`);
  await ended;
  await world.close();
  console.log('Closed.');
}

void main();
