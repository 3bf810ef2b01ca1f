import { resolve } from 'node:path'
import { parseWeightMap } from '@kic/checkpoints'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import type { Target } from '../target.ts'

const part = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '\\',
    'a',
    '~',
    'C:',
    '%2e%2e',
    '\0',
    '..\u2215',
    'model.safetensors',
    '.bin',
  ),
  fc.string({ maxLength: 4 }),
)
const path = fc
  .tuple(
    fc.array(part, { maxLength: 5 }),
    fc.constantFrom('/', '\\', ''),
    fc.constantFrom('.safetensors', '.bin', ''),
  )
  .map(([parts, separator, end]) => parts.join(separator) + end)

const FOLDER = '/somewhere/model'

/** Indexes of shards: whatever they name, nothing outside of their folder may be opened. */
export const weightMap: Target = {
  name: 'weight-map',
  inputs: async () =>
    fc
      .oneof(fc.record({ weight_map: fc.dictionary(fc.string(), path, { maxKeys: 4 }) }), fc.jsonValue())
      .map((json) => new TextEncoder().encode(JSON.stringify(json) ?? 'null')),
  check: (bytes) =>
    judge(bytes.length, async () => {
      const map = parseWeightMap(JSON.parse(new TextDecoder().decode(bytes)))
      for (const file of map.values()) {
        const target = resolve(FOLDER, file)
        if (target !== `${FOLDER}/${file}` || /[\\/:\0]/.test(file)) {
          throw new Error(`${JSON.stringify(file)} leads to ${target}`)
        }
      }
      return { bytes: 0 }
    }),
}
