import { KicError } from '@kic/core'
import { z } from 'zod'
import type { CheckpointsErrorCode } from './error-code.ts'

/** Checked as a whole: a list of complaints about each entry could be a hundred times as long as the file. */
const names = z.custom<Record<string, string>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((file) => typeof file === 'string'),
  'it must give the name of a file for each tensor',
)
const schema = z.object({ weight_map: names })

/**
 * The file of each tensor in a sharded checkpoint: the content of `model.safetensors.index.json` or
 * `pytorch_model.bin.index.json`.
 *
 * Files must be in the index's own folder: a name with a path is refused.
 *
 * @throws KicError `checkpoints/weight-map`, `checkpoints/shard-path`
 */
export const parseWeightMap = (json: unknown): ReadonlyMap<string, string> => {
  const result = schema.safeParse(json)
  if (!result.success) {
    const [issue] = result.error.issues
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/weight-map',
      `parseWeightMap: ${issue?.path.map(String).join('.') || 'the index'}: ${issue?.message}. An index has an object weight_map of tensor names and file names.`,
    )
  }
  const map = new Map(Object.entries(result.data.weight_map))
  for (const [name, file] of map) {
    if (!/^[\w][\w.-]*\.(safetensors|bin)$/.test(file)) {
      throw new KicError<CheckpointsErrorCode>(
        'checkpoints/shard-path',
        `parseWeightMap: ${JSON.stringify(name.slice(0, 200))} is said to be in ${JSON.stringify(file.slice(0, 200))}. A shard is a .safetensors or .bin file in the folder of the index; the index was refused.`,
      )
    }
  }
  if (map.size === 0) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/weight-map',
      'parseWeightMap: the weight_map names no tensors.',
    )
  }
  return map
}
