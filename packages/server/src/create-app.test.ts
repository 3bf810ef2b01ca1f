import { KicError } from '@kic/core'
import type { Calibration } from '@kic/predictor'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it, vi } from 'vitest'
import { type TestApp, testApp } from './__fixtures__/test-app.ts'

const KEY = 'a-key-of-the-statistics-office'

/** Forty rows, all of them right. */
const curve = { rows: 40, thresholds: [0], automatic: [40], correct: { kind: [40], food: [40] } }
const FORTY_ROWS: Calibration = {
  temperature: 1,
  on: 'forty rows',
  curve,
  guarantees: { on: 'forty rows', curve, sets: {}, novelty: { rows: 40, scores: [], ranks: [] } },
}

const classify = ({ app }: TestApp, payload: unknown, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/classify',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' || payload instanceof Buffer ? payload : JSON.stringify(payload),
  })

describe('POST /v1/classify', () => {
  it('answers one text with one prediction, and several with several', async () => {
    const test = testApp()
    const one = await classify(test, { text: '쌀' })
    expect(one.statusCode).toBe(200)
    expect(one.json()).toMatchObject({ model: 'foods-1', prediction: { status: 'coded', text: '쌀' } })
    const many = (await classify(test, { texts: ['쌀', ''] })).json()
    expect(many.predictions.map(({ status }: { status: string }) => status)).toEqual(['coded', 'unusable'])
    expect(many.model).toBe('foods-1')
    expect((await classify(test, { text: '' })).json().prediction).toMatchObject({ reason: 'empty' })
  })

  it('passes options on', async () => {
    const test = testApp()
    const { prediction } = (await classify(test, { text: '쌀', topK: 0, reviewBelow: 0.8 })).json()
    expect(prediction).toMatchObject({ status: 'review', top: [] })
    expect(test.calls[0]).toMatchObject({ texts: ['쌀'], options: { topK: 0, reviewBelow: 0.8 } })
  })

  it('passes options about guarantees on, and says if the model has none', async () => {
    const options = { coverage: 0.9, classConditional: true, targetAccuracy: 0.95, confidence: 0.9 }
    const test = testApp()
    const { prediction } = (await classify(test, { text: '쌀', ...options })).json()
    expect(prediction.sets.food).toEqual([{ code: 'A1', name: '쌀', confidence: 0.75 }])
    expect(test.calls[0]).toMatchObject({ options })
    for (const [code, detail] of [
      ['no-guarantees', undefined],
      [
        'no-threshold',
        '0.95 takes 45 calibration rows without an error; there are 40. Calibrate on more rows, or ask for less.',
      ],
    ]) {
      const refusing = testApp({
        calibration: FORTY_ROWS,
        before: () => {
          throw new KicError(`predictor/${code}`, 'received /secret/place/foods')
        },
      })
      const answer = await classify(refusing, { text: '쌀', ...options })
      expect([answer.statusCode, answer.json()]).toEqual([
        409,
        expect.objectContaining({ type: `urn:kic:problem:${code}` }),
      ])
      expect(answer.json().detail).toBe(detail)
      expect(answer.body).not.toContain('secret')
      expect(refusing.logged.filter(({ event }) => event === 'failure')).toEqual([])
    }
  })

  it('explains answers where asked', async () => {
    const test = testApp()
    const one = (await classify(test, { text: '쌀', explain: true })).json()
    expect(one).toMatchObject({
      prediction: { text: '쌀' },
      explanation: { status: 'explained', text: '쌀', method: 'additive', examples: [{ code: 'A1' }] },
    })
    const many = (await classify(test, { texts: ['쌀', '', '밀'], explain: true })).json()
    expect(many.explanations.map(({ text }: { text: string }) => text)).toEqual(['쌀', '', '밀'])
    expect(many.explanations[1]).toMatchObject({ status: 'unusable', reason: 'empty' })
    expect(await (await classify(test, { text: '밀', explain: false })).json()).not.toHaveProperty(
      'explanation',
    )
    expect(test.explained).toEqual(['쌀', '쌀', '', '밀'])
  })

  it('bounds the work of explanations', async () => {
    const open: (() => void)[] = []
    const test = testApp({
      maxExplained: 2,
      maxWaiting: 1000,
      before: ({ explained }) => (explained ? new Promise((resolve) => open.push(resolve)) : undefined),
    })
    const many = await classify(test, { texts: ['a', 'b', 'c'], explain: true })
    expect(many.json()).toMatchObject({
      type: 'urn:kic:problem:invalid-request',
      errors: [{ pointer: '/texts', detail: 'With explain, must have at most 2 texts.' }],
    })
    expect((await classify(test, { texts: ['a', 'b', 'c'] })).statusCode).toBe(200)
    // An explained text is as much work as 100 others.
    const waiting = classify(test, { texts: ['a', 'b'], explain: true })
    await vi.waitFor(() => expect(open).toHaveLength(1))
    expect(test.context.gate.waiting).toBe(200)
    expect((await classify(test, { texts: Array(801).fill('c') })).statusCode).toBe(429)
    open[0]?.()
    await vi.waitFor(() => expect(open).toHaveLength(2))
    open[1]?.()
    expect((await waiting).statusCode).toBe(200)
    expect(test.context.gate.waiting).toBe(0)
    // A small limit does not keep explanations out for ever.
    const small = testApp({ maxTexts: 2, maxWaiting: 3 })
    expect((await classify(small, { text: '쌀', explain: true })).statusCode).toBe(200)
  })

  it('ends an explanation after its time', async () => {
    const test = testApp({
      timeout: 0.05,
      before: ({ explained, options: { signal } }) =>
        explained
          ? new Promise((_resolve, reject) => {
              signal?.addEventListener('abort', () => reject(signal.reason))
            })
          : undefined,
    })
    const answer = await classify(test, { texts: ['쌀', '밀'], explain: true })
    expect([answer.statusCode, answer.json().type]).toEqual([503, 'urn:kic:problem:timeout'])
    expect(test.explained).toEqual(['쌀'])
    expect(test.context.gate.waiting).toBe(0)
  })

  it.each<[string, unknown, number, string, string?]>([
    ['no text', {}, 422, 'invalid-request', ''],
    ['both', { text: 'a', texts: ['a'] }, 422, 'invalid-request', ''],
    ['null', null, 422, 'invalid-request', ''],
    ['a number', { text: 3 }, 422, 'invalid-request', '/text'],
    ['a number among texts', { texts: ['a', 3] }, 422, 'invalid-request', '/texts/1'],
    ['no texts', { texts: [] }, 422, 'invalid-request', '/texts'],
    ['too many texts', { texts: ['a', 'b', 'c', 'd'] }, 422, 'invalid-request', '/texts'],
    ['a long text', { text: 'a'.repeat(11) }, 422, 'invalid-request', '/text'],
    ['a fraction of a candidate', { text: 'a', topK: 0.5 }, 422, 'invalid-request', '/topK'],
    ['a confidence above 1', { text: 'a', reviewBelow: 1.1 }, 422, 'invalid-request', '/reviewBelow'],
    ['a coverage above 1', { text: 'a', coverage: 2 }, 422, 'invalid-request', '/coverage'],
    ['certainty', { text: 'a', targetAccuracy: 1 }, 422, 'invalid-request', '/targetAccuracy'],
    ['a confidence in nothing', { text: 'a', confidence: 0.9 }, 422, 'invalid-request', '/confidence'],
    ['an exact nothing', { text: 'a', exactCoverage: true }, 422, 'invalid-request', '/exactCoverage'],
    [
      'two thresholds',
      { text: 'a', targetAccuracy: 0.9, reviewBelow: 0.5 },
      422,
      'invalid-request',
      '/targetAccuracy',
    ],
    ['an explanation of another kind', { text: 'a', explain: 'yes' }, 422, 'invalid-request', '/explain'],
    ['an unknown option', { text: 'a', colour: 'red' }, 422, 'invalid-request', ''],
    ['half of a body', '{"text": "a', 400, 'bad-json'],
    ['no body', '', 400, 'bad-json'],
    ['a large body', JSON.stringify({ text: 'a'.repeat(200) }), 413, 'body-too-large'],
    // '쌀' in cp949.
    ['cp949', Buffer.from([0x22, 0xbd, 0xd2, 0x22]), 400, 'bad-json'],
  ])('refuses %s', async (_name, payload, status, kind, pointer) => {
    const test = testApp({ maxTexts: 3, maxTextLength: 10, maxBodyBytes: 100 })
    const answer = await classify(test, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    const problem = answer.json()
    expect(problem).toMatchObject({ type: `urn:kic:problem:${kind}`, status })
    expect(problem.requestId).toBe(answer.headers['x-request-id'])
    if (pointer !== undefined) expect(problem.errors[0].pointer).toBe(pointer)
    expect(test.calls).toEqual([])
  })

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/json; charset=euc-kr' }],
    [{ 'content-encoding': 'gzip' }],
  ])('refuses a body of %o', async (headers) => {
    const answer = await classify(testApp(), { text: '쌀' }, headers)
    expect([answer.statusCode, answer.json().type]).toEqual([415, 'urn:kic:problem:unsupported-media-type'])
  })

  it('refuses texts that find no room, and says when to come again', async () => {
    const open: (() => void)[] = []
    const test = testApp({
      maxTexts: 3,
      maxWaiting: 3,
      before: () => new Promise((resolve) => open.push(resolve)),
    })
    const waiting = classify(test, { texts: ['a', 'b'] })
    await vi.waitFor(() => expect(test.context.gate.waiting).toBe(2))
    const refused = await classify(test, { texts: ['c', 'd'] })
    expect([refused.statusCode, refused.json().type]).toEqual([429, 'urn:kic:problem:too-busy'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    const fits = classify(test, { text: 'c' })
    await vi.waitFor(() => expect(open).toHaveLength(2))
    for (const answer of open) answer()
    expect((await waiting).statusCode).toBe(200)
    expect((await fits).statusCode).toBe(200)
    expect(test.context.gate.waiting).toBe(0)
    expect((await test.app.inject('/metrics')).body).toMatch(/^kic_rejected_texts_total 2$/m)
  })

  it('ends after its time, and aborts the work', async () => {
    const test = testApp({ timeout: 0.02, before: () => new Promise(() => undefined) })
    const answer = await classify(test, { text: '쌀' })
    expect([answer.statusCode, answer.json().type]).toEqual([503, 'urn:kic:problem:timeout'])
    expect(test.calls[0]?.options.signal?.aborted).toBe(true)
    expect(test.context.gate.waiting).toBe(0)
  })

  it('answers a failure without its message', async () => {
    const test = testApp({
      before: ({ texts }) => {
        throw new Error(`cannot read ${texts[0]}`)
      },
    })
    const answer = await classify(test, { text: '비밀' })
    expect([answer.statusCode, answer.json().type]).toEqual([500, 'urn:kic:problem:internal'])
    expect(answer.body).not.toMatch(/비밀|cannot| at /)
    const [failure] = test.logged
    expect(failure).toMatchObject({ event: 'failure', error: 'Error', requestId: answer.json().requestId })
    expect(failure).toHaveProperty('stack.0', expect.stringContaining('create-app.test.ts'))
  })
})

describe('the log', () => {
  it('has an entry for every request, and no text, query or key', async () => {
    const test = testApp({
      keys: [KEY],
      before: ({ texts }) => (texts[0] === 'FAIL-비밀' ? Promise.reject(new TypeError('비밀')) : undefined),
    })
    const headers = { authorization: `Bearer ${KEY}`, 'x-request-id': 'mine-1' }
    await classify(test, { texts: ['비밀', '비밀'] }, headers)
    await classify(test, { text: 'FAIL-비밀' }, headers)
    await classify(test, '{"text": "비밀', headers)
    await classify(test, { text: '비밀', 비밀: 1 }, headers)
    await classify(
      test,
      { text: '비밀' },
      { 'x-api-key': '비밀-비밀-비밀-비밀-비밀'.replaceAll('비밀', 'SECRET') },
    )
    await test.app.inject({ url: `/v1/classes?query=${encodeURIComponent('비밀')}`, headers })
    await test.app.inject({
      url: `/${encodeURIComponent('비밀')}`,
      headers: { ...headers, 'x-request-id': '비밀 x' },
    })
    const requests = test.logged.filter(({ event }) => event === 'request')
    expect(requests).toHaveLength(7)
    expect(requests[0]).toEqual({
      event: 'request',
      requestId: 'mine-1',
      method: 'POST',
      route: '/v1/classify',
      status: 200,
      ms: expect.any(Number),
      texts: 2,
    })
    expect(requests.map((entry) => 'status' in entry && entry.status)).toEqual([
      200, 500, 400, 422, 401, 200, 404,
    ])
    const written = JSON.stringify(test.logged)
    for (const secret of ['비밀', encodeURIComponent('비밀'), 'SECRET', KEY])
      expect(written).not.toContain(secret)
  })
})

describe('API keys', () => {
  it('are needed everywhere but for health, readiness and the documentation', async () => {
    const test = testApp({ keys: ['another-key-0123456789', KEY] })
    const status = async (url: string, headers = {}) => (await test.app.inject({ url, headers })).statusCode
    for (const url of ['/v1/model', '/v1/classes', '/metrics']) {
      expect([url, await status(url)]).toEqual([url, 401])
      expect([url, await status(url, { authorization: `Bearer ${KEY}x` })]).toEqual([url, 401])
      expect([url, await status(url, { authorization: `Basic ${KEY}` })]).toEqual([url, 401])
      expect([url, await status(url, { authorization: `bearer ${KEY}` })]).toEqual([url, 200])
      expect([url, await status(url, { 'x-api-key': KEY })]).toEqual([url, 200])
    }
    for (const url of ['/health', '/ready', '/openapi.json'])
      expect([url, await status(url)]).toEqual([url, 200])
    const refused = await classify(test, { text: '쌀' })
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(test.calls).toEqual([])
  })
})

describe('GET /v1/classes', () => {
  it('searches codes and names', async () => {
    const { app } = testApp()
    const get = async (query: string) => (await app.inject(`/v1/classes?${query}`)).json()
    expect(await get('query=a&limit=1')).toEqual({
      total: 4,
      classes: [{ level: 'kind', code: 'A', name: '곡물', english: 'Grain', labels: { kind: 'A' } }],
    })
    expect((await get(`query=${encodeURIComponent('사과')}`)).classes).toMatchObject([{ code: 'B1' }])
    expect((await get('query=A&level=food')).classes.map(({ code }: { code: string }) => code)).toEqual([
      'A1',
      'A2',
      'B1',
    ])
    expect(await get('level=town')).toMatchObject({ status: 422, errors: [{ pointer: '/level' }] })
    expect(await get('limit=0')).toMatchObject({ status: 422, errors: [{ pointer: '/limit' }] })
    expect(await get('town=1')).toMatchObject({ status: 422 })
    expect(await get('query=a&query=b')).toMatchObject({ status: 422 })
  })
})

describe('GET /v1/model', () => {
  it('describes the model, and not where it is', async () => {
    const answer = await testApp().app.inject('/v1/model')
    expect(answer.json()).toMatchObject({
      id: 'foods-1',
      name: 'foods',
      kind: 'model',
      levels: ['kind', 'food'],
      classes: 3,
      preparation: { name: 'kic-text', version: 1 },
      calibrated: false,
      models: [{ name: 'foods', precision: 'int8', maxTokens: 32 }],
    })
    expect(answer.body).not.toContain('secret')
  })
})

describe('health and readiness', () => {
  const states = async ({ app }: TestApp) => {
    const answers = await Promise.all(['/health', '/ready', '/v1/model'].map((url) => app.inject(url)))
    return answers.map((answer) => [answer.statusCode, answer.headers.connection])
  }

  it('follow the model and the shutdown', async () => {
    const test = testApp({ loaded: false })
    const { serving } = test.context
    expect(await states(test)).toEqual([
      [200, 'keep-alive'],
      [503, 'keep-alive'],
      [503, 'keep-alive'],
    ])
    const { predictor } = (await import('./__fixtures__/scripted-predictor.ts')).scriptedPredictor()
    serving.loaded({ predictor, id: 'x' })
    expect((await states(test)).map(([status]) => status)).toEqual([200, 200, 200])
    serving.stop()
    // What arrives on open connections is answered; each answer closes its connection.
    expect(await states(test)).toEqual([
      [200, 'close'],
      [503, 'close'],
      [200, 'close'],
    ])
  })

  it('tell of a model that has stopped', async () => {
    const { KicError } = await import('@kic/core')
    const test = testApp({
      before: () => Promise.reject(new KicError('predictor/thread-ended', 'predict: the thread ended.')),
    })
    const failures: unknown[] = []
    test.context.serving.onFailure((cause) => failures.push(cause))
    const answer = await classify(test, { text: '쌀' })
    expect([answer.statusCode, answer.json().type]).toEqual([503, 'urn:kic:problem:model-stopped'])
    expect((await states(test)).map(([status]) => status)).toEqual([503, 503, 503])
    expect(failures).toHaveLength(1)
  })
})

describe('other paths and methods', () => {
  it('are problems, too', async () => {
    const { app } = testApp()
    const types = async (method: 'GET' | 'DELETE' | 'QUERY' | 'POST', url: string, payload = '') => {
      const answer = await app.inject({ method: method as 'GET', url, payload })
      return [answer.statusCode, answer.json().type, answer.headers.allow]
    }
    expect(await types('GET', '/nothing')).toEqual([404, 'urn:kic:problem:not-found', undefined])
    expect(await types('GET', '/v1/classify')).toEqual([405, 'urn:kic:problem:method-not-allowed', 'POST'])
    expect(await types('DELETE', '/v1/model?x=1')).toEqual([
      405,
      'urn:kic:problem:method-not-allowed',
      'GET, HEAD',
    ])
    // Their bodies are not read.
    expect(await types('POST', '/nothing', 'x')).toEqual([404, 'urn:kic:problem:not-found', undefined])
    expect(await types('QUERY', '/v1/classify')).toEqual([405, 'urn:kic:problem:method-not-allowed', 'POST'])
    expect(await types('GET', '/%')).toEqual([400, 'urn:kic:problem:bad-request', undefined])
  })
})

describe('GET /metrics', () => {
  it('counts requests, texts and their times', async () => {
    const test = testApp()
    await classify(test, { texts: ['쌀', '', '밀'] })
    await classify(test, { text: 3 })
    await test.app.inject({ method: 'PROPFIND' as 'GET', url: '/x' }).catch(() => undefined)
    const answer = await test.app.inject('/metrics')
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=/)
    for (const line of [
      'kic_http_requests_total{method="POST",route="/v1/classify",status="200"} 1',
      'kic_http_requests_total{method="POST",route="/v1/classify",status="422"} 1',
      'kic_http_request_duration_seconds_count{route="/v1/classify"} 2',
      'kic_texts_total{status="coded"} 2',
      'kic_texts_total{status="unusable"} 1',
      'kic_waiting_texts 0',
      'kic_ready 1',
    ])
      expect(answer.body.split('\n')).toContain(line)
  })
})

describe('GET /openapi.json', () => {
  const documentOf = async ({ app }: TestApp) => (await app.inject('/openapi.json')).json()

  it('is valid OpenAPI 3.1', async () => {
    for (const keys of [undefined, [KEY]]) {
      const validator = new Validator()
      const result = await validator.validate(await documentOf(testApp({ ...(keys && { keys }) })))
      expect(result.errors ?? []).toEqual([])
      expect([result.valid, validator.version]).toEqual([true, '3.1'])
    }
  })

  it('has the schema of every request and answer', async () => {
    const test = testApp({ maxTexts: 7, maxExplained: 2 })
    const document = await documentOf(test)
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema(document, 'https://kic.test/openapi.json')
    const errorsOf = (name: string, value: unknown) => {
      const check = ajv.compile({ $ref: `https://kic.test/openapi.json#/components/schemas/${name}` })
      check(value)
      return check.errors ?? []
    }
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'ClassesAnswer',
      'ClassifyAnswer',
      'ClassifyRequest',
      'Explanation',
      'ModelAnswer',
      'Prediction',
      'Problem',
      'State',
    ])
    const many = { texts: ['쌀', ''], reviewBelow: 0.9, coverage: 0.9 }
    expect(errorsOf('ClassifyRequest', many)).toEqual([])
    expect(errorsOf('ClassifyRequest', { texts: Array(8).fill('a') })).not.toEqual([])
    expect(errorsOf('ClassifyRequest', { text: 'a', texts: ['a'] })).not.toEqual([])
    expect(errorsOf('ClassifyRequest', {})).not.toEqual([])
    expect(errorsOf('ClassifyAnswer', (await classify(test, many)).json())).toEqual([])
    expect(errorsOf('ClassifyAnswer', (await classify(test, { text: '' })).json())).toEqual([])
    for (const explained of [
      { texts: ['쌀', ''], explain: true },
      { text: '쌀', explain: true },
    ]) {
      expect(errorsOf('ClassifyRequest', explained)).toEqual([])
      expect(errorsOf('ClassifyAnswer', (await classify(test, explained)).json())).toEqual([])
    }
    expect(errorsOf('ClassifyRequest', { texts: ['a', 'b', 'c'], explain: true })).not.toEqual([])
    expect(errorsOf('ClassifyRequest', { texts: ['a', 'b', 'c'], explain: false })).toEqual([])
    expect(errorsOf('Explanation', { status: 'explained', text: '쌀' })).not.toEqual([])
    expect(errorsOf('ClassifyAnswer', { model: 'x' })).not.toEqual([])
    expect(errorsOf('Problem', (await classify(test, {})).json())).toEqual([])
    for (const [url, name] of Object.entries({
      '/v1/classes?query=A': 'ClassesAnswer',
      '/v1/model': 'ModelAnswer',
      '/health': 'State',
      '/ready': 'State',
      '/nothing': 'Problem',
    }))
      expect([url, errorsOf(name, (await test.app.inject(url)).json())]).toEqual([url, []])
  })

  it('needs keys where the server does', async () => {
    const { paths } = await documentOf(testApp({ keys: [KEY] }))
    expect(paths['/v1/classify'].post.security).toEqual([{ bearer: [] }, { apiKey: [] }])
    expect(paths['/v1/classify'].post.responses).toHaveProperty('401')
    expect(paths['/health'].get.security).toBeUndefined()
    expect((await documentOf(testApp())).paths['/v1/classify'].post.responses).not.toHaveProperty('401')
  })
})
