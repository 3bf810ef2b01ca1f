import type { Labels } from '@kic/classification'
import { rowClass } from './row-class.ts'
import { textKey } from './text-key.ts'

/** The fields required for comparing rows. */
export interface ComparableRow {
  readonly id: string
  readonly text: string
  readonly labels?: Labels | undefined
}

/** A text with different labels. */
export interface LabelConflict {
  /** As in the first of its rows. */
  readonly text: string
  /** Each label with the ids of its rows, most frequent first. */
  readonly labels: readonly { readonly code: string; readonly ids: readonly string[] }[]
}

/** Options for merging rows with equal texts. */
export interface DeduplicateOptions {
  /**
   * The treatment of a text with different labels: one row for each label (`keep`), only the most frequent label, or
   * the first code if several are equal (`majority`), or no row (`drop`).
   */
  readonly conflicts: 'keep' | 'majority' | 'drop'
  /** The level to compare; by default the finest level of each row. */
  readonly level?: string | undefined
}

/** The rows kept, and the findings. */
export interface Deduplicated<R> {
  /** In their original order. */
  readonly rows: R[]
  /** Rows that repeat the text and label of an earlier one. */
  readonly duplicates: number
  /** Rows dropped because of a conflict, not counting their repetitions again. */
  readonly dropped: number
  /** All texts with different labels, those with the most rows first. */
  readonly conflicts: readonly LabelConflict[]
}

/**
 * Keeps one row of each text and label: the first of those with an equal `textKey`. Texts with different labels are
 * always listed. Rows without labels count as one label.
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
