import { KicError, progressLine } from '@kic/core'
import { prepareText, type TextPreparation } from '@kic/data/prepare'
import { errStream } from '../err-stream.ts'
import type { CliErrorCode } from '../error-code.ts'
import type { InputRow } from '../input/read-input.ts'
import type { Io } from '../io.ts'

/**
 * Reads all rows once, before anything is computed, and checks that cp949 can encode their output.
 *
 * @param preparation the preparation of texts before output
 * @throws KicError `cli/output-encoding` with the first row that cp949 cannot encode
 */
export const checkEncodable = async (
  rows: Iterable<InputRow> | AsyncIterable<InputRow>,
  preparation: TextPreparation,
  io: Io,
): Promise<void> => {
  const { firstUnencodable } = await import('@kic/data/node')
  const progress = progressLine(errStream(io), 'check')
  let checked = 0
  try {
    for await (const row of rows) {
      const text = 'text' in row ? prepareText(row.text, preparation) : ''
      const names = Object.entries(row.others ?? {}).flat()
      const character = firstUnencodable([row.id ?? '', text, ...names].join('\n'), 'cp949')
      if (character !== undefined) {
        throw new KicError<CliErrorCode>(
          'cli/output-encoding',
          `kic predict: cp949 must be able to encode every row, received '${character}' in ${row.line === undefined ? 'a text' : `line ${row.line}`}` +
            `${row.id === undefined ? '' : ` (id ${row.id})`}. Leave out --output-encoding to write UTF-8, and add --bom for Excel.`,
        )
      }
      checked += 1
      progress.update(checked)
      io.signal.throwIfAborted()
    }
  } finally {
    progress.end()
  }
}
