import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem.ts'

/** Throws on bytes that are not UTF-8, such as cp949, which would be answered as if they were other texts. */
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Reads bodies that are JSON in UTF-8, and refuses all others. */
export const readJsonBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = request.headers
    const [, charset = 'utf-8'] = /;\s*charset="?([^\s;"]*)/i.exec(type) ?? []
    if (encoding.toLowerCase() !== 'identity' || !/^utf-?8$/i.test(charset)) {
      done(new ProblemError('unsupported-media-type'))
      return
    }
    try {
      done(null, JSON.parse(decoder.decode(body)))
    } catch {
      // The message of the error would quote the body.
      done(new ProblemError('bad-json'))
    }
  })
}
