import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKnownFormat, stringFormat } from './formats.ts';

interface Samples {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const samples: Readonly<Record<string, Samples>> = {
  date: { good: ['2024-02-29'], bad: ['2023-02-29', '2024-2-1', '2024-13-01'] },
  'date-time': {
    good: ['2024-01-01T00:00:00Z', '2024-01-01t23:59:59.5+02:00'],
    bad: ['2024-01-01', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00'],
  },
  duration: { good: ['1h30m', '5s', '2 weeks'], bad: ['soon', ''] },
  email: {
    good: ['a@example.com', 'A B <a@b>', '<a@b>', '"x y" <a@b>'],
    bad: ['a', 'a@', '@b', 'a b@c', 'A <a@b', `${'a'.repeat(5000)}!`],
  },
  hostname: { good: ['example.com', 'a'], bad: ['-a.com', 'a..b', ''] },
  ipv4: { good: ['10.0.0.1'], bad: ['10.0.0.256', '::1', '10.0.0'] },
  ipv6: { good: ['::1', '2001:db8::'], bad: ['10.0.0.1', ':::'] },
  cidr: { good: ['10.0.0.0/8', '::/0'], bad: ['10.0.0.0', '10.0.0.0/33'] },
  mac: { good: ['00:00:5e:00:53:01', '0000.5e00.5301'], bad: ['00:00:5e:00:53', '00:00-5e:00:53:01'] },
  uri: { good: ['https://example.com/a?b', '/path', 'urn:x:y'], bad: ['', 'relative/path', 'https://a b/'] },
  uuid: { good: ['123e4567-e89b-12d3-a456-426614174000'], bad: ['123e4567', ''] },
  uuid4: {
    good: ['16fd2706-8baf-433b-82eb-8c7fada847da'],
    bad: ['123e4567-e89b-12d3-a456-426614174000'],
  },
  byte: { good: ['aGVsbG8='], bad: ['aGVsbG8', '!!!!'] },
  hexcolor: { good: ['#fff', '00ff00'], bad: ['#ff', 'red'] },
  rgbcolor: { good: ['rgb(0, 10, 255)'], bad: ['rgb(0,0,256)', 'rgb(0,0)'] },
  creditcard: { good: ['4111 1111 1111 1111'], bad: ['4111 1111 1111 1112'] },
  isbn: { good: ['0-321-75104-3', '978-0-321-75104-1'], bad: ['0-321-75104-4', '1'] },
  ssn: { good: ['111-22-3333'], bad: ['111223333', '11-22-3333'] },
  'k8s-short-name': { good: ['a-b', '1'], bad: ['A', '-a', 'a.b', 'a'.repeat(64)] },
  'k8s-long-name': { good: ['a.b-c', 'a'], bad: ['a..b', 'A.b'] },
};

test('formats of strings tell good from bad values', () => {
  for (const [format, { good, bad }] of Object.entries(samples)) {
    const check = stringFormat(format);
    for (const text of good) assert.equal(check?.(text), true, `${format}: ${text}`);
    for (const text of bad) assert.equal(check?.(text), false, `${format}: ${text}`);
  }
});

test('a format is only known together with its type', () => {
  assert.equal(isKnownFormat('integer', 'int32'), true);
  assert.equal(isKnownFormat('string', 'int32'), false);
  assert.equal(isKnownFormat('string', 'datetime'), true);
  assert.equal(isKnownFormat('string', 'unheard-of'), false);
});
