import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { type Answer, ask } from './client.ts'

const document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.looseObject({})) })),
  ),
})

const problem = z.strictObject({
  type: z.string().regex(/^urn:kic:problem:[a-z-]+$/),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  errors: z
    .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
    .max(10)
    .optional(),
})

/** Problems of requests that reach no route. */
const ELSEWHERE: ReadonlySet<number> = new Set([400, 401, 404, 405, 408, 413, 415, 417, 431])

/** What is wrong with an answer by the server's own documentation; `undefined` if nothing is. */
export type CheckAnswer = (method: string, path: string, answer: Answer) => string | undefined

/** Reads a server's `/openapi.json`. */
export const documentedAnswers = async (url: string): Promise<CheckAnswer> => {
  const json: unknown = JSON.parse((await ask(url, '/openapi.json')).body)
  const { paths } = document.parse(json)
  const ajv = new Ajv2020({ strict: false })
  ajv.addSchema(z.record(z.string(), z.unknown()).parse(json), 'https://kic.test/openapi.json')
  const schemaOf = (path: string, method: string) => {
    const pointer = `/paths/${path.replaceAll('/', '~1')}/${method}/responses/200/content/application~1json/schema`
    return ajv.compile({ $ref: `https://kic.test/openapi.json#${pointer}` })
  }
  const schemas = new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter(() => path !== '/metrics')
        .map((method) => [`${method} ${path}`, schemaOf(path, method)] as const),
    ),
  )
  return (method, path, { status, headers, body }) => {
    const route = path.split(/[?#]/, 1)[0] ?? ''
    const name = method === 'HEAD' ? 'get' : method.toLowerCase()
    const operation = paths[route]?.[name]
    const known = operation === undefined ? ELSEWHERE.has(status) : String(status) in operation.responses
    // The document itself is not in the document.
    if (!known && !(route === '/openapi.json' && status === 200)) return `status ${status} is not documented`
    if (/\n {4}at |node_modules|\.ts:\d|\.js:\d/.test(body)) return 'the answer has a stack trace'
    if (method === 'HEAD') return body === '' ? undefined : 'an answer to HEAD has a body'
    if (status >= 400) return problemFault(status, headers['content-type'], body)
    const schema = schemas.get(`${name} ${route}`)
    if (schema === undefined || schema(JSON.parse(body))) return undefined
    return `the answer does not fit its schema: ${ajv.errorsText(schema.errors)}`
  }
}

/** What is wrong with an answer that is an error. */
export const problemFault = (
  status: number,
  type: string | readonly string[] | undefined,
  body: string,
): string | undefined => {
  if (!String(type).startsWith('application/problem+json')) return `an error of type ${type}`
  try {
    const parsed = problem.safeParse(JSON.parse(body))
    if (!parsed.success) return `not a problem: ${body.slice(0, 200)}`
    return parsed.data.status === status ? undefined : `a problem of status ${parsed.data.status}`
  } catch {
    return `not JSON: ${body.slice(0, 200)}`
  }
}
