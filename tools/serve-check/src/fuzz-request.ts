import type { Random } from '@kic/core'
import type { AskOptions } from './client.ts'

/** A request that a client in good or bad faith could send. */
export interface FuzzRequest extends Omit<AskOptions, 'agent' | 'signal'> {
  readonly path: string
  readonly method: string
  /** Whether its client leaves at once. */
  readonly leaves: boolean
}

const METHODS = [
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'MKCOL',
]
const PATHS = [
  '/v1/classify',
  '/v1/classify',
  '/v1/classify',
  '/v1/classes',
  '/v1/model',
  '/health',
  '/ready',
  '/metrics',
  '/openapi.json',
]
const ODD_PATHS = [
  '/',
  '//',
  '/%',
  '/%00',
  '/v1',
  '/v1/',
  '/v1/classify/',
  '/V1/CLASSIFY',
  '/../etc/passwd',
  '/v1/%2e%2e/x',
  '/v1/classify;x=1',
  '*',
  '/v1/classify#x',
  `/${'a'.repeat(3000)}`,
]
const QUERIES = [
  '',
  '',
  '',
  '?',
  '?query=95',
  '?query=%EC%88%98%EB%A6%AC&level=group',
  '?level=town',
  '?limit=0',
  '?limit=1e9',
  '?limit=2',
  '?query=a&query=b',
  '?%',
  '?query=%FF',
  '?__proto__=1',
  '?constructor[prototype]=x',
  `?query=${'q'.repeat(300)}`,
]
const TEXTS = [
  '카센터에서 타이어 교환',
  '논에서 벼재배',
  '',
  ' ',
  '???',
  'rice',
  '쌀'.repeat(500),
  '\u0000',
  '\ud800',
  '😀',
  '\u200b',
  'a\u0300'.repeat(50),
  '</script>',
  '쌀'.normalize('NFD'),
]
const TYPES = [
  'application/json',
  'application/json',
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=euc-kr',
  'application/problem+json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '',
  ';',
  'application/json;;;',
  'APPLICATION/JSON',
]
const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['accept', ['*/*', 'text/html', '']],
  ['accept-encoding', ['gzip, br', 'identity;q=0']],
  ['content-encoding', ['gzip', 'identity', 'x']],
  ['authorization', ['Bearer x', 'Basic eA==', 'Bearer']],
  ['x-api-key', ['k', '']],
  ['x-request-id', ['mine-1', 'a b', 'x'.repeat(100), '']],
  ['connection', ['close', 'keep-alive', 'upgrade']],
  ['upgrade', ['h2c', 'websocket']],
  ['expect', ['100-continue', 'cake']],
  ['cookie', ['a=b; c']],
  ['x-forwarded-for', ['127.0.0.1, x']],
  ['accept-version', ['1.x', 'latest']],
  ['range', ['bytes=0-']],
  ['if-none-match', ['*']],
  ['x-long', ['x'.repeat(5000)]],
]

/** A random value of JSON. */
const value = (random: Random, depth = 0): unknown => {
  const kinds = depth < 3 ? 9 : 7
  switch (random.int(kinds)) {
    case 0:
      return random.pick(TEXTS)
    case 1:
      return random.pick([0, -1, 0.5, 1, 3, 1e308, 2 ** 53, -0])
    case 2:
      return random.pick([true, false])
    case 3:
      return null
    case 4:
      return []
    case 5:
      return {}
    case 6:
      return random.pick(TEXTS)
    case 7:
      return Array.from({ length: random.int(6) }, () => value(random, depth + 1))
    default:
      return Object.fromEntries(
        Array.from({ length: random.int(4) }, () => [
          random.pick(['text', 'texts', '__proto__', 'constructor', 'toString', '']),
          value(random, depth + 1),
        ]),
      )
  }
}

/** A body of `/v1/classify`, right or nearly. */
const classification = (random: Random): unknown => {
  const body: Record<string, unknown> = {}
  if (random.next() < 0.5) body.text = random.next() < 0.8 ? random.pick(TEXTS) : value(random)
  if (random.next() < (body.text === undefined ? 0.9 : 0.1))
    body.texts =
      random.next() < 0.8 ? Array.from({ length: random.int(12) }, () => random.pick(TEXTS)) : value(random)
  if (random.next() < 0.3) body.topK = random.next() < 0.7 ? random.int(101) : value(random)
  if (random.next() < 0.3) body.reviewBelow = random.next() < 0.7 ? random.next() : value(random)
  if (random.next() < 0.2) body.coverage = random.next() < 0.7 ? random.next() : value(random)
  if (random.next() < 0.2) body.targetAccuracy = random.next() < 0.7 ? random.next() : value(random)
  if (random.next() < 0.1) body.explain = random.next() < 0.8 ? true : value(random)
  if (random.next() < 0.05) body[random.pick(['confidence', '__proto__', 'Text', ''])] = value(random)
  return body
}

const mutated = (random: Random, json: string): string | Buffer => {
  switch (random.int(7)) {
    case 0:
      return json.slice(0, random.int(json.length + 1))
    case 1:
      return json + random.pick(['}', ' ', '\n{}', '\u0000', ','])
    case 2: {
      const bytes = Buffer.from(json)
      for (let i = 0; i < 3 && bytes.length > 0; i++) bytes[random.int(bytes.length)] = random.int(256)
      return bytes
    }
    case 3:
      return `\ufeff${json}`
    case 4:
      return Buffer.from(json, 'utf16le')
    case 5:
      return json.replace(/\d+/, '1e999')
    default:
      return '['.repeat(random.int(20_000))
  }
}

/** A random request, of which about a third is valid. */
export const fuzzRequest = (random: Random): FuzzRequest => {
  const path =
    (random.next() < 0.85 ? random.pick(PATHS) : random.pick(ODD_PATHS)) +
    (random.next() < 0.4 ? random.pick(QUERIES) : '')
  const fits = path.startsWith('/v1/classify') ? 'POST' : 'GET'
  const method = random.next() < 0.6 ? fits : random.pick(METHODS)
  const headers: Record<string, string> = {}
  while (random.next() < 0.25) {
    const [name, values] = random.pick(HEADERS)
    headers[name] = random.pick(values)
  }
  let body: string | Buffer | undefined
  if (method === 'POST' || random.next() < 0.1) {
    const json = JSON.stringify(random.next() < 0.8 ? classification(random) : value(random))
    body = random.next() < 0.8 ? json : mutated(random, json)
    if (random.next() < 0.002) body = Buffer.alloc(3_000_000, 0x20)
    headers['content-type'] = random.next() < 0.85 ? 'application/json' : random.pick(TYPES)
  }
  return { path, method, headers, body, leaves: random.next() < 0.02 }
}

const LINES = [
  'GET / HTTP/1.1',
  'GET /health HTTP/1.0',
  'POST /v1/classify HTTP/1.1',
  'CONNECT a:1 HTTP/1.1',
  'PRI * HTTP/2.0',
  'GET http://[ HTTP/1.1',
  'get / http/1.1',
  'GET /health HTTP/9.9',
  '\u0016\u0003\u0001',
]
const FIELDS = [
  'Host: a',
  'Host: a\r\nHost: b',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 5\r\nContent-Length: 6',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Content-Type: application/json',
  'X\u0000: y',
  ': x',
  'X : y',
  ' folded',
  'Expect: 100-continue',
  `X: ${'y'.repeat(20_000)}`,
]
const BODIES = ['', 'hello', '5\r\nhello\r\n0\r\n\r\n', 'zz\r\n', '{}', '0\r\n\r\n']

/** Random bytes that resemble HTTP, and often are none. */
export const fuzzBytes = (random: Random): string =>
  `${random.pick(LINES)}\r\n${Array.from({ length: random.int(5) }, () => `${random.pick(FIELDS)}\r\n`).join('')}\r\n${random.pick(BODIES)}`
