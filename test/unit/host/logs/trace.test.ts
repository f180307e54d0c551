import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalEntry, type LogEntry } from '../../../../src/host/logs/journal';
import { traceOf } from '../../../../src/host/logs/trace';

let clock = 1_795_490_881_000_000;
const entry = (message: string | number[], fields: Record<string, unknown> = {}): LogEntry =>
  journalEntry(
    JSON.stringify({
      __CURSOR: `c${clock}`,
      __REALTIME_TIMESTAMP: String((clock += 1000)),
      MESSAGE: message,
      ...fields,
    }),
  )!;
const mail = (message: string) => entry(message, { _TRANSPORT: 'syslog', SYSLOG_FACILITY: '2' });
const process = (message: string) => entry(message, { _TRANSPORT: 'stdout' });

test('the journal’s fields tell where a line comes from', () => {
  assert.equal(mail('x').source, 'mail');
  assert.equal(process('x').source, 'process');
  assert.equal(entry('Started x', { _COMM: 'systemd', PRIORITY: '6' }).source, 'system');
  const bytes = entry([...Buffer.from('é\xff', 'latin1')]);
  assert.equal(bytes.text, '\ufffd\ufffd');
  assert.equal(journalEntry('not json'), undefined);
  assert.equal(journalEntry('{"MESSAGE":"x"}'), undefined);
});

test('groups what belongs to one message: its connection, deliveries and bounce', () => {
  const lines = [
    mail('10.0.0.1:5 auth succeeded for u@e.test'),
    mail('10.0.0.9:5 auth failed for u@e.test'),
    // The first attempt may be logged before the queueing is.
    mail('Vzkw7hNDRKI from=u@e.test to=x@f.test failed (temporary): try later'),
    process('_ queue.go:363       Queue.SendLoop Vzkw7hNDRKI: x@f.test temporary error: try later'),
    process('_ smtp.go:82         Courier.SMTP x@f.test: error: try later'),
    mail('Vzkw7hNDRKI from=u@e.test queued ip=10.0.0.1:5 to=[x@f.test y@f.test]'),
    mail('AAAAAAAAAAA from=u@e.test queued ip=10.0.0.9:5 to=[z@f.test]'),
    mail('Vzkw7hNDRKI from=u@e.test to=y@f.test sent'),
    process('_ queue.go:367       Queue.SendLoop Vzkw7hNDRKI: y@f.test sent'),
    mail('Vzkw7hNDRKI from=u@e.test to=x@f.test failed (permanent): 550 no'),
    process('_ queue.go:465       Queue.SendLoop Vzkw7hNDRKI: queued DSN: MZk6JNz2aCo'),
    mail('Vzkw7hNDRKI from=u@e.test all done'),
    mail('MZk6JNz2aCo from=<> to=u@e.test sent'),
  ];
  const trace = traceOf('Vzkw7hNDRKI', lines);
  assert.deepEqual(trace.recipients, [
    { address: 'x@f.test', state: 'failed', attempts: 2, answer: '550 no' },
    { address: 'y@f.test', state: 'sent', attempts: 1 },
  ]);
  assert.deepEqual(
    { from: trace.from, to: trace.to, done: trace.done, bounces: trace.bounces, queued: trace.queued },
    { from: 'u@e.test', to: ['x@f.test', 'y@f.test'], done: true, bounces: ['MZk6JNz2aCo'], queued: lines[5]!.time },
  );
  assert.deepEqual(
    lines.filter(line => !trace.entries.includes(line)).map(line => line.text),
    ['10.0.0.9:5 auth failed for u@e.test', 'AAAAAAAAAAA from=u@e.test queued ip=10.0.0.9:5 to=[z@f.test]'],
  );
});
