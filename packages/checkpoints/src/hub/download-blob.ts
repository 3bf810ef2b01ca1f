import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { KicError } from '@kic/core'
import type { CheckpointsErrorCode } from '../error-code.ts'
import { HubStatus } from './hub-error.ts'
import type { HubFile } from './hub-file.ts'
import type { HubSettings } from './hub-options.ts'
import { type Attempt, withRetries } from './with-retries.ts'

export interface BlobRequest {
  readonly url: string
  readonly file: HubFile
  /** The path of the finished file. Received bytes are kept beside it, in `<target>.incomplete`. */
  readonly target: string
  readonly settings: HubSettings
  /** Bytes on disk so far. */
  readonly onReceived: (bytes: number) => void
}

/**
 * Downloads a file. A range request completes an earlier attempt, a broken connection is resumed, and the file appears
 * under its name only after its checksum is verified.
 *
 * @throws KicError `checkpoints/checksum`, `checkpoints/hub-size`; HubStatus or a network error when no retries are
 *   left
 */
export const downloadBlob = async (request: BlobRequest): Promise<void> => {
  const partial = `${request.target}.incomplete`
  for (let tries = 1; ; tries++) {
    await withRetries(request.settings, (attempt) => receive(request, partial, attempt))
    const digest = await digestOf(partial, request.file)
    if (digest === request.file.digest) break
    await rm(partial, { force: true })
    // The first part may come from a broken earlier download, so a complete new download decides.
    if (tries === 2) {
      throw new KicError<CheckpointsErrorCode>(
        'checkpoints/checksum',
        `resolveModel: ${request.file.path} was received twice with the checksum ${digest}, ${request.file.digest} was expected. Nothing was kept. Something between here and the Hub changes it, a proxy for instance.`,
      )
    }
  }
  // Another process may have created the same file meanwhile.
  await rename(partial, request.target).catch(async (cause: unknown) => {
    const size = await sizeOf(request.target)
    if (size !== request.file.size) throw cause
  })
}

/** One connection: appends to the received bytes until the file is complete. */
const receive = async (request: BlobRequest, partial: string, attempt: Attempt): Promise<void> => {
  const { file, settings } = request
  const handle = await open(partial, constants.O_RDWR | constants.O_CREAT)
  const abort = new AbortController()
  try {
    let offset = (await handle.stat()).size
    if (offset > file.size) offset = await restart(handle)
    request.onReceived(offset)
    if (offset === file.size) return
    let timer = stallTimer(abort, settings.stallTimeout)
    try {
      const response = await fetch(request.url, {
        headers: headersOf(offset, settings.token),
        signal: abort.signal,
      })
      if (response.status === 416) {
        await restart(handle)
        throw new Error(`the server has nothing from byte ${offset} on`)
      }
      if (!response.ok || response.body === null) throw new HubStatus(response.status, request.url)
      if (response.status !== 206 || !startsAt(response, offset)) offset = await restart(handle)
      const reader = response.body.getReader()
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(timer)
        timer = stallTimer(abort, settings.stallTimeout)
        offset = await append(handle, part.value, offset, file)
        attempt.progressed()
        request.onReceived(offset)
      }
    } finally {
      clearTimeout(timer)
    }
    if (offset < file.size) throw new Error(`the connection ended at byte ${offset} of ${file.size}`)
    await handle.sync()
  } finally {
    abort.abort()
    await handle.close()
  }
}

const headersOf = (offset: number, token: string | undefined): Record<string, string> => ({
  // Ranges and sizes refer to the file itself, not to a compressed form.
  'Accept-Encoding': 'identity',
  ...(offset > 0 ? { Range: `bytes=${offset}-` } : {}),
  ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
})

const startsAt = (response: Response, offset: number): boolean =>
  response.headers.get('content-range')?.startsWith(`bytes ${offset}-`) ?? false

const restart = async (handle: FileHandle): Promise<0> => {
  await handle.truncate(0)
  return 0
}

/** Writes bytes at their own position, so two concurrent processes write the same file rather than a mixture. */
const append = async (
  handle: FileHandle,
  chunk: Uint8Array,
  offset: number,
  file: HubFile,
): Promise<number> => {
  if (offset + chunk.length > file.size) {
    await restart(handle)
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/hub-size',
      `resolveModel: ${file.path} has more than the ${file.size} bytes that the Hub lists. Nothing was kept.`,
    )
  }
  let written = 0
  while (written < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, offset + written)
    written += bytesWritten
  }
  return offset + chunk.length
}

const stallTimer = (abort: AbortController, milliseconds: number): NodeJS.Timeout =>
  setTimeout(() => abort.abort(new Error(`no byte came for ${milliseconds} ms`)), milliseconds)

/** SHA-256 of a large file; for others Git's blob id, the SHA-1 of a header and the content. */
const digestOf = async (path: string, { digest, size }: HubFile): Promise<string> => {
  const hash = digest.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`)
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk)
  return hash.digest('hex')
}

/** Size of a file, or -1 if it does not exist. */
export const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => -1,
  )
