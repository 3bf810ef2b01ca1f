import { join } from 'node:path'
import { joinFields } from '@kic/data'
import { loadEnsemble } from '@kic/ensemble/node'
import { filesIn, loadPredictor } from '@kic/predictor/node'
import { differentAnswers } from './different-answers.ts'
import { answerJob } from './own-process.ts'

/** A model to load, and how many texts it codes. */
export interface FolderJob {
  readonly folder: string
  /** A member of the ensemble in the folder, which is loaded alone. */
  readonly member?: string | undefined
  readonly texts: number
}

export interface FolderTime {
  /** From the call of `loadPredictor` to its predictor. */
  readonly loadMs: number
  readonly codeMs: number
  /** Processor time of all threads for loading, and for coding. */
  readonly loadCpuMs: number
  readonly codeCpuMs: number
  /** Resident memory before loading, and the largest one of this process, in MB of 10^6 bytes. */
  readonly emptyMegabytes: number
  readonly peakMegabytes: number
}

/** A member's files: its folder's, or those that members have in common. */
const memberFiles = async (folder: string, member: string) => {
  const { files = {} } = await loadEnsemble(join(folder, 'ensemble.json'))
  const all = filesIn(folder)
  const pathOf = (path: string): string => files[`members/${member}/${path}`] ?? `members/${member}/${path}`
  return { name: `${folder}, ${member}`, read: (path: string) => all.read(pathOf(path)) }
}

const millisecondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

answerJob(async ({ folder, member, texts: count }: FolderJob): Promise<FolderTime> => {
  const texts = count === 0 ? [] : differentAnswers(count).map(joinFields)
  const source = member === undefined ? folder : await memberFiles(folder, member)
  global.gc?.()
  const emptyMegabytes = Math.round(process.memoryUsage().rss / 1e6)
  const started = performance.now()
  const atStart = process.cpuUsage()
  const predictor = await loadPredictor(source)
  const loaded = performance.now()
  const atLoaded = process.cpuUsage()
  let coded = 0
  for await (const _ of predictor.stream(texts)) coded += 1
  const codeMs = performance.now() - loaded
  const atEnd = process.cpuUsage()
  await predictor.dispose()
  if (coded !== count) throw new Error(`${coded} of ${count} texts were coded`)
  return {
    loadMs: loaded - started,
    codeMs,
    loadCpuMs: millisecondsOf(atLoaded) - millisecondsOf(atStart),
    codeCpuMs: millisecondsOf(atEnd) - millisecondsOf(atLoaded),
    emptyMegabytes,
    peakMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
  }
})
