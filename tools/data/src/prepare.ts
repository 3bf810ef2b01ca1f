import { codeIndex } from '@kic/classification'
import { ksic10, ksic10Occurring } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { assignParts, textKeyHash } from '@kic/data'
import { hashFiles, readRowBlocks } from '@kic/data/node'
import { openTokenCache, type TextBlock } from '@kic/tokenizer/node'
import { plannedBatches, tokenBatch, tokenLengths } from '@kic/trainer'
import { ownTokenizer } from './own-tokenizer.ts'
import { peakMegabytes, progress, type Report, rounded } from './report.ts'

const maxLength = 32
const batchSize = 256
const rules = {
  classification: ksic10,
  normalization: 'nfc-width',
  rejects: 'collect',
  rejectLimit: 10_000,
} as const

/** Wall time of the pieces of some work that take turns, in milliseconds. */
const createStopwatch = () => {
  const times: Record<string, number> = {}
  return {
    times,
    measure: async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
      const started = performance.now()
      try {
        return await work()
      } finally {
        times[name] = (times[name] ?? 0) + performance.now() - started
      }
    },
  }
}

/**
 * Everything between a file and the batches of a training run, as a program would do it: read and clean, key texts and
 * number classes, tokenise into a cache, split, and draw one epoch of batches from the training rows.
 */
export const prepare = async (file: string, cacheFolder: string): Promise<Report> => {
  const tokenizer = await ownTokenizer(file)
  const { times, measure } = createStopwatch()
  const started = performance.now()
  let rejects = 0
  async function* texts(): AsyncGenerator<TextBlock> {
    const blocks = readRowBlocks(file, rules)
    for (;;) {
      const next = await measure('read', () => blocks.next())
      if (next.done === true) return
      const { rows, report } = next.value
      rejects = report.rejects
      yield await measure('keys', () => {
        const hashes = rows.map((row) => textKeyHash(row.text))
        return {
          texts: rows.map((row) => row.text),
          columns: {
            keyHigh: hashes.map(([high]) => high),
            keyLow: hashes.map(([, low]) => low),
            group: rows.map((row) => codeIndex(ksic10Occurring, 'group', row.labels?.group ?? '')),
          },
        }
      })
    }
  }
  const content = await measure('hash', async () => `${await hashFiles([file])} ${JSON.stringify(rules)}`)
  const cache = await measure('cache', () =>
    openTokenCache({
      folder: cacheFolder,
      tokenizer,
      maxLength,
      content,
      columns: ['keyHigh', 'keyLow', 'group'],
      texts,
      onProgress: (rows) => progress('tokenised', rows),
    }),
  )
  const { keyHigh = new Int32Array(), keyLow = new Int32Array(), group = new Int32Array() } = cache.columns
  const parts = await measure('split', () => assignParts({ keyHigh, keyLow, classes: group }, [0.9, 0.1], 42))
  const prepared = performance.now() - started
  const epoch = await measure('epoch', async () => {
    const training = Int32Array.from(parts.keys()).filter((row) => parts[row] === 0)
    const all = tokenLengths(cache)
    const rows = { inputIds: cache.inputIds, labels: group }
    const padTokenId = tokenizer.specialTokens.pad.id
    const source = plannedBatches(
      { lengths: training.map((row) => defined(all[row])), batchSize, seed: 42 },
      ({ rows: planned, ...shape }) =>
        tokenBatch(rows, { ...shape, rows: planned.map((row) => defined(training[row])) }, { padTokenId }),
    )
    const batches = source.epoch(0)
    let [seen, tokens] = [0, 0]
    for (let i = 0; i < batches.length; i++) {
      const batch = await batches.batch(i)
      seen += batch.rows.length
      for (const one of batch.feeds.attention_mask?.data ?? []) tokens += one
    }
    return { batches: batches.length, trainingRows: seen, trainingTokens: tokens }
  })
  const total = performance.now() - started
  // Making the cache has the reading inside; what is left of it is tokenising and writing.
  const tokenise = (times.cache ?? 0) - (times.read ?? 0) - (times.keys ?? 0)
  return {
    rows: cache.rows,
    rejects,
    fromCache: cache.fromCache,
    tokens: cache.inputIds.values.length,
    hashMs: rounded(times.hash ?? 0),
    ...(cache.fromCache
      ? { loadMs: rounded(times.cache ?? 0) }
      : {
          readMs: rounded(times.read ?? 0),
          keysMs: rounded(times.keys ?? 0),
          tokeniseMs: rounded(tokenise),
        }),
    splitMs: rounded(times.split ?? 0),
    epochMs: rounded(times.epoch ?? 0),
    ...epoch,
    preparedSeconds: rounded(prepared / 1000, 2),
    totalSeconds: rounded(total / 1000, 2),
    peakMegabytes: peakMegabytes(),
  }
}
