import { characterClass, parseRanges } from '../code-point-ranges.ts'
import { NORMALIZED } from './tables.ts'

/** The four forms of UAX #15. */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

const known = new RegExp(`${characterClass(parseRanges(NORMALIZED))}+`, 'gu')

/**
 * A text in a normal form of Unicode 9, which the Rust crate `tokenizers` knows. Characters that only a newer runtime
 * would compose, decompose or reorder stay unchanged and keep their neighbours apart. For all others the runtime's own
 * tables are correct, because assigned characters never change their normal forms.
 */
export const normalForm = (text: string, form: NormalForm): string =>
  // Every part of a text in normal form is in normal form.
  text.normalize(form) === text ? text : text.replace(known, (part) => part.normalize(form))
