import { type Classification, createClassification } from './classification.ts'
import { entryOf } from './classification-index.ts'
import { finestLevel, levelNames } from './level-names.ts'

/**
 * The part of a classification that leads to some codes of its finest level, in the old order: what a model that never
 * sees the others should distinguish.
 *
 * @throws KicError `classification/unknown-code` for a code that the finest level lacks, `classification/bad-tree` for
 * no codes.
 */
export const restrictClassification = (
  classification: Classification,
  finestCodes: Iterable<string>,
  name: string = classification.name,
): Classification => {
  const finest = finestLevel(classification)
  const kept = new Map(levelNames(classification).map((level) => [level, new Set<string>()]))
  for (const finestCode of finestCodes) {
    const { labels } = entryOf('restrictClassification', classification, finest, finestCode)
    for (const [level, code] of Object.entries(labels)) kept.get(level)?.add(code)
  }
  return createClassification(
    name,
    classification.levels.map((level) => ({
      name: level.name,
      nodes: level.nodes.filter((node) => kept.get(level.name)?.has(node.code)),
    })),
  )
}
