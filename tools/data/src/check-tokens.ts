import { join } from 'node:path'
import { ksic10 } from '@kic/classification/ksic'
import { readRowBlocks } from '@kic/data/node'
import type { Tokenizer } from '@kic/tokenizer'
import { Tokenizer as RustTokenizer } from 'tokenizers'
import { ownTokenizer } from './own-tokenizer.ts'
import { randomTexts } from './random-texts.ts'
import { progress, type Report, rounded } from './report.ts'

const chunk = 4096

interface Comparison {
  texts: number
  tokens: number
  different: number
  ownMs: number
  rustMs: number
}

const compare = async (
  own: Tokenizer,
  rust: RustTokenizer,
  texts: readonly string[],
  sum: Comparison,
): Promise<void> => {
  let started = performance.now()
  const { values, offsets } = own.encodeRows(texts, { maxLength: 100_000 })
  sum.ownMs += performance.now() - started
  started = performance.now()
  const encodings = await rust.encodeBatch([...texts])
  const expected = encodings.map((encoding) => encoding.getIds())
  sum.rustMs += performance.now() - started
  for (const [row, ids] of expected.entries()) {
    const found = values.subarray(offsets[row], offsets[row + 1])
    const equal = found.length === ids.length && ids.every((id, i) => id === found[i])
    if (equal) continue
    sum.different += 1
    if (sum.different <= 5)
      console.error(
        `${JSON.stringify(texts[row])}: received ${[...found].join(' ')}, Rust has ${ids.join(' ')}`,
      )
  }
  sum.texts += texts.length
  sum.tokens += values.length
}

/**
 * Compares the ids of every row of a file, and of random texts, with those of the official Rust tokenizer, one thread
 * each, and both times.
 */
export const checkTokens = async (file: string, randomCount: number, seed: number): Promise<Report> => {
  // Rust reads this when it first makes a pool of threads.
  process.env.RAYON_NUM_THREADS = '1'
  process.env.TOKENIZERS_PARALLELISM = 'false'
  const own = await ownTokenizer(file)
  const rust = RustTokenizer.fromFile(join(`${file}.tokenizer`, 'tokenizer.json'))
  const none = (): Comparison => ({ texts: 0, tokens: 0, different: 0, ownMs: 0, rustMs: 0 })
  const [rows, random] = [none(), none()]
  for await (const block of readRowBlocks(file, {
    classification: ksic10,
    rejects: 'collect',
    rejectLimit: 10_000,
  })) {
    const texts = block.rows.map((row) => row.text)
    for (let at = 0; at < texts.length; at += chunk)
      await compare(own, rust, texts.slice(at, at + chunk), rows)
    progress('compared', rows.texts)
  }
  const texts = randomTexts(randomCount, seed)
  for (let at = 0; at < texts.length; at += chunk)
    await compare(own, rust, texts.slice(at, at + chunk), random)
  return {
    passed: rows.different + random.different === 0 && rows.texts > 0,
    rows: rows.texts,
    tokens: rows.tokens,
    differentRows: rows.different,
    ownMs: rounded(rows.ownMs),
    rustMs: rounded(rows.rustMs),
    ratio: rounded(rows.rustMs / rows.ownMs, 2),
    randomTexts: random.texts,
    randomTokens: random.tokens,
    differentRandomTexts: random.different,
  }
}
