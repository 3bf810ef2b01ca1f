import { type Classification, codesOf, labelsOf, levelNames, nodeOf } from '@kic/classification'
import { defined } from '@kic/core'
import type { Row } from '@kic/data'
import { prepareText } from '@kic/data/prepare'

/**
 * The names of classes as rows with their labels, at the finest level and the one above it. The name of a coarser class has no
 * label of the finest level, so it trains only models of its own. Names that only repeat the code are left out.
 */
export const classNameRows = (classification: Classification): readonly Row[] =>
  levelNames(classification)
    .slice(-2)
    .flatMap((level) =>
      codesOf(classification, level).flatMap((code, i): Row[] => {
        const text = prepareText(defined(nodeOf(classification, level, code)).name)
        if (text === '' || text === code) return []
        return [
          {
            id: `name of ${level} ${code}`,
            line: i + 1,
            text,
            labels: labelsOf(classification, level, code),
          },
        ]
      }),
    )

/** The rows that have a label of a level. */
export const labelledAt = (rows: readonly Row[], level: string): readonly Row[] =>
  rows.filter(({ labels }) => labels?.[level] !== undefined)
