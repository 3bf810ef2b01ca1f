import { characterClass, parseRanges } from '../code-point-ranges.ts'
import { NORMALIZED } from './tables.ts'

/** The four forms of UAX #15. */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

const known = new RegExp(`${characterClass(parseRanges(NORMALIZED))}+`, 'gu')

/**
 * A text in a normal form of Unicode 9, which the Rust crate `tokenizers` knows. Whatever a newer runtime would compose,
 * decompose or reorder beyond that is left as it is: such characters neither change nor let their neighbours meet. For
 * the rest the runtime's own tables are right, as assigned characters never change their normal forms.
 */
export const normalForm = (text: string, form: NormalForm): string =>
  text.replace(known, (part) => part.normalize(form))
