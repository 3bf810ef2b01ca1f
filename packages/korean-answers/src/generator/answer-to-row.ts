import { labelsOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { joinFields, type Row, type RowFields } from '@kic/data'

/** An answer with its group: a generated row or one of the evaluation set. */
export interface GroupedAnswer extends RowFields {
  /** KSIC rev. 10 group, three digits. */
  readonly group: string
}

/**
 * The row of an answer, with labels of all three levels.
 *
 * @param position from 0; the line and, unless `id` is given, the id ('id_0000001' for 0) follow from it.
 * @throws KicError `classification/unknown-code` for a group that does not occur.
 */
export const answerToRow = (
  { group, object, method, deal }: GroupedAnswer,
  position: number,
  id: string = rowId(position),
): Row => {
  const fields = { object, method, deal }
  return {
    id,
    // The first line of a file is its header.
    line: position + 2,
    text: joinFields(fields),
    fields,
    labels: labelsOf(ksic10Occurring, 'group', group),
  }
}

/** The id of the row at a position from 0, as the competition's training file numbers them: 'id_0000001'. */
export const rowId = (position: number): string => `id_${String(position + 1).padStart(7, '0')}`
