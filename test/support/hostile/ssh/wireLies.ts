import { Transform } from 'node:stream';
import type { SshLie } from './server';

/** About so many octets come from an honest server until it has been looked at. */
const conversation = 6_000;

/** An honest server behind a bad line: cut, changed or held up at some octet. */
export const wireLies: SshLie[] = [
  {
    name: 'a cut at some octet',
    acts: ['connect', 'names'],
    wire: (make, socket) =>
      counting(
        make.number(conversation),
        chunk => chunk,
        () => socket.resetAndDestroy(),
      ),
  },
  {
    name: 'an end at some octet',
    acts: ['connect', 'names'],
    wire: (make, socket) =>
      counting(
        make.number(conversation),
        chunk => chunk,
        () => socket.end(),
      ),
  },
  {
    name: 'a changed octet',
    quiet: true,
    acts: ['connect', 'names'],
    wire: make => {
      const change = 1 + make.number(255);
      return changing(make.number(conversation), octet => octet ^ change);
    },
  },
  {
    name: 'silence from some octet on',
    quiet: true,
    acts: ['connect', 'names'],
    wire: make => counting(make.number(conversation), () => Buffer.alloc(0)),
  },
];

/** Lets `count` octets through; of what follows, what `after` leaves. */
function counting(count: number, after: (chunk: Buffer) => Buffer, end?: () => void): Transform {
  let left = count;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const through = chunk.subarray(0, left);
      const rest = chunk.subarray(left);
      left -= through.length;
      this.push(through);
      if (left > 0 || (rest.length === 0 && count > 0)) return done();
      if (end) setImmediate(end);
      else this.push(after(rest));
      if (!end) done();
    },
  });
}

/** Changes the octet at that place. */
function changing(place: number, change: (octet: number) => number): Transform {
  let at = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const octets = Buffer.from(chunk);
      const index = place - at;
      if (index >= 0 && index < octets.length) octets[index] = change(octets[index]!);
      at += octets.length;
      done(null, octets);
    },
  });
}
