import { asObject, asString, type JsonObject, own } from '../json-shape.ts'
import { matchesOf } from '../pattern/pattern-segmenter.ts'
import { unsupported } from './refuse.ts'
import { occurrencesOf, type Segmenter } from './split-text.ts'

/**
 * The `pattern` of `Split` and `Replace`: `{ String }` is searched for literally, `{ Regex }` as a regular expression.
 *
 * @throws KicError `tokenizer/bad-json`, `tokenizer/unsupported-component`
 */
export const readSegmenter = (section: JsonObject, where: string): Segmenter => {
  const pattern = asObject(own(section, 'pattern'), `${where}.pattern`)
  const literal = own(pattern, 'String')
  if (literal === undefined)
    return matchesOf(asString(own(pattern, 'Regex'), `${where}.pattern.Regex`), where)
  const text = asString(literal, `${where}.pattern.String`)
  if (text === '') throw unsupported(`${where}.pattern`, 'a text', text, 'Leave the part out.')
  return occurrencesOf(text)
}
