import { basename } from 'node:path'
import { KicError } from '@kic/core'
import type { LabelledText } from '@kic/predictor'

/** Labelled rows, and what they are in words. */
export interface LabelledInput {
  readonly rows: readonly LabelledText[]
  readonly name: string
}

/**
 * The labelled rows of a file, or without one the answers of `@kic/data` that were written by hand.
 *
 * @throws KicError `cli/no-labels`, and as `readRowBlocks`
 */
export const labelledInput = async (
  path: string | undefined,
  columns: Readonly<Record<string, string>> | undefined,
): Promise<LabelledInput> => {
  if (path === undefined) {
    const { evaluationRows, joinFields, ksic10Occurring, labelsOf } = await import('@kic/data')
    const rows = evaluationRows.map((answer) => ({
      text: joinFields(answer),
      labels: labelsOf(ksic10Occurring, 'group', answer.group),
    }))
    return { rows, name: `${rows.length} answers of @kic/data written by hand` }
  }
  const { loadRows } = await import('@kic/data/node')
  const { rows } = await loadRows(path, columns === undefined ? {} : { columns })
  const labelled = rows.flatMap(({ text, labels }) => (labels === undefined ? [] : [{ text, labels }]))
  if (labelled.length > 0) return { rows: labelled, name: `${labelled.length} rows of ${basename(path)}` }
  throw new KicError('cli/no-labels', `kic: ${path} has no labelled rows; name their columns with --columns`)
}
