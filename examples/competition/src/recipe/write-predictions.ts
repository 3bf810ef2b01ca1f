import { codesOf } from '@kic/classification'
import { writePredictions } from '@kic/ensemble/node'
import { type Part, predictionsFile, rowsOf, type Workspace } from './workspace.ts'

/** Writes a voter's probabilities [N, C] of a set of rows. */
export const writeMemberPredictions = async (
  workspace: Workspace,
  folder: string,
  part: Part,
  level: string,
  probabilities: Float32Array,
): Promise<void> => {
  const labels = codesOf(workspace.task.classification, level)
  const rows = rowsOf(workspace, part).length
  await writePredictions(
    predictionsFile(folder, part),
    {
      level,
      labels,
      // Rows of different files may have the same id, so row numbers are used.
      ids: Array.from({ length: rows }, (_, i) => String(i)),
    },
    [{ rows, classes: labels.length, data: probabilities }],
    { dtype: 'float32' },
  )
}
