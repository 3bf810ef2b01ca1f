import { readFile, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type EnsembleInput, vote } from '@kic/ensemble'
import { loadEnsemble, openPredictions, writePredictions } from '@kic/ensemble/node'
import fc from 'fast-check'
import { mutatedJson } from '../json-mutations.ts'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'

const SOUND: EnsembleInput = {
  format: 'kic-ensemble',
  version: 1,
  scheme: 'path',
  levels: [
    { name: 'section', labels: ['A', 'B'] },
    { name: 'group', labels: ['011', '012', '051'], parents: [0, 0, 1] },
  ],
  members: [
    { name: 'one', level: 'group', model: 'models/one', temperature: 1.5 },
    { name: 'two', level: 'section', weight: 2, predictions: 'two.safetensors' },
  ],
}

/** `ensemble.json`: what is read can vote, and names nothing outside of its folder. */
export const ensemble: Target = {
  name: 'ensemble',
  inputs: async () => {
    const sound = new TextEncoder().encode(JSON.stringify(SOUND))
    return fc.oneof(
      mutation(sound.length).map((mutate) => mutate(sound)),
      mutatedJson([JSON.parse(JSON.stringify(SOUND))]),
    )
  },
  check: (bytes, folder) =>
    judge(bytes.length, async () => {
      const path = join(folder, 'ensemble.json')
      await writeFile(path, bytes)
      const read = await loadEnsemble(path)
      for (const place of read.members.flatMap(({ model, predictions }) =>
        [model ?? [], predictions ?? []].flat(),
      )) {
        if (!place.startsWith(folder + sep)) throw new Error(`${place} is outside of ${folder}`)
      }
      const opinions = read.members.map(({ level }) => {
        const classes = read.levels.find(({ name }) => name === level)?.labels.length ?? 0
        return { rows: 1, classes, data: new Float32Array(classes).fill(1 / classes) }
      })
      const { finest } = vote(read, opinions)
      if (finest.data.some((p) => !(p >= 0 && p <= 1.001))) throw new Error(`it votes [${finest.data}]`)
      return { bytes: 0 }
    }),
}

/** Stored predictions with something done to their header. */
export const predictions: Target = {
  name: 'predictions',
  inputs: async (folder) => {
    const path = join(folder, 'sound.safetensors')
    const data = Float32Array.of(0.5, 0.25, 0.25, 1, 0, 0)
    const about = { level: 'group', labels: ['011', '012', '051'], ids: ['a', '나'] }
    await writePredictions(path, about, [{ rows: 2, classes: 3, data }])
    const sound = new Uint8Array(await readFile(path))
    return mutation(sound.length).map((mutate) => mutate(sound))
  },
  check: (bytes, folder) =>
    judge(bytes.length, async () => {
      const path = join(folder, 'mutated.predictions.safetensors')
      await writeFile(path, bytes)
      const file = await openPredictions(path)
      try {
        const { data } = await file.read(0, file.rows)
        return { bytes: data.byteLength / 2 }
      } finally {
        await file.close()
      }
    }),
}
