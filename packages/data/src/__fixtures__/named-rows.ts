import { codesOf, labelsOf, nodeOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { createRandom } from '@kic/core'
import { joinFields, type Row } from '../row.ts'

/** Words in the names of the groups of each section. */
const wordsOfSection = (): ReadonlyMap<string, readonly string[]> => {
  const words = new Map<string, string[]>()
  for (const code of codesOf(ksic10Occurring, 'group')) {
    const section = labelsOf(ksic10Occurring, 'group', code).section ?? ''
    const name = nodeOf(ksic10Occurring, 'group', code)?.name ?? ''
    words.set(section, [...(words.get(section) ?? []), ...name.split(/[ ,;]+/).filter((word) => word !== '')])
  }
  return words
}

/** Rows of groups drawn at random, whose texts are words from the official names in their section. */
export const namedRows = (count: number, seed: number): Row[] => {
  const random = createRandom(seed)
  const words = wordsOfSection()
  const groups = codesOf(ksic10Occurring, 'group')
  return Array.from({ length: count }, (_, i) => {
    const labels = labelsOf(ksic10Occurring, 'group', random.pick(groups))
    const known = words.get(labels.section ?? '') ?? []
    const fields = { object: random.pick(known), method: random.pick(known), deal: random.pick(known) }
    return { id: `id_${String(i + 1).padStart(7, '0')}`, line: i + 2, text: joinFields(fields), fields, labels }
  })
}
