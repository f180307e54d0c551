import type { Answer, RecordType } from 'dns-packet';
import type { ExpectedRecord } from '../records/record';
import type { ZoneChange } from './plan';
import * as packet from 'dns-packet';
import { defaultTtl } from '../export/bind';
import { caaParts, mxParts, tlsaParts } from '../export/zones';
import { splitStrings } from '../characterStrings';

/** Opcode 5 in the header's bits 1–4 (RFC 2136 §2.2). */
const updateFlags = 5 << 11;

/** Class NONE deletes one record, ANY all of a type (RFC 2136 §2.5). dns-packet writes IN; the class is corrected afterwards. */
const classNone = 254;
const classAny = 255;
const headerSize = 12;

/** The UPDATE message of one zone, without a signature. */
export function updateMessage(change: ZoneChange, id: number): Buffer {
  const header = packet.encode({
    id,
    type: 'query',
    flags: updateFlags,
    questions: [{ type: 'SOA', name: change.zone }],
  });
  const updates = [
    ...change.remove.map(({ name, type, value }) =>
      value === undefined ? bare(name, type) : record(name, type, value, 0, classNone),
    ),
    ...change.add.map(({ name, type, value }) => record(name, type, value, defaultTtl)),
  ];
  const message = Buffer.concat([header, ...updates]);
  // The update section stands where answers' authority records do.
  message.writeUInt16BE(updates.length, 8);
  return message;
}

/** One record's octets; names in it are not compressed, since they stand alone. */
function record(name: string, type: ExpectedRecord['type'], value: string, ttl: number, cls = 1): Buffer {
  const single = packet.encode({ type: 'response', answers: [{ name, type, ttl, data: data(type, value) } as Answer] });
  const octets = Buffer.from(single.subarray(headerSize));
  octets.writeUInt16BE(cls, nameLength(name) + 2);
  return octets;
}

function bare(name: string, type: RecordType): Buffer {
  const octets = record(name, 'A', '0.0.0.0', 0, classAny).subarray(0, nameLength(name) + 10);
  const number = packet
    .encode({ type: 'query', questions: [{ name, type }] })
    .readUInt16BE(headerSize + nameLength(name));
  octets.writeUInt16BE(number, nameLength(name));
  octets.writeUInt16BE(0, nameLength(name) + 8);
  return octets;
}

/** How many octets a name takes uncompressed (RFC 1035 §3.1). */
function nameLength(name: string): number {
  return Buffer.byteLength(name.replace(/\.$/, '')) + 2;
}

function data(type: ExpectedRecord['type'], value: string): unknown {
  switch (type) {
    case 'MX':
      return mxParts(value);
    case 'TXT':
      return splitStrings(value);
    case 'CAA': {
      const { flags, tag, text } = caaParts(value);
      return { flags, tag, value: text };
    }
    case 'TLSA': {
      const { usage, selector, matching, data: certificate } = tlsaParts(value);
      return { usage, selector, matchingType: matching, certificate: Buffer.from(certificate, 'hex') };
    }
    default:
      return value;
  }
}
