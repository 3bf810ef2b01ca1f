import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { KicError } from '@kic/core'
import type { TrainerErrorCode } from '../error-code.ts'
import { formatJson, parseJson } from './exact-json.ts'

/** Name of the file that describes the content of a sealed folder. */
export const SEAL = 'state.json'
/** Names of folders being written or removed. */
const TEMPORARY = /^\.kic-.*\.tmp$/

interface FileSeal {
  readonly bytes: number
  readonly sha256: string
}

/** Whether a name is that of a folder left by an interrupted write or removal. */
export const isLeftover = (name: string): boolean => TEMPORARY.test(name)

/**
 * Writes a folder all or nothing: writes a temporary folder beside it, flushes every file and the folder to disk, and
 * renames the folder. `state.json` has `content`, the size and SHA-256 of every file, and its own SHA-256.
 *
 * @throws KicError `trainer/checkpoint-failed`; earlier content at `path` is untouched
 */
export const writeSealedFolder = async (
  path: string,
  files: Readonly<Record<string, readonly Uint8Array[]>>,
  content: unknown,
): Promise<void> => {
  const temporary = temporaryNeighbour(path)
  try {
    await mkdir(dirname(path), { recursive: true })
    // Not recursive, because that reports a read-only disk as a missing folder.
    await mkdir(temporary)
    const seals: Record<string, FileSeal> = {}
    for (const [name, pieces] of Object.entries(files))
      seals[name] = await writeFlushed(join(temporary, name), pieces)
    const sealed = { content, files: seals }
    const text = formatJson({ sha256: digest(formatJson(sealed)), ...sealed })
    await writeFlushed(join(temporary, SEAL), [new TextEncoder().encode(text)])
    await flushFolder(temporary)
    await removeFolder(path)
    await rename(temporary, path)
    await flushFolder(dirname(path))
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    throw new KicError<TrainerErrorCode>(
      'trainer/checkpoint-failed',
      `writeSealedFolder: the checkpoint must be writable, received ${path}: ${messageOf(cause)}. Fix the disk and resume; earlier checkpoints are untouched.`,
      { cause },
    )
  }
}

/**
 * The content of a folder that `writeSealedFolder` wrote, after checking all its files.
 *
 * @throws KicError `trainer/damaged-checkpoint` with the missing, truncated or changed file
 */
export const readSealedFolder = async (
  path: string,
): Promise<{ content: unknown; files: readonly string[] }> => {
  const damaged = (what: string, cause?: unknown): KicError =>
    new KicError<TrainerErrorCode>('trainer/damaged-checkpoint', `${path}: ${what}`, { cause })
  let seal: unknown
  try {
    seal = parseJson(await readFile(join(path, SEAL), 'utf8'))
  } catch (cause) {
    throw damaged(`${SEAL} cannot be read: ${messageOf(cause)}`, cause)
  }
  if (!isSeal(seal)) throw damaged(`${SEAL} does not have the form of a checkpoint's`)
  const { sha256, ...sealed } = seal
  if (digest(formatJson(sealed)) !== sha256) throw damaged(`${SEAL} was changed: its checksum differs`)
  for (const [name, expected] of Object.entries(seal.files)) {
    let actual: FileSeal
    try {
      actual = await sealOf(join(path, name))
    } catch (cause) {
      throw damaged(`${name} cannot be read: ${messageOf(cause)}`, cause)
    }
    if (actual.bytes !== expected.bytes) {
      throw damaged(`${name} has ${actual.bytes} bytes instead of ${expected.bytes}`)
    }
    if (actual.sha256 !== expected.sha256) throw damaged(`${name} was changed: its checksum differs`)
  }
  return { content: seal.content, files: Object.keys(seal.files) }
}

/** Removes a folder so that nobody sees a partial one under its name. */
export const removeFolder = async (path: string): Promise<void> => {
  const temporary = temporaryNeighbour(path)
  try {
    await rename(path, temporary)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  await rm(temporary, { recursive: true, force: true })
}

const temporaryNeighbour = (path: string): string =>
  join(dirname(path), `.kic-${basename(path)}-${randomBytes(6).toString('hex')}.tmp`)

const writeFlushed = async (path: string, pieces: readonly Uint8Array[]): Promise<FileSeal> => {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'wx')
  try {
    for (const piece of pieces) {
      hash.update(piece)
      bytes += piece.byteLength
      await file.writeFile(piece)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

const sealOf = async (path: string): Promise<FileSeal> => {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.byteLength
      }
    },
  )
  return { bytes, sha256: hash.digest('hex') }
}

/** A rename survives a power failure once its folder is flushed. Windows cannot open folders and does not need it. */
const flushFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isFileSeal = (value: unknown): value is FileSeal =>
  isRecord(value) && typeof value.bytes === 'number' && typeof value.sha256 === 'string'

const isSeal = (
  value: unknown,
): value is {
  readonly sha256: string
  readonly content: unknown
  readonly files: Readonly<Record<string, FileSeal>>
} =>
  isRecord(value) &&
  typeof value.sha256 === 'string' &&
  'content' in value &&
  isRecord(value.files) &&
  Object.entries(value.files).every(([name, seal]) => basename(name) === name && isFileSeal(seal))
