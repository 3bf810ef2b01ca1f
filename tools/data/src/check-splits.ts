import { codeIndex, codesOf } from '@kic/classification'
import { ksic10, ksic10Occurring } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { assignParts, textKey, textKeyHash } from '@kic/data'
import { readRowBlocks } from '@kic/data/node'
import { progress, type Report, rounded } from './report.ts'

const largeClass = 1000

interface Rows {
  /** Number of each row's text key, told apart by the keys themselves, not by hashes. */
  readonly keys: number[]
  readonly high: number[]
  readonly low: number[]
  readonly groups: number[]
}

const readColumns = async (file: string): Promise<Rows> => {
  const numbers = new Map<string, number>()
  const rows: Rows = { keys: [], high: [], low: [], groups: [] }
  for await (const block of readRowBlocks(file, {
    classification: ksic10,
    rejects: 'collect',
    rejectLimit: 10_000,
  })) {
    for (const { text, labels } of block.rows) {
      const key = textKey(text)
      const number = numbers.get(key) ?? numbers.size
      numbers.set(key, number)
      const [high, low] = textKeyHash(text)
      rows.keys.push(number)
      rows.high.push(high)
      rows.low.push(low)
      rows.groups.push(codeIndex(ksic10Occurring, 'group', labels?.group ?? ''))
    }
    progress('read', rows.keys.length)
  }
  return rows
}

/** Number of texts in two parts, and the largest deviation of a large class's share in a part from its share in all. */
const judge = (
  { keys, groups }: Rows,
  parts: Uint16Array,
  count: number,
): { readonly crossing: number; readonly off: number; readonly largeClasses: number } => {
  const partOfKey = new Int32Array(keys.length).fill(-1)
  const crossing = new Set<number>()
  const classes = codesOf(ksic10Occurring, 'group').length
  const all = new Float64Array(classes)
  const sizes = new Float64Array(count)
  const within = Array.from({ length: count }, () => new Float64Array(classes))
  for (const [row, key] of keys.entries()) {
    const part = defined(parts[row])
    const group = defined(groups[row])
    const before = partOfKey[key] ?? -1
    if (before >= 0 && before !== part) crossing.add(key)
    partOfKey[key] = part
    all[group] = defined(all[group]) + 1
    sizes[part] = defined(sizes[part]) + 1
    const own = within[part]
    if (own !== undefined) own[group] = defined(own[group]) + 1
  }
  let [off, largeClasses] = [0, 0]
  for (const [group, size] of all.entries()) {
    if (size <= largeClass) continue
    largeClasses += 1
    for (const [part, own] of within.entries()) {
      const share = defined(own[group]) / (sizes[part] ?? 1)
      off = Math.max(off, Math.abs(share / (size / keys.length) - 1))
    }
  }
  return { crossing: crossing.size, off, largeClasses }
}

/**
 * Splits a file's rows 80/10/10 and into 10 folds, and checks on the texts themselves that none is in two parts, and
 * that the share of each class above 1,000 rows in every part is its share in all, within 1 % of that share.
 */
export const checkSplits = async (file: string, seed: number): Promise<Report> => {
  const rows = await readColumns(file)
  const columns = {
    keyHigh: Int32Array.from(rows.high),
    keyLow: Int32Array.from(rows.low),
    classes: Int32Array.from(rows.groups),
  }
  const started = performance.now()
  const split = assignParts(columns, [0.8, 0.1, 0.1], seed)
  const splitMs = performance.now() - started
  const folds = assignParts(columns, new Array<number>(10).fill(0.1), seed)
  const bySplit = judge(rows, split, 3)
  const byFold = judge(rows, folds, 10)
  const reversed = assignParts(
    {
      keyHigh: columns.keyHigh.toReversed(),
      keyLow: columns.keyLow.toReversed(),
      classes: columns.classes.toReversed(),
    },
    [0.8, 0.1, 0.1],
    seed,
  ).toReversed()
  const sameReversed = split.every((part, row) => reversed[row] === part)
  return {
    passed:
      bySplit.crossing + byFold.crossing === 0 && Math.max(bySplit.off, byFold.off) <= 0.01 && sameReversed,
    rows: rows.keys.length,
    differentTexts: new Set(rows.keys).size,
    largeClasses: bySplit.largeClasses,
    textsInTwoParts: bySplit.crossing,
    textsInTwoFolds: byFold.crossing,
    worstProportionPercent: rounded(100 * bySplit.off, 3),
    worstFoldProportionPercent: rounded(100 * byFold.off, 3),
    sameInReversedOrder: sameReversed,
    splitMs: rounded(splitMs),
  }
}
