import { writeFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { loadEnsemble } from '@kic/ensemble/node'
import { mutatedJson } from '../json-mutations.ts'
import { judge } from '../judge.ts'
import type { Target } from '../target.ts'

const three = {
  format: 'kic-ensemble',
  version: 1,
  scheme: 'published',
  levels: [
    { name: 'section', labels: ['A', 'B'] },
    { name: 'division', labels: ['01', '02', '05'], parents: [0, 0, 1] },
    { name: 'group', labels: ['011', '012', '020', '051'], parents: [0, 0, 1, 2] },
  ],
  members: [
    {
      name: 'one',
      level: 'group',
      weight: 2,
      temperature: 1.5,
      model: 'one',
      predictions: 'one/p.safetensors',
    },
    { name: 'two', level: 'division', predictions: 'two.safetensors' },
  ],
}
const one = {
  format: 'kic-ensemble',
  version: 1,
  scheme: 'path',
  space: 'log',
  levels: [{ name: 'class', labels: ['가', '나'] }],
  members: [{ name: 'only', level: 'class' }],
}

/** An ensemble.json: whatever it says, no member's file lies outside of its folder. */
export const ensemble: Target = {
  name: 'ensemble',
  inputs: async () => mutatedJson([three, one]),
  check: (bytes, folder) =>
    judge(bytes.length, async () => {
      await writeFile(join(folder, 'ensemble.json'), bytes)
      const { members } = await loadEnsemble(join(folder, 'ensemble.json'))
      for (const path of members.flatMap(({ model = folder, predictions = folder }) => [
        model,
        predictions,
      ])) {
        if (!`${resolve(path)}${sep}`.startsWith(`${resolve(folder)}${sep}`))
          throw new Error(`${path} is read`)
      }
      return { bytes: 0 }
    }),
}
