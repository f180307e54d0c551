import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQueueItem } from '../../../../src/chasquid/queue/item';

test('reads an item as chasquid 1.11 writes it, without its data', () => {
  const item = parseQueueItem(
    Buffer.from(`ID: "Vzkw7hNDRKI"
from: "user@example.test"
To: "user@example.test"
To: "x@nowhere.test"
rcpt: {
  address: "user@example.test"
  status: SENT
  original_address: "user@example.test"
}
rcpt: {
  address: "/bin/\\"x\\" y"
  type: PIPE
  last_failure_message: "Could not find mail server: \\303\\251"
  original_address: "x@nowhere.test"
}
created_at_ts: {
  seconds: 1795490881
  nanos: 628567346
}
`),
  );
  assert.deepEqual(item, {
    id: 'Vzkw7hNDRKI',
    from: 'user@example.test',
    to: ['user@example.test', 'x@nowhere.test'],
    recipients: [
      { address: 'user@example.test', type: 'email', status: 'sent', originalAddress: 'user@example.test', via: [] },
      {
        address: '/bin/"x" y',
        type: 'pipe',
        status: 'pending',
        lastFailure: 'Could not find mail server: é',
        originalAddress: 'x@nowhere.test',
        via: [],
      },
    ],
    created: 1795490881628,
  });
});

test('a forward of 1.16 with its servers, and a failure notice', () => {
  const item = parseQueueItem(
    Buffer.from('ID: "a" from: "<>" rcpt { address: "x@y" type: FORWARD status: FAILED via: ["m1", "m2"] }'),
  );
  assert.equal(item?.from, '');
  assert.deepEqual(item.recipients[0], { address: 'x@y', type: 'forward', status: 'failed', via: ['m1', 'm2'] });
});

test('what is no item is none', () => {
  for (const text of ['', 'ID: "', 'from: "x"', '\x00\xff']) assert.equal(parseQueueItem(Buffer.from(text)), undefined);
});
