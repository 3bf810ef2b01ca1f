import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KicError } from '@kic/core'
import type { StoredTensor } from '@kic/safetensors'
import type { CheckpointsErrorCode } from './error-code.ts'
import { namedAfter } from './named-after.ts'
import { openTensorFile } from './open-tensor-file.ts'
import type { TensorFile } from './tensor-file.ts'
import { parseWeightMap } from './weight-map.ts'

/** The weights of a folder, open. */
export interface Checkpoint extends TensorFile {
  /** Names of their files. */
  readonly files: readonly string[]
}

/** Files with a model's weights, preferred first: transformers also prefers safetensors. */
export const WEIGHT_FILES = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
] as const

/** Size limit of an index. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024

/**
 * Opens the weights of a Hugging Face folder: `model.safetensors`, else `pytorch_model.bin`, either of them whole or in
 * shards; or one such file. Close it afterwards.
 *
 * @throws KicError `checkpoints/no-weights`, `checkpoints/weight-map`, `checkpoints/shard-path`, `checkpoints/shard`, and
 * whatever `openTensorFile` throws
 */
export const openCheckpoint = async (path: string): Promise<Checkpoint> => {
  const stats = await stat(path).catch((cause: unknown) => {
    throw namedAfter(path, cause)
  })
  if (stats.isFile()) return { ...(await openTensorFile(path)), files: [basename(path)] }
  const names = await readdir(path)
  const found = WEIGHT_FILES.find((name) => names.includes(name))
  if (found === undefined) {
    const others = names.filter((name) => /\.(bin|safetensors|h5|msgpack|pt|pth|ckpt)$/.test(name))
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/no-weights',
      `openCheckpoint: ${path} has none of ${WEIGHT_FILES.join(', ')}${others.length > 0 ? `, only ${others.join(', ')}` : ''}.`,
    )
  }
  if (found.endsWith('.json')) return openShards(path, found)
  return { ...(await openTensorFile(join(path, found))), files: [found] }
}

const openShards = async (folder: string, index: string): Promise<Checkpoint> => {
  const map = await readIndex(join(folder, index))
  const files = [...new Set(map.values())].sort()
  const shards = new Map<string, TensorFile>()
  const close = async (): Promise<void> => {
    for (const shard of shards.values()) await shard.close()
  }
  try {
    for (const file of files) shards.set(file, await openTensorFile(join(folder, file)))
    return {
      files,
      tensors: new Map(
        [...map].map(([name, file]) => [name, inShard(folder, index, file, shards.get(file), name)]),
      ),
      async *read(names) {
        for (const [file, shard] of shards) {
          yield* shard.read(new Set([...names].filter((name) => map.get(name) === file)))
        }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const readIndex = async (path: string): Promise<ReadonlyMap<string, string>> => {
  try {
    const { size } = await stat(path)
    if (size > MAX_INDEX_BYTES) {
      throw new KicError<CheckpointsErrorCode>(
        'checkpoints/weight-map',
        `an index has at most ${MAX_INDEX_BYTES} bytes, this ${size}.`,
      )
    }
    return parseWeightMap(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw cause instanceof SyntaxError
      ? namedAfter(
          path,
          new KicError<CheckpointsErrorCode>(
            'checkpoints/weight-map',
            `the index is not JSON: ${cause.message}`,
          ),
        )
      : namedAfter(path, cause)
  }
}

const inShard = (
  folder: string,
  index: string,
  file: string,
  shard: TensorFile | undefined,
  name: string,
): StoredTensor => {
  const tensor = shard?.tensors.get(name)
  if (tensor === undefined) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/shard',
      `openCheckpoint: ${index} of ${folder} says that ${JSON.stringify(name.slice(0, 200))} is in ${file}, which has no such tensor. Download the folder again.`,
    )
  }
  return tensor
}
