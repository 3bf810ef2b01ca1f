import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPretrained } from '@kic/roberta/node'
import fc from 'fast-check'
import { mutatedJson } from '../json-mutations.ts'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'
import { validFile } from './files.ts'

/** Bytes of the weights beside it. */
const WEIGHTS = 98_820

/** `config.json` beside sound weights: whatever it claims, nothing much larger than these may be made. */
export const config: Target = {
  name: 'config',
  inputs: async (folder) => {
    await writeFile(join(folder, 'model.safetensors'), await validFile('torch-bin/model.safetensors'))
    const sound = await validFile('torch-bin/config.json')
    const parsed = JSON.parse(new TextDecoder().decode(sound))
    return fc.oneof(
      mutation(sound.length).map((mutate) => mutate(sound)),
      mutatedJson([parsed]),
    )
  },
  check: (bytes, folder) =>
    judge(bytes.length + WEIGHTS, async () => {
      await writeFile(join(folder, 'config.json'), bytes)
      const { params } = await loadPretrained(folder)
      return { bytes: Object.values(params).reduce((sum, { data }) => sum + data.byteLength, 0) }
    }),
}
