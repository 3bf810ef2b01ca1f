import { join } from 'node:path'
import { type Ensemble, fitStack, selectMembers } from '@kic/ensemble'
import { loadEnsemble, openAllPredictions, voteOnStored } from '@kic/ensemble/node'
import { argMaxRows, fitTemperatures, type PredictionSource } from '@kic/scores'

/** What the worker prints: one line of JSON. */
export interface EnsembleTime {
  readonly ms: number
  readonly rows: number
  /** Largest resident memory of this process, in MB of 10^6 bytes. */
  readonly peakMegabytes: number
}

const [task, folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('ensemble-worker: give a task and a folder')

const voted = async (ensemble: Ensemble): Promise<number> => {
  let rows = 0
  for await (const { ids } of voteOnStored(ensemble)) rows += ids.length
  return rows
}

/** Labels of which the first member has about half right. */
const labelsOf = async (source: PredictionSource, rows: number): Promise<Int32Array> => {
  const labels = Int32Array.from({ length: rows }, (_, row) => (row * 31) % 225)
  for await (const { start, members } of source()) {
    const [first] = members
    if (first)
      argMaxRows(first.data, first.classes).forEach((c, row) => {
        if (row % 2 === 0) labels[start + row] = c
      })
  }
  return labels
}

/** Tunes the group members. */
const tuned = async (
  ensemble: Ensemble,
  tune: typeof fitTemperatures | typeof fewRounds,
): Promise<number> => {
  const members = ensemble.members.filter(({ level }) => level === 'group')
  const opened = await openAllPredictions(members.map(({ predictions = '' }) => predictions))
  await tune(opened.source, await labelsOf(opened.source, opened.ids.length))
  await opened.close()
  return opened.ids.length
}
const fewRounds = (...[source, labels]: Parameters<typeof fitTemperatures>) =>
  selectMembers(source, labels, { rounds: 3 })

const stacked = async (ensemble: Ensemble): Promise<number> => {
  const members = ensemble.members.filter(({ level }) => level === 'group')
  const paths = members.map(({ predictions = '' }) => predictions)
  const opened = await openAllPredictions(paths, { blockRows: Number.MAX_SAFE_INTEGER })
  const labels = await labelsOf(opened.source, opened.ids.length)
  for await (const { members: given } of opened.source()) fitStack(given, labels)
  await opened.close()
  return opened.ids.length
}

const ensemble = await loadEnsemble(join(folder, 'ensemble.json'))
const started = performance.now()
const rows =
  task === 'temperatures'
    ? await tuned(ensemble, fitTemperatures)
    : task === 'selection'
      ? await tuned(ensemble, fewRounds)
      : task === 'stack'
        ? await stacked(ensemble)
        : await voted({ ...ensemble, scheme: task === 'path' ? 'path' : 'published' })
const time: EnsembleTime = {
  ms: performance.now() - started,
  rows,
  peakMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
}
console.log(JSON.stringify(time))
