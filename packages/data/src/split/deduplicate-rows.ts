import type { Labels } from '@kic/classification'
import { rowClass } from './row-class.ts'
import { textKey } from './text-key.ts'

/** What a row must have to be compared with others. */
export interface ComparableRow {
  readonly id: string
  readonly text: string
  readonly labels?: Labels
}

/** One text to which answers give different labels. */
export interface LabelConflict {
  /** As it stands in the first of its rows. */
  readonly text: string
  /** Each label with the ids of its rows; the most frequent first. */
  readonly labels: readonly { readonly code: string; readonly ids: readonly string[] }[]
}

/** How rows of equal texts are brought together. */
export interface DeduplicateOptions {
  /**
   * What becomes of a text with different labels: one row for each of them, `keep`; the most frequent alone (the first
   * code among equals), `majority`; none at all, `drop`.
   */
  readonly conflicts: 'keep' | 'majority' | 'drop'
  /** The level that is compared; without it the finest one of each row. */
  readonly level?: string
}

/** What was kept, and what was found on the way. */
export interface Deduplicated<R> {
  /** In their old order. */
  readonly rows: R[]
  /** Rows that repeat the text and label of an earlier one. */
  readonly duplicates: number
  /** Rows that a conflict cost, their repetitions not counted again. */
  readonly dropped: number
  /** All texts with different labels, those with most rows first. */
  readonly conflicts: readonly LabelConflict[]
}

/**
 * One row of each text and label: the first of those with an equal `textKey`. Texts that have different labels are listed,
 * whatever becomes of them. Rows without labels are a label of their own.
 */
export const deduplicateRows = <R extends ComparableRow>(
  rows: readonly R[],
  { conflicts: policy, level }: DeduplicateOptions,
): Deduplicated<R> => {
  const texts = new Map<string, Map<string, number[]>>()
  rows.forEach((row, position) => {
    const key = textKey(row.text)
    const code = rowClass(row.labels, level)
    const labels = texts.get(key) ?? new Map<string, number[]>()
    if (labels.size === 0) texts.set(key, labels)
    const positions = labels.get(code)
    if (positions === undefined) labels.set(code, [position])
    else positions.push(position)
  })
  const kept = new Set<number>()
  const found: { readonly rows: number; readonly conflict: LabelConflict }[] = []
  let [duplicates, dropped] = [0, 0]
  for (const labels of texts.values()) {
    const ranked = [...labels].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    const all = ranked.flatMap(([, positions]) => positions)
    duplicates += all.length - ranked.length
    const survivors =
      ranked.length === 1 || policy === 'keep' ? ranked : policy === 'majority' ? ranked.slice(0, 1) : []
    dropped += ranked.length - survivors.length
    for (const [, [first]] of survivors) if (first !== undefined) kept.add(first)
    if (ranked.length === 1) continue
    const idsOf = (positions: readonly number[]): string[] =>
      positions.map((position) => rows[position]?.id ?? '')
    const text = rows[Math.min(...all)]?.text ?? ''
    found.push({
      rows: all.length,
      conflict: { text, labels: ranked.map(([code, positions]) => ({ code, ids: idsOf(positions) })) },
    })
  }
  found.sort((a, b) => b.rows - a.rows)
  return {
    rows: rows.filter((_, position) => kept.has(position)),
    duplicates,
    dropped,
    conflicts: found.map(({ conflict }) => conflict),
  }
}
