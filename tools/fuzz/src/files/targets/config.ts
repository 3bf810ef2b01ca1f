import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPretrained } from '@kic/roberta/node'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'
import { validFile } from './files.ts'
import { oddObject } from './json-values.ts'

/** `config.json` beside sound weights: whatever it claims, nothing much larger than these may be made. */
export const config: Target = {
  name: 'config',
  inputs: async () => {
    const sound = await validFile('torch-bin/config.json')
    const parsed: object = JSON.parse(new TextDecoder().decode(sound))
    return fc.oneof(
      mutation(sound.length).map((mutate) => mutate(sound)),
      oddObject(parsed).map((json) => new TextEncoder().encode(JSON.stringify(json))),
    )
  },
  check: async (bytes, folder) => {
    const weights = await validFile('torch-bin/model.safetensors')
    return judge(bytes.length + weights.length, async () => {
      await writeFile(join(folder, 'model.safetensors'), weights)
      await writeFile(join(folder, 'config.json'), bytes)
      const { params } = await loadPretrained(folder)
      // Parameters that the weights lack are fresh, within what the reader allows.
      const read = Object.values(params).reduce((sum, { data }) => sum + data.byteLength, 0)
      return { bytes: Math.max(0, read - FRESH_BYTES) }
    })
  },
}

/** Fresh parameters of a head or two. */
const FRESH_BYTES = 2 ** 28
